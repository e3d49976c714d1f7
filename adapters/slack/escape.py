"""Texts of people where Slack would read markup.

Names and titles go into `plain_text` wherever Slack takes it; the few places that read its markup
("mrkdwn") are escaped (docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

_JOINER = "\u2060"  # word joiner: nothing is seen and no line is broken there
# Emphasis and code need their mark at the edge of a word; a code of an emoji is ":word:".
_MARKS = re.compile(r"([*_~`])|:(?=[A-Za-z0-9_+'-]+:)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile(r"[&<>]")


def escaped(text: str) -> str:
    """Return a text that mrkdwn shows as it stands: no mention, link, emphasis, quote or emoji."""
    plain = _SPECIAL.sub(lambda found: _ENTITIES[found[0]], text)
    return _MARKS.sub(lambda found: f"{_JOINER}{found[0]}{_JOINER}", plain)


def harmless(text: str) -> str:
    """Return a text for the `text` of a message: nobody is mentioned and nothing is linked by it.

    It is what notifications show, where marks of emphasis do no harm.
    """
    return _SPECIAL.sub(lambda found: _ENTITIES[found[0]], text)


def cut(text: str, most: int) -> str:
    """Return at most `most` characters of a text, with a sign where some were left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_escaped(text: str, most: int, how: Callable[[str], str] = escaped) -> str:
    """Return a text escaped, cut so that no entity is broken and at most `most` characters stay."""
    kept = cut(text, most)
    while len(found := how(kept)) > most:
        # No sign grows by more than four characters.
        kept = cut(kept, len(kept) - max(1, (len(found) - most) // 5))
    return found


def plain(text: str, most: int) -> Json:
    """Return a `plain_text` object; Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(text, most) if text.strip() else "…", "emoji": False}


def marked(text: str) -> Json:
    """Return a `mrkdwn` object of a text that is escaped already; Slack adds no links to it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
