"""From a series as it was said to the patterns that it can mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understand.constraint import At
from bot.understand.days import dates_of
from bot.understand.hours import minute_of, minutes_of
from bot.understand.occurrences import days_of
from bot.understand.resolve import frame_of, zone_of
from core.booking.series import Pattern
from core.timing.recurrence import Frequency, Rule

if TYPE_CHECKING:
    from datetime import date

    from bot.understand.constraint import Recurrence
    from bot.understand.context import Context

ENDLESS = 400  # sessions; what is asked to be longer has no end that matters
STEP = 30  # minutes between the times of day that are tried where none was said


def patterns(
    said: Recurrence, context: Context, zone: str, minutes: int, most: int
) -> tuple[list[Pattern], frozenset[int], bool]:
    """Return what a series can mean, one pattern for each time of day in question, the days that
    were excepted as starts of the first, and whether it was cut to `most` sessions.

    No pattern for days that no calendar has.
    """
    context = replace(context, zone=zone)
    if said.start and not dates_of(said.start, frame_of(context, zone_of(zone))):
        return [], frozenset(), False
    whole = days_of(replace(said, exceptions=()), context, ENDLESS)
    if not whole:
        return [], frozenset(), False
    cut = len(whole) > most
    days = whole[:most]
    rule = _rule(said, days[0], context)
    found = [
        Pattern(rule, zone, days[0], minute, minutes, len(days))
        for minute in _minutes(said, context, minutes)
    ]
    kept = set(days_of(said, context, ENDLESS))
    excepted = {day for day in days if day not in kept}
    return found, frozenset(p.slot(day) for p in found for day in excepted), cut


def _rule(said: Recurrence, first: date, context: Context) -> Rule:
    weekdays = said.weekdays
    frequency = Frequency(said.frequency.value)
    if frequency is Frequency.WEEKLY and not weekdays:
        weekdays = (first.weekday(),)
    sunday = context.week_start != 0
    return Rule(frequency, said.interval, weekdays, said.month_day, said.position, sunday)


def _minutes(said: Recurrence, context: Context, length: int) -> list[int]:
    """Return the minutes after midnight at which the sessions may begin."""
    if isinstance(said.clock, At):
        return [minute_of(said.clock, context.hours)]
    first, last = context.hours.first, context.hours.last
    if said.clock is not None:
        first, last = minutes_of(said.clock, context.hours)
    return list(range(first, max(first + 1, last - length + 1), STEP))
