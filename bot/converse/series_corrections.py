"""Corrections of a series that was just found: "make it weekly", "until the end of January", "not
in December", "only 4 sessions", "half an hour earlier".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understand.constraint import At, DayRange, Frequency, Half, Weekday

if TYPE_CHECKING:
    from bot.understand.constraint import Clock, Recurrence, Span
    from bot.understand.intent import Reading

COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12}
MANY = re.compile(
    rf"^\W*(?:(?:please|only|just|make it|for|do|no|rather|actually)\W+)*"
    rf"(\d{{1,2}}|{'|'.join(COUNTS)}) (?:sessions|times|meetings)(?: (?:please|only|instead))?\W*$",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"^\W*(?:(?:yes|ok|okay|fine|good|great|but|please|and|no|works)\W+)*"
    r"(?:skip|not|without|except|leave out|drop|nothing)\b",
    re.IGNORECASE,
)
STEP = re.compile(r"\b(earlier|sooner|later)\b", re.IGNORECASE)
DAY = 24 * 60


def changed(before: Recurrence, fix: Reading) -> Recurrence:
    """Return a series with what a sentence changes of it; the same where that is nothing."""
    if fix.people:
        return before
    if fix.recurrence is not None:
        return _completed(fix.recurrence, before)
    if found := MANY.match(fix.text):
        count = COUNTS.get(found[1].lower()) or int(found[1])
        return replace(before, count=count, length=None, until=None)
    if SKIP.match(fix.text):
        return replace(before, exceptions=(*before.exceptions, *_unwanted(fix)))
    if fix.duration_minutes and (step := STEP.search(fix.text)):
        sign = 1 if step[1].lower() == "later" else -1
        return replace(before, clock=_shifted(before.clock, sign * fix.duration_minutes))
    options = fix.time.options if fix.time else ()
    return _at(before, options[0]) if options else before


def _completed(new: Recurrence, old: Recurrence) -> Recurrence:
    """Return another rhythm with what it does not say of days, hour and end."""
    if new.frequency is Frequency.WEEKLY and not new.weekdays:
        new = replace(new, weekdays=old.weekdays)
    if (new.count, new.length, new.until) == (None, None, None):
        new = replace(new, length=old.length, until=old.until, until_in=old.until_in)
    exceptions = (*old.exceptions, *new.exceptions)
    start, clock = new.start or old.start, new.clock or old.clock
    return replace(new, start=start, clock=clock, exceptions=exceptions)


def _unwanted(fix: Reading) -> tuple[Span, ...]:
    """Return the days that are to be left out: "not in December", "skip 24 November"."""
    named = fix.move_from or fix.time
    return (*named.exclude, *named.options) if named else ()


def _shifted(clock: Clock | None, minutes: int) -> Clock | None:
    """Return an hour so many minutes later, on the 24-hour clock; unchanged where it is vague."""
    if not isinstance(clock, At) or clock.half not in (Half.AM, Half.PM, Half.FULL):
        return clock
    hour = clock.hour if clock.half is Half.FULL else clock.hour % 12
    hour += 12 if clock.half is Half.PM else 0
    at = (hour * 60 + clock.minute + minutes) % DAY
    return At(at // 60, at % 60, Half.FULL)


def _at(before: Recurrence, span: Span) -> Recurrence:
    """Return a series at another hour, on another weekday, from or until another day."""
    if span.clock is not None:
        before = replace(before, clock=span.clock)
    dates = span.dates
    if isinstance(dates, Weekday) and before.weekdays:
        return replace(before, weekdays=dates.days)
    if isinstance(dates, DayRange) and dates.first is None:
        return replace(before, until=dates.last, until_in=dates.last_in, length=None, count=None)
    if isinstance(dates, DayRange) and dates.last is None:
        return replace(before, start=dates.first)
    return before
