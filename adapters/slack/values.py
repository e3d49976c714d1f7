"""Single values out of Slack's payloads, whatever is in their place: nothing here raises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from adapters.slack.inputs import flat

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ACTION = 255  # characters: Slack's limit of an action_id
_ID = re.compile(r"[A-Z][A-Z0-9_]{1,31}")
_STAMP = re.compile(r"\d{1,16}\.\d{1,9}")


def entry(value: object, key: str) -> object:
    """Return an entry of an object, None for what is no object or has none."""
    return value.get(key) if isinstance(value, dict) else None


def first(value: object) -> object:
    """Return the first of a list, None for what is no list or an empty one."""
    return value[0] if isinstance(value, list) and value else None


def id_of(value: object) -> str:
    """Return an id of Slack, empty for what has another shape."""
    text = value if isinstance(value, str) else ""
    return text if _ID.fullmatch(text) else ""


def stamp_of(value: object) -> str:
    """Return a message's own id, its timestamp as Slack writes it."""
    text = value if isinstance(value, str) else ""
    return text if _STAMP.fullmatch(text) else ""


def instant_of(body: Mapping[str, object]) -> int:
    """Return when an event happened, in epoch seconds; 0 where that is not said."""
    at = body.get("event_time")
    return at if isinstance(at, int) and not isinstance(at, bool) else 0


def key_of(value: object) -> str:
    """Return an id whose shape Slack does not tell."""
    return "".join(c for c in flat(value)[:200] if c.isprintable())


def action_of(value: object) -> str:
    """Return the id of an action, empty for what is none of ours."""
    text = flat(value)
    return text if text.isprintable() and len(text) <= MOST_ACTION else ""
