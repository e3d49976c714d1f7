"""Calendars behind CalDAV servers."""
