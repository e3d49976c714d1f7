"""Setting values in their canonical text: what is stored, shown and compared."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from core.links import Provider
from core.policy import SETTINGS
from core.setting_text import clock_of, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = {Provider.CALDAV: "apple"}
"""Services whose name in settings is the one people know."""
COUNTS = frozenset({"calendars.max", "series.max", "sessions"})
"""Numbers that are no lengths of time."""


def canonical(key: str, text: str) -> str:
    """Return the canonical text of a setting's value.

    Raises ValueError, as the setting's own reader does, with a sentence that says what is right.
    """
    return written(key, SETTINGS[key].parse(text))


def written(key: str, value: Any) -> str:
    """Return the text of a value as its reader gives it."""
    match value:
        case bool():
            return "on" if value else "off"
        case int():
            return str(value) if key in COUNTS else spoken(value)
        case StrEnum():
            return value.value
        case str():
            return value or "none"
        case tuple() if key == "reminders":
            return ", ".join(spoken(lead) for lead in value) or "none"
        case (int(start), int(end)):
            return f"{clock_of(start)}-{clock_of(end)}"
        case _:
            return _listed(value)


def _listed(values: Sequence[date | Provider]) -> str:
    words = [SHOWN.get(v, v.value) if isinstance(v, Provider) else str(v) for v in values]
    return ", ".join(words) or "none"
