"""Arithmetic of time: spans, zones, working hours and recurrence on integer epoch seconds."""
