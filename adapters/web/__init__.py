"""The web server: connecting calendars, pushes from vendors and health."""
