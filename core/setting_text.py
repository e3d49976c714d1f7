"""Settings as people write them: each reader turns a text into a value, or says what is right.

Every reader raises ValueError with a sentence for whoever wrote the text. Lengths are minutes,
times of day minutes after midnight.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from core.links import Provider

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from core.timing.hours import Minutes

UNITS = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
ON = frozenset({"on", "yes", "true", "1"})
OFF = frozenset({"off", "no", "false", "0"})


def parse_clock(text: str) -> int:
    """Return minutes after midnight of "8", "08:00", "8am" or "18.30"; 24:00 is 1440."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().lower())
    if not match:
        message = f"{text!r} is not a time such as 08:00"
        raise ValueError(message)
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    fits = 1 <= hour <= 12 if half else hour * 60 + minute <= 1440
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if not fits or minute > 59:
        message = f"{text!r} is not a time of day"
        raise ValueError(message)
    return hour * 60 + minute


def clock_of(minutes: int) -> str:
    """Return "08:00" of minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_hours(text: str) -> Minutes:
    """Return (from, to) in minutes of "08:00-18:00"."""
    parts = re.split(r"\s*(?:-|–|to)\s*", text.strip())
    if len(parts) != 2:
        message = f"{text!r} is not a range such as 08:00-18:00"
        raise ValueError(message)
    start, end = parse_clock(parts[0]), parse_clock(parts[1])
    if start >= end:
        message = f"in {text!r} the end is not after the start"
        raise ValueError(message)
    return start, end


def parse_switch(text: str) -> bool:
    """Return the truth of on/off."""
    word = text.strip().lower()
    if word not in ON | OFF:
        message = f"{text!r} is neither on nor off"
        raise ValueError(message)
    return word in ON


def minutes_between(low: int, high: int, unit: str) -> Callable[[str], int]:
    """Return a reader of "45", "45 min", "4 h", "60 d" into minutes, bare numbers in `unit`."""

    def parse(text: str) -> int:
        match = re.fullmatch(
            r"(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)?", text.strip().lower()
        )
        if not match:
            message = f"{text!r} is not a length such as 30 min, 4 h or 60 d"
            raise ValueError(message)
        word = match[2] or unit
        value = int(match[1]) * UNITS["min" if word.startswith("m") else word[0]]
        if not low <= value <= high:
            message = f"{text!r} is not between {spoken(low)} and {spoken(high)}"
            raise ValueError(message)
        return value

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of a whole number between two bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text.strip()) or not low <= int(text) <= high:
            message = f"{text!r} is not a whole number from {low} to {high}"
            raise ValueError(message)
        return int(text)

    return parse


LEAD = minutes_between(5, 20160, "h")
MOST_LEADS = 5


def parse_leads(text: str) -> tuple[int, ...]:
    """Return how many minutes before a session people are reminded, longest first; "none" for
    never.
    """
    words = [w for w in re.split(r"\s*(?:,|\+|\band\b)\s*", text.strip().lower()) if w]
    leads = {LEAD(word) for word in words if word not in ("none", "off", "no")}
    if len(leads) > MOST_LEADS:
        message = f"{text!r} is not a list of at most {MOST_LEADS} reminders"
        raise ValueError(message)
    return tuple(sorted(leads, reverse=True))


def one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """Return a reader of one word of an enumeration."""

    def parse(text: str) -> StrEnum:
        try:
            return kind(text.strip().lower())
        except ValueError:
            message = f"{text!r} is not one of {', '.join(kind)}"
            raise ValueError(message) from None

    return parse


SERVICE_WORDS = {"apple": "caldav", "icloud": "caldav", "outlook": "microsoft", "m365": "microsoft"}


def parse_services(text: str) -> tuple[Provider, ...]:
    """Return the services named, "none" for no service; Apple is CalDAV."""
    words = [w for w in re.split(r"[,\s+]+", text.strip().lower()) if w not in ("", "none", "and")]
    try:
        return tuple(dict.fromkeys(Provider(SERVICE_WORDS.get(w, w)) for w in words))
    except ValueError:
        message = f"{text!r} is not a list of google, microsoft, apple"
        raise ValueError(message) from None


def parse_dates(text: str) -> tuple[date, ...]:
    """Return sorted ISO dates separated by commas or spaces; "none" empties the list."""
    words = [w for w in re.split(r"[,\s]+", text.strip()) if w and w.lower() != "none"]
    try:
        return tuple(sorted({date.fromisoformat(word) for word in words}))
    except ValueError:
        message = f"{text!r} is not a list of dates such as 2026-12-24, 2026-12-25"
        raise ValueError(message) from None


def parse_link(text: str) -> str:
    """Return an https address, or nothing for "none"."""
    word = text.strip().strip("<>")
    if word.lower() in ("", "none"):
        return ""
    if not re.fullmatch(r"https://[^\s<>\"']{4,500}", word):
        message = f"{text!r} is not a link that starts with https://"
        raise ValueError(message)
    return word


def parse_text(text: str) -> str:
    """Return one line of at most 300 characters, "none" for nothing."""
    line = " ".join(text.split())[:300]
    return "" if line.lower() == "none" else line


def spoken(minutes: int) -> str:
    """Return minutes as people say them: "15 min", "4 h", "60 days"."""
    if minutes >= 2880 and minutes % 1440 == 0:
        return f"{minutes // 1440} days"
    if minutes >= 60 and minutes % 60 == 0:
        return f"{minutes // 60} h"
    return f"{minutes} min"
