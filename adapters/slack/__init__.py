"""Slack: its events, buttons and forms to the bot, and the bot's messages to it.

The vendor's SDK is imported here and nowhere else, and only once Slack is used.
"""
