"""From a meeting request to the few best mutual times, or the reason why there are none."""
