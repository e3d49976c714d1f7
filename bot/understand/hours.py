"""Stated hours to minutes of the day, by the conventions for bare hours and parts of the day."""

from __future__ import annotations

from dataclasses import replace

from bot.understand.constraint import (
    At,
    Clock,
    ClockRange,
    Edge,
    Half,
    Part,
    PartOfDay,
    PartRange,
    Within,
)
from bot.understand.context import Hours

HOUR = 60
DAY = 24 * HOUR
_NOON = 12
_FIRST_MORNING_HOUR = 7  # "at 7" is the morning, "at 6" the evening
_FIRST_THING = 90
_LAST_HOURS = 120
_ABOUT = 30

Minutes = tuple[int, int]  # of the local day; an end beyond 24 h lies on the next day

_PARTS: dict[Part, Minutes] = {
    Part.BREAKFAST: (7 * HOUR, 9 * HOUR),
    Part.MORNING: (8 * HOUR, 12 * HOUR),
    Part.LUNCH: (12 * HOUR, 14 * HOUR),
    Part.AFTERNOON: (12 * HOUR, 18 * HOUR),
    Part.EVENING: (17 * HOUR, 21 * HOUR),
    Part.NIGHT: (19 * HOUR, 24 * HOUR),
    Part.TONIGHT: (18 * HOUR, 24 * HOUR),
}
_EARLY: dict[Part, Minutes] = {
    Part.MORNING: (6 * HOUR, 9 * HOUR),
    Part.AFTERNOON: (12 * HOUR, 15 * HOUR),
    Part.EVENING: (17 * HOUR, 19 * HOUR),
}
_LATE: dict[Part, Minutes] = {
    Part.MORNING: (10 * HOUR, 12 * HOUR),
    Part.AFTERNOON: (15 * HOUR, 18 * HOUR),
    Part.EVENING: (20 * HOUR, 23 * HOUR),
    Part.NIGHT: (21 * HOUR, 24 * HOUR),
    Part.TONIGHT: (21 * HOUR, 24 * HOUR),
}


def part_of(clock: PartOfDay, hours: Hours) -> Minutes:
    """Give the minutes of a named part of the day."""
    match clock.part:
        case Part.FIRST_THING:
            return hours.first, hours.first + _FIRST_THING
        case Part.END_OF_DAY:
            return max(hours.first, hours.last - _LAST_HOURS), hours.last
        case Part.WORKING_HOURS:
            return hours.first, hours.last
        case Part.AFTER_HOURS:
            return hours.last, max(hours.last + HOUR, 22 * HOUR)
        case part:
            return _edged(part, clock.edge)


def _edged(part: Part, edge: Edge | None) -> Minutes:
    whole = _PARTS[part]
    if edge in {Edge.EARLY, Edge.START}:
        return _EARLY.get(part, whole)
    if edge in {Edge.LATE, Edge.END, Edge.REST}:
        return _LATE.get(part, whole)
    if edge is Edge.MIDDLE:
        third = (whole[1] - whole[0]) // 3
        return whole[0] + third, whole[1] - third
    return whole


def minute_of(at: At, hours: Hours) -> int:
    """Give the minute of the day; a bare hour is read inside the working hours."""
    hour = at.hour % _NOON if at.half in {Half.AM, Half.PM} else at.hour
    match at.half:
        case Half.AM | Half.FULL:
            return hour * HOUR + at.minute
        case Half.PM:
            return (hour + _NOON) * HOUR + at.minute
        case Half.OTHER:
            return (_usual(at, hours) + _NOON * HOUR) % DAY
        case _:
            return _usual(at, hours)


def _usual(at: At, hours: Hours) -> int:
    morning = at.hour % _NOON * HOUR + at.minute
    evening = morning + _NOON * HOUR
    inside = [m for m in (morning, evening) if hours.first <= m < hours.last]
    if len(inside) == 1:
        return inside[0]
    return morning if _FIRST_MORNING_HOUR <= at.hour < _NOON else evening


def _ends(first: At, last: At, hours: Hours) -> Minutes:
    """Read both ends on the same side of noon where only one or none of them says it."""
    if first.half is None and last.half is not None:
        end = minute_of(last, hours)
        same = [m for m in _both(first) if m < end]
        return (max(same) if same else minute_of(first, hours)), end
    start = minute_of(first, hours)
    if last.half is None:
        after = [m for m in _both(last) if m > start]
        return start, (min(after) if after else minute_of(last, hours))
    return start, minute_of(last, hours)


def _both(at: At) -> tuple[int, int]:
    morning = at.hour % _NOON * HOUR + at.minute
    return morning, morning + _NOON * HOUR


def range_of(clock: ClockRange, hours: Hours) -> Minutes:
    """Give the minutes of a range; one that ends before it starts goes over midnight."""
    if clock.first is None or clock.last is None:
        start = minute_of(clock.first, hours) if clock.first else 0
        end = minute_of(clock.last, hours) if clock.last else DAY
        return start, (end or DAY)
    start, end = _ends(clock.first, clock.last, hours)
    return start, (end if end > start else end + DAY)


def _part_range(clock: PartRange, hours: Hours) -> Minutes:
    start, end = 0, DAY
    if clock.first is not None:
        first = part_of(PartOfDay(clock.first), hours)
        start = first[1] - (HOUR if clock.first is Part.LUNCH else 0)
    if clock.last is not None:
        last = part_of(PartOfDay(clock.last), hours)
        end = last[1] if clock.last is Part.END_OF_DAY else last[0]
    return start, end


def _within(clock: Within, hours: Hours) -> Minutes:
    morning = clock.part in {Part.MORNING, Part.BREAKFAST}
    half = Half.AM if morning else Half.PM

    def placed(at: At | None) -> At | None:
        return replace(at, half=half) if at is not None and at.half is None else at

    if isinstance(clock.clock, At):
        return minutes_of(placed(clock.clock) or clock.clock, hours)
    start, end = range_of(ClockRange(placed(clock.clock.first), placed(clock.clock.last)), hours)
    first, last = part_of(PartOfDay(clock.part), hours)
    if clock.clock.last is None and start < last:  # "the afternoon, not before 3"
        return start, last
    if clock.clock.first is None and first < end:  # "the afternoon, by 4"
        return first, end
    return start, end


def minutes_of(clock: Clock, hours: Hours) -> Minutes:
    """Give the minutes of the day that are meant; an exact time has its start as its end."""
    match clock:
        case At():
            minute = minute_of(clock, hours)
            return minute, minute
        case ClockRange():
            return range_of(clock, hours)
        case PartOfDay():
            return part_of(clock, hours)
        case PartRange():
            return _part_range(clock, hours)
        case Within():
            return _within(clock, hours)
