"""From a proposal to a meeting, and what follows from it for everybody."""
