"""Stated days to calendar dates: one function per shape, all relative to an anchor day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.understand.constraint import (
    Both,
    Coming,
    Dates,
    Day,
    DayRange,
    EdgeOf,
    FromNow,
    Holiday,
    Month,
    Nth,
    Period,
    Shift,
    Slashed,
    Unit,
    Weekday,
    WeekOf,
    Which,
    Year,
)
from bot.understand.edges import Days, add_months, days_in, edge_of
from bot.understand.feasts import FEAST_NAMES, feast

_WEEK = 7
_MONTHS = 12
_QUARTER = 3
_LEAP_SEARCH = 9  # years, so that 29 February is found
_MONTH_SEARCH = 14
_MAX_YEAR = 2200
_SATURDAY = 5
_END_OF_MONTH = 7  # days
_THIRD = 10
_HALF_MONTH = 15
_HORIZON = 366
_HALF_YEAR = 183


@dataclass(frozen=True, slots=True)
class Frame:
    """The day everything is counted from, and what the speaker's locale and week settle.

    `passed`: the wanted time of today is over, so a bare weekday or hour means the next one.
    """

    today: date
    month_first: bool = False
    week_start: int = 0
    passed: bool = False


def week_of(day: date, week_start: int) -> date:
    """Give the first day of the week of a day."""
    return day - timedelta(days=(day.weekday() - week_start) % _WEEK)


def _one(day: date) -> list[Days]:
    return [(day, day + timedelta(days=1))]


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= days_in(year, month) else None


def _day(value: Day, frame: Frame) -> list[Days]:
    found = _next_match(value, frame, strict=True) or _next_match(value, frame, strict=False)
    return _one(found) if found else []


def _candidates(value: Day, today: date) -> list[date | None]:
    if value.year is not None:
        months = [value.month] if value.month else range(1, _MONTHS + 1)
        return [_valid(value.year, month, value.day) for month in months]
    if value.month is not None:
        years = range(today.year, today.year + _LEAP_SEARCH)
        return [_valid(year, value.month, value.day) for year in years]
    starts = [add_months(today.replace(day=1), n) for n in range(_MONTH_SEARCH)]
    return [_valid(start.year, start.month, value.day) for start in starts]


def _next_match(value: Day, frame: Frame, *, strict: bool) -> date | None:
    """Give the first date ahead that is as stated; a wrong weekday yields to the date."""
    stated = value.year is not None
    # A full date wins over its weekday; with the day alone the weekday picks the month.
    loose = not strict or value.month is not None
    for day in _candidates(value, frame.today):
        if day is None or not (stated or day >= frame.today):
            continue
        if loose or value.weekday in {None, day.weekday()}:
            return day
    return None


def _slashed(value: Slashed, frame: Frame) -> list[Days]:
    return _day(read_slashed(value, frame)[0], frame)


def read_slashed(value: Slashed, frame: Frame) -> tuple[Day, Day | None]:
    """Give the reading of two numbers and the other one, if there is another."""
    first = Day(value.second, value.first, value.year, value.weekday)
    second = Day(value.first, value.second, value.year, value.weekday)
    if value.first == value.second:
        return first, None
    ours, other = (first, second) if frame.month_first else (second, first)
    if value.weekday is not None and not _agrees(ours, frame) and _agrees(other, frame):
        return other, ours
    if value.year is not None and _over(ours, frame) and not _over(other, frame):
        return other, ours
    return ours, other


def _agrees(value: Day, frame: Frame) -> bool:
    found = _next_match(value, frame, strict=True)
    return found is not None and found.weekday() == value.weekday


def _over(value: Day, frame: Frame) -> bool:
    found = _next_match(value, frame, strict=True)
    return found is None or found < frame.today


def _weekday(value: Weekday, frame: Frame) -> list[Days]:
    out: list[Days] = []
    for weekday in value.days:
        out += _one(_pointed(weekday, value.which, frame))
    return sorted(out)


def _pointed(weekday: int, which: Which, frame: Frame) -> date:
    ahead = (weekday - frame.today.weekday()) % _WEEK
    if which in {Which.NEXT, Which.SECOND}:
        start = week_of(frame.today, frame.week_start) + timedelta(days=_WEEK)
        coming = start + timedelta(days=(weekday - frame.week_start) % _WEEK)
        return coming + timedelta(days=_WEEK) if which is Which.SECOND else coming
    if which is Which.LAST:
        return frame.today - timedelta(days=(frame.today.weekday() - weekday) % _WEEK or _WEEK)
    later = which in {Which.COMING, Which.NEAREST} or frame.passed
    if ahead == 0 and later:
        ahead = _WEEK
    return frame.today + timedelta(days=ahead)


def _month(value: Month, frame: Frame) -> list[Days]:
    year = value.year
    if year is None:
        year = frame.today.year + (value.month < frame.today.month) + value.skip
    start = date(year, value.month, 1)
    return [(start, add_months(start, 1))]


def _year(value: Year, _: Frame) -> list[Days]:
    return [(date(value.year, 1, 1), date(value.year + 1, 1, 1))]


def _holiday(value: Holiday, frame: Frame) -> list[Days]:
    if value.name not in FEAST_NAMES:
        return []
    if value.year is not None:
        return _one(feast(value.name, value.year))
    years = (frame.today.year, frame.today.year + 1)
    return _one(next(day for y in years if (day := feast(value.name, y)) >= frame.today))


def _period_start(unit: Unit, offset: int, frame: Frame) -> date:
    today = frame.today
    match unit:
        case Unit.MONTH:
            return add_months(today.replace(day=1), offset)
        case Unit.QUARTER:
            first = today.replace(day=1, month=(today.month - 1) // _QUARTER * _QUARTER + 1)
            return add_months(first, _QUARTER * offset)
        case Unit.YEAR:
            return date(today.year + offset, 1, 1)
        case Unit.WEEKEND:
            monday = week_of(today, 0)
            return monday + timedelta(days=_SATURDAY + _WEEK * offset)
        case Unit.WEEK | Unit.FORTNIGHT:
            weeks = offset * (2 if unit is Unit.FORTNIGHT else 1)
            return week_of(today, frame.week_start) + timedelta(days=_WEEK * weeks)
        case _:
            return today + timedelta(days=offset)


def _period(value: Period, frame: Frame) -> list[Days]:
    if value.unit is Unit.WEEKEND:
        return [
            (start, start + timedelta(days=2))
            for n in range(value.count)
            for start in [_period_start(value.unit, value.offset + n, frame)]
        ]
    start = _period_start(value.unit, value.offset, frame)
    return [(start, _period_start(value.unit, value.offset + value.count, frame))]


def shifted(day: date, number: int, unit: Unit) -> date:
    """Move a day by whole units; working days skip Saturday and Sunday."""
    match unit:
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            months = {Unit.MONTH: 1, Unit.QUARTER: _QUARTER, Unit.YEAR: _MONTHS}[unit]
            return add_months(day, number * months)
        case Unit.WEEK | Unit.FORTNIGHT:
            return day + timedelta(days=number * (_WEEK if unit is Unit.WEEK else 2 * _WEEK))
        case Unit.WORKDAY:
            for _ in range(abs(number)):
                day += timedelta(days=1 if number > 0 else -1)
                while day.weekday() >= _SATURDAY:
                    day += timedelta(days=1 if number > 0 else -1)
            return day
        case _:
            return day + timedelta(days=number)


def _coming(value: Coming, frame: Frame) -> list[Days]:
    end = shifted(frame.today, value.count, value.unit)
    if value.unit in {Unit.DAY, Unit.WORKDAY}:
        end += timedelta(days=1)
    return [(frame.today, max(end, frame.today + timedelta(days=1)))]


def _from_now(_: FromNow, frame: Frame) -> list[Days]:
    return _one(frame.today)


def _shift(value: Shift, frame: Frame) -> list[Days]:
    bases = dates_of(value.base, frame) if value.base is not None else _one(frame.today)
    out = []
    for first, end in bases[:1]:
        start, last = first, end - timedelta(days=1)
        for number, unit in value.steps:
            start, last = shifted(start, number, unit), shifted(last, number, unit)
        out.append((start, last + timedelta(days=1)))
    return out


def _week(value: WeekOf, frame: Frame) -> list[Days]:
    bases = dates_of(value.base, frame)
    starts = {week_of(first, frame.week_start) for first, _ in bases[:1]}
    return [(start, start + timedelta(days=_WEEK)) for start in sorted(starts)]


def _nth(value: Nth, frame: Frame) -> list[Days]:
    for first, last in dates_of(value.within, frame)[:1]:
        end = min(last, first + timedelta(days=_HORIZON))
        found = _pick(_pieces(value.of, first, end, frame), value.n)
        month = value.within
        over = found is not None and found[1] <= frame.today
        if over and isinstance(month, Month) and month.year is None:
            return _nth(replace(value, within=replace(month, skip=month.skip + 1)), frame)
        if over and month == Period(Unit.MONTH):  # "the first Monday of the month", on the 20th
            return _nth(replace(value, within=Period(Unit.MONTH, 1)), frame)
        return [found] if found else []
    return []


def _pick(pieces: list[Days], n: int) -> Days | None:
    index = n - 1 if n > 0 else n
    return pieces[index] if -len(pieces) <= index < len(pieces) else None


def _pieces(of: int | Unit, first: date, end: date, frame: Frame) -> list[Days]:
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    if isinstance(of, Unit):
        match of:
            case Unit.WEEK:
                return _weeks(first, end, frame)
            case Unit.WEEKEND:
                return [(d, d + timedelta(days=2)) for d in days if d.weekday() == _SATURDAY]
            case Unit.WORKDAY:
                days = [d for d in days if d.weekday() < _SATURDAY]
            case _:
                pass
        return [(d, d + timedelta(days=1)) for d in days]
    return [(d, d + timedelta(days=1)) for d in days if d.weekday() == of]


def _weeks(first: date, end: date, frame: Frame) -> list[Days]:
    """Cut a period into its calendar weeks; a first week without a working day does not count."""
    out = []
    start = week_of(first, frame.week_start)
    while start < end:
        piece = (max(start, first), min(start + timedelta(days=_WEEK), end))
        if any(
            (piece[0] + timedelta(days=n)).weekday() < _SATURDAY
            for n in range((piece[1] - piece[0]).days)
        ):
            out.append(piece)
        start += timedelta(days=_WEEK)
    return out


def _edge(value: EdgeOf, frame: Frame) -> list[Days]:
    return [
        piece
        for first, end in dates_of(value.of, frame)[:1]
        for piece in [edge_of(value.edge, first, end, frame.today)]
        if piece[0] < piece[1]
    ]


def _day_range(value: DayRange, frame: Frame) -> list[Days]:
    first = dates_of(value.first, frame)[:1] if value.first is not None else []
    start = frame.today
    if value.first is not None:
        if not first:
            return []
        start = first[0][0] if value.first_in else first[0][1]
    if value.last is None:
        return [(start, date(min(start.year + 2, _MAX_YEAR), start.month, 1))]
    ahead = replace(frame, today=start, passed=False) if _floats(value.last) else frame
    last = dates_of(value.last, ahead)[-1:]
    if not last:
        return []
    end = last[0][1] if value.last_in else last[0][0]
    return [(start, end)] if start < end else []


def _floats(dates: Dates) -> bool:
    """Tell whether an end is counted from the start: "Friday to Monday", "28 Dec to 3 Jan"."""
    if isinstance(dates, Day | Slashed):
        return dates.year is None
    return (isinstance(dates, Weekday) and dates.which is not Which.NEXT) or (
        isinstance(dates, Month | Holiday) and dates.year is None
    )


def _both(value: Both, frame: Frame) -> list[Days]:
    out: list[Days] = []
    for first, end in dates_of(value.outer, frame):
        inner = dates_of(value.inner, replace(frame, today=first, passed=False))
        inner += dates_of(value.inner, frame)
        if isinstance(value.inner, Weekday):
            inner = _all_weekdays(value.inner, first, min(end, first + timedelta(days=_HORIZON)))
            if _is_open(value.outer):
                inner = inner[: len(value.inner.days)]
        out += [(max(a, first), min(b, end)) for a, b in inner if max(a, first) < min(b, end)]
    return sorted(set(out))


def _is_open(dates: Dates) -> bool:
    return isinstance(dates, DayRange) and dates.last is None


def _all_weekdays(value: Weekday, first: date, end: date) -> list[Days]:
    days = (first + timedelta(days=n) for n in range((end - first).days))
    return [(d, d + timedelta(days=1)) for d in days if d.weekday() in value.days]


_SHAPES: dict[type, Callable[[Any, Frame], list[Days]]] = {
    Day: _day,
    Slashed: _slashed,
    Weekday: _weekday,
    Month: _month,
    Year: _year,
    Holiday: _holiday,
    Period: _period,
    Coming: _coming,
    FromNow: _from_now,
    Shift: _shift,
    WeekOf: _week,
    Nth: _nth,
    EdgeOf: _edge,
    DayRange: _day_range,
    Both: _both,
}


def dates_of(dates: Dates, frame: Frame) -> list[Days]:
    """Give the runs of days that are meant, in order; [] when there are none (31 June)."""
    try:
        return _SHAPES[type(dates)](dates, frame)
    except (ValueError, OverflowError):  # beyond the calendar's years
        return []
