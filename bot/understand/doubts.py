"""The guesses in a constraint: what was taken, and the other thing it could mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.understand.constraint import (
    Ambiguity,
    At,
    Both,
    Dates,
    Day,
    DayRange,
    Slashed,
    Span,
    TimeConstraint,
    Weekday,
    Which,
)
from bot.understand.context import Context
from bot.understand.days import Frame, dates_of, read_slashed
from bot.understand.hours import minute_of
from bot.understand.resolve import frame_of, zone_of

_HOUR = 60
_NOON = 12 * _HOUR
_DAY = 24 * _HOUR
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def say_day(day: date) -> str:
    """Give a date in words that read back to it."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_minute(minute: int) -> str:
    """Give a minute of the day as 24-hour time."""
    return f"{minute // _HOUR % 24:02d}:{minute % _HOUR:02d}"


def _first(dates: Dates, frame: Frame) -> date | None:
    runs = dates_of(dates, frame)
    return runs[0][0] if runs else None


def _pair(code: str, ours: Dates, other: Dates, frame: Frame) -> Iterator[Ambiguity]:
    first, second = _first(ours, frame), _first(other, frame)
    if first is not None and second is not None and first != second:
        yield Ambiguity(code, say_day(first), say_day(second))


def _of_dates(dates: Dates | None, frame: Frame) -> Iterator[Ambiguity]:
    match dates:
        case Weekday(days=(weekday,), which=Which.NEXT):
            nearest = Weekday((weekday,), Which.NEAREST)
            yield from _pair("next_weekday", dates, nearest, frame)
        case Weekday(days=(weekday,), which=Which.BARE | Which.THIS) if (
            weekday == frame.today.weekday()
        ):
            yield from _pair("weekday_today", dates, Weekday((weekday,), Which.NEAREST), frame)
        case Slashed():
            ours, other = read_slashed(dates, frame)
            if other is not None:
                yield from _pair("day_month", ours, other, frame)
        case Day(weekday=int() as weekday) if dates.month is not None:
            found = _first(dates, frame)
            if found is not None and found.weekday() != weekday:
                yield from _pair("weekday_mismatch", dates, Weekday((weekday,)), frame)
        case DayRange(first=first, last=last):
            if first is not None and not dates.first_in and last is None:
                yield from _pair("after_day", dates, DayRange(first, None), frame)
            yield from _of_dates(first, frame)
            yield from _of_dates(last, frame)
        case Both(inner, outer):
            yield from _of_dates(outer, frame)
            yield from () if isinstance(inner, Weekday) else _of_dates(inner, frame)
        case _:
            return


def _of_clock(span: Span, context: Context) -> Iterator[Ambiguity]:
    if isinstance(span.clock, At) and span.clock.half is None:
        minute = minute_of(span.clock, context.hours)
        yield Ambiguity("half_of_day", say_minute(minute), say_minute((minute + _NOON) % _DAY))


def doubts_of(constraint: TimeConstraint, context: Context) -> tuple[Ambiguity, ...]:
    """Give every guess once, in the order of the text."""
    frame = frame_of(context, zone_of(constraint.zone or context.zone))
    out: list[Ambiguity] = []
    for span in constraint.options:
        out += _of_dates(span.dates, frame)
        out += _of_clock(span, context)
    if constraint.each and len(constraint.options) > 1:
        out.append(Ambiguity("each_or_any", "both", "either"))
    return tuple(dict.fromkeys(out))
