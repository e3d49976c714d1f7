"""Administration by chat: reading commands, carrying them out, showing what came of them."""

from bot.converse.admin.dispatch import admin_action, admin_answer, admin_command, admin_file
from bot.converse.admin.grammar import looks_like_command

__all__ = ["admin_action", "admin_answer", "admin_command", "admin_file", "looks_like_command"]
