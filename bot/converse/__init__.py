"""One handler for each kind of turn in a conversation."""
