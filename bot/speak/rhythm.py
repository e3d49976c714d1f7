"""How a series repeats, in words: "every other Tuesday at 14:00 London", and when it shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.speak import times, words
from core.setting_text import clock_of
from core.timing.recurrence import Frequency
from core.timing.zones import wall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.series import Pattern

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORKING = (0, 1, 2, 3, 4)
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
ENDINGS = ("th", "st", "nd", "rd")


def rhythm(pattern: Pattern) -> str:
    """Return "every other Tuesday at 14:00 London"."""
    return f"{days(pattern)} at {clock_of(pattern.minute)} {times.city(pattern.zone)}"


def days(pattern: Pattern) -> str:
    """Return on which days a series is: "every other Tuesday", "the last Friday of every month"."""
    rule = pattern.rule
    if rule.weekdays == WORKING and rule.interval == 1 and rule.position is None:
        return "every weekday"
    if rule.frequency is Frequency.DAILY:
        return _each("day", rule.interval)
    if rule.frequency is Frequency.WEEKLY:
        weekdays = rule.weekdays or (pattern.first.weekday(),)
        named = words.listed([WEEKDAYS[day] for day in weekdays])
        if rule.interval <= 2:
            return _each(named, rule.interval)
        return f"{_each('week', rule.interval)} on {named}"
    if rule.frequency is Frequency.MONTHLY:
        return f"{_in_month(pattern)} of {_each('month', rule.interval)}"
    return f"{_each('year', rule.interval)} on {times.day_name(pattern.first).partition(' ')[2]}"


def _each(unit: str, interval: int) -> str:
    if interval == 1:
        return f"every {unit}"
    return f"every other {unit}" if interval == 2 else f"every {words.count(interval)} {unit}s"


def _in_month(pattern: Pattern) -> str:
    rule = pattern.rule
    if rule.position is not None and rule.weekdays:
        kind = "working day" if rule.weekdays == WORKING else ""
        named = kind or words.listed([WEEKDAYS[day] for day in rule.weekdays], "or")
        return f"the {NTH.get(rule.position, str(rule.position))} {named}"
    day = rule.month_day or pattern.first.day
    if day == -1:
        return "the last day"
    ending = ENDINGS[day % 10] if day % 10 < 4 and day not in (11, 12, 13) else "th"
    return f"the {day}{ending}"


def from_to(starts: Sequence[int], zone: str, now: int | None = None) -> str:
    """Return "27 Oct to 19 Jan 2027": the first and the last day on a reader's clock."""
    first, last = times.day(starts[0], zone, now), times.day(starts[-1], zone, now)
    return first if first == last else f"{first} to {last}"


def dates(starts: Sequence[int], zone: str, now: int | None = None) -> str:
    """Return the days of sessions on a reader's clock: "Tue 27 Oct, Tue 10 Nov and Tue 24 Nov"."""
    return words.listed([times.day(start, zone, now) for start in starts])


def shifts(starts: Sequence[int], zone: str) -> list[tuple[str, int]]:
    """Return at which times of day the sessions are on somebody's clock, in order, each with the
    start of the first session that is at it; one entry when it is always the same.
    """
    found: list[tuple[str, int]] = []
    for start in starts:
        clock = f"{wall(start, zone):%H:%M}"
        if not found or found[-1][0] != clock:
            found.append((clock, start))
    return found


def shift_words(starts: Sequence[int], zone: str, now: int | None = None) -> str:
    """Return "10:00 on Tue 27 Oct, 09:00 from Tue 10 Nov"; "" when the clock shows the same for
    all.
    """
    found = shifts(starts, zone)
    if len(found) < 2:
        return ""
    parts: list[str] = []
    for number, (clock, start) in enumerate(found):
        day = times.day(start, zone, now)
        following = found[number + 1][1] if number + 1 < len(found) else None
        alone = following is not None and sum(start <= s < following for s in starts) == 1
        parts.append(f"{clock} {'on' if alone else 'from'} {day}")
    return ", ".join(parts)
