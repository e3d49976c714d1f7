"""The outside world, one folder for each vendor."""
