"""Measurements: `python -m tests.bench` prints them all."""
