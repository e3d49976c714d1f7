"""Understanding: a chat sentence becomes a symbolic reading, resolved to windows late."""
