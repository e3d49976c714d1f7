"""The conversation: understand what was said, converse about it, speak the answer."""
