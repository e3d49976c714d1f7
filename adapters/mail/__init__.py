"""Sending mail from the assistant's address."""
