"""The pattern of a series in few characters, for the id of a button that looks for it anew."""

from __future__ import annotations

from datetime import date

from core.booking.series import Pattern
from core.timing.recurrence import Frequency, Rule
from core.timing.zones import zone_of

NONE = "-"
MOST = 99  # sessions, and weeks or months from one to the next
YEARS = (2000, 2200)
POSITIONS = (None, -1, 1, 2, 3, 4, 5)
FREQUENCIES = {one.value[0]: one for one in Frequency}


def encode(pattern: Pattern) -> str:
    """Return a pattern as text without colons."""
    rule = pattern.rule
    return ";".join(
        (
            rule.frequency.value[0],
            str(rule.interval),
            "".join(str(day) for day in rule.weekdays),
            _number(rule.month_day),
            _number(rule.position),
            str(int(rule.sunday_first)),
            pattern.zone,
            pattern.first.isoformat(),
            str(pattern.minute),
            str(pattern.count),
        )
    )


def decode(text: str, minutes: int) -> Pattern:
    """Return the pattern of sessions of so many minutes. Raises ValueError for one that is not
    ours: some chats let a button be made by hand.
    """
    parts = text.split(";")
    if len(parts) != 10 or parts[0] not in FREQUENCIES:
        message = "no pattern"
        raise ValueError(message)
    zone_of(parts[6])
    rule = Rule(
        FREQUENCIES[parts[0]],
        int(parts[1]),
        tuple(int(day) for day in parts[2]),
        _read(parts[3]),
        _read(parts[4]),
        parts[5] == "1",
    )
    pattern = Pattern(
        rule, parts[6], date.fromisoformat(parts[7]), int(parts[8]), minutes, int(parts[9])
    )
    known = all(0 <= day <= 6 for day in rule.weekdays)
    known = known and rule.month_day in (None, *range(1, 32)) and rule.position in POSITIONS
    sane = 1 <= rule.interval <= MOST and 1 <= pattern.count <= MOST
    near = YEARS[0] <= pattern.first.year <= YEARS[1]
    if not (known and sane and near and 0 <= pattern.minute < 1440):
        message = "no pattern"
        raise ValueError(message)
    return pattern


def _number(value: int | None) -> str:
    return NONE if value is None else str(value)


def _read(text: str) -> int | None:
    return None if text == NONE else int(text)
