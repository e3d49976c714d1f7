"""A week of hours as people write it into a form: "Mon-Fri 9:00-17:00, Sat 9:00-12:00"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.speak import times
from core.setting_text import clock_of
from core.timing.hours import MIDNIGHT, as_weekly

if TYPE_CHECKING:
    from core.timing.hours import Minutes, Weekly

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"[a-z]{2,9}\.?"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?"
_SPAN = rf"{_CLOCK}\s*(?:-|–|to|until)\s*{_CLOCK}"
_GROUP = re.compile(
    rf"\s*(?P<first>{_DAY})(?:\s*(?:-|–|to)\s*(?P<last>{_DAY}))?\s*:?\s*"
    rf"(?P<spans>{_SPAN}(?:\s*(?:and|&|\+)\s*{_SPAN})*)\s*(?:[,;\n]|and|$)",
    re.IGNORECASE,
)


class BadWeekError(ValueError):
    """A text that is no week of hours; the message names the part that is not."""


def week(hours: Weekly) -> str:
    """Return a week in words: "Mon-Fri 10:00-18:00", different days apart."""
    groups: list[tuple[list[int], Any]] = []
    for number, entry in enumerate(hours):
        if entry and groups and groups[-1][1] == entry and groups[-1][0][-1] == number - 1:
            groups[-1][0].append(number)
        elif entry:
            groups.append(([number], entry))
    parts = []
    for days, entry in groups:
        name = times.DAYS[days[0]]
        if len(days) > 1:
            name += f"-{times.DAYS[days[-1]]}"
        spans = " and ".join(f"{clock_of(a)}-{clock_of(b)}" for a, b in entry)
        parts.append(f"{name} {spans}")
    return ", ".join(parts)


def read_week(text: str) -> Weekly:
    """Read a week as `week` writes it. Raises BadWeekError."""
    rows: list[list[Minutes]] = [[] for _ in DAYS]
    at = 0
    while at < len(text.rstrip()):
        found = _GROUP.match(text, at)
        if found is None:
            raise BadWeekError(text[at : at + 40])
        for day in _days(found["first"], found["last"] or found["first"]):
            rows[day] += [_span(span) for span in re.findall(_SPAN, found["spans"])]
        at = found.end()
    if not any(rows):
        raise BadWeekError(text)
    return as_weekly(rows)


def _days(first: str, last: str) -> list[int]:
    """Return the days from one to another, over the weekend if need be."""
    start, end = _day(first), _day(last)
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _day(word: str) -> int:
    start = word.casefold()[:3]
    if start not in DAYS:
        raise BadWeekError(word)
    return DAYS.index(start)


def _span(text: str) -> Minutes:
    """Return minutes after midnight. Raises BadWeekError for an end before its start."""
    start, end = (_minutes(clock) for clock in re.findall(_CLOCK, text))
    if not 0 <= start < end <= MIDNIGHT:
        raise BadWeekError(text)
    return start, end


def _minutes(clock: str) -> int:
    hour, _, minute = clock.replace(".", ":").partition(":")
    if int(minute or 0) > 59:
        raise BadWeekError(clock)
    return int(hour) * 60 + int(minute or 0)
