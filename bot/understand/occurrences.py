"""When the meetings of a series begin: wall times of a zone, as instants."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from dateutil.rrule import DAILY, MO, MONTHLY, SU, WEEKLY, YEARLY, rrule

from bot.understand.constraint import Dates, Frequency, Month, Period, Recurrence, Unit
from bot.understand.context import Context, Hours
from bot.understand.days import Frame, dates_of, shifted
from bot.understand.hours import minutes_of
from bot.understand.resolve import frame_of, instant, zone_of

_FREQUENCIES: dict[Frequency, Literal[0, 1, 2, 3, 4, 5, 6]] = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
    Frequency.YEARLY: YEARLY,
}
_SEARCHED = 1000  # days of a rule that are looked at for those that are not excepted


def _first_day(series: Recurrence, frame: Frame, hours: Hours) -> date:
    """Give the first possible day: the stated one, else tomorrow. Where no day is named, as in
    "weekly from next month", it is one on which sessions are held.
    """
    first = frame.today + timedelta(days=1)
    if series.start is not None:
        runs = dates_of(series.start, frame)
        first = max(runs[0][0], frame.today) if runs else first
    named = series.weekdays or series.month_day or series.frequency is Frequency.DAILY
    if named or not isinstance(series.start, Period | Month | None):
        return first
    week = (first + timedelta(days=n) for n in range(7))
    return next((day for day in week if hours.of(day.weekday())), first)


def _last_day(series: Recurrence, first: date, frame: Frame) -> date | None:
    """Give the day after the last possible one; "for 3 months" counts from the first meeting."""
    if series.until is not None:
        runs = dates_of(series.until, frame)
        return (runs[-1][1] if series.until_in else runs[-1][0]) if runs else None
    if series.length is not None:
        number, unit = series.length
        return shifted(first, number, unit if unit is not Unit.WORKDAY else Unit.DAY)
    return None


def _rule(series: Recurrence, first: date, week_start: int, *, interval: int) -> rrule:
    return rrule(
        _FREQUENCIES[series.frequency],
        dtstart=datetime(first.year, first.month, first.day),  # noqa: DTZ001 - a calendar day
        interval=interval,
        byweekday=series.weekdays or None,
        bysetpos=series.position,
        bymonthday=series.month_day,
        wkst=MO if week_start == 0 else SU,
        count=_SEARCHED,
    )


def _days(series: Recurrence, first: date, week_start: int) -> rrule:
    """Give the rule from its first fitting day on: "every other week" counts from that one."""
    start = next(iter(_rule(series, first, week_start, interval=1)), None)
    day = start.date() if start is not None else first
    return _rule(series, day, week_start, interval=series.interval)


def _excepted(dates: Dates | None, day: date, frame: Frame) -> bool:
    return dates is not None and any(a <= day < b for a, b in dates_of(dates, frame))


def days_of(series: Recurrence, context: Context, most: int) -> list[date]:
    """Give the days of a series, exceptions left out, at most so many."""
    frame = frame_of(context, zone_of(context.zone))
    rule = _days(series, _first_day(series, frame, context.hours), context.week_start)
    limit = min(most, series.count or most)
    out: list[date] = []
    last: date | None = None
    for number, at in enumerate(rule):
        day = at.date()
        if number == 0:
            last = _last_day(series, day, frame)
        if len(out) >= limit or (last is not None and day >= last):
            break
        if not any(_excepted(span.dates, day, frame) for span in series.exceptions):
            out.append(day)
    return out


def occurrences(
    series: Recurrence, context: Context, zone: str | None = None, most: int = 26
) -> tuple[int, ...]:
    """Give the starts of a series in epoch seconds, each at its wall time in the zone.

    A part of the day gives its beginning; a series without a time of day the beginning of the
    working hours, which the dialogue replaces by the time that was agreed.
    """
    where = zone_of(zone or context.zone)
    minute = context.hours.first
    if series.clock is not None:
        minute = minutes_of(series.clock, context.hours)[0]
    return tuple(instant(day, minute, where) for day in days_of(series, context, most))
