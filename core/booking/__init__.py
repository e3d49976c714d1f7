"""Proposals and meetings: their state machines, and what must be done after each change."""
