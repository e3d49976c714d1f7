"""A wish to change the sessions of a series that are to come: to another time of day, another
weekday, or both (pure).

The rule stays as it was, and so do the days and times of what has been; every session that is
moved keeps its slot. To the outside each is an override of the one event (RECURRENCE-ID, RFC 5545
3.8.4.4), all of them in one REQUEST with a higher sequence (RFC 5546 3.2.2), so that what people
have answered and what is past is left as it is, and each person gets one mail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.booking.proposal import Shift, Wish
from core.booking.series import present, relocated
from core.timing.recurrence import Frequency
from core.timing.zones import at_minute, wall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.booking.meeting import Meeting
    from core.booking.series import Pattern, Series


@dataclass(frozen=True, slots=True)
class NewTime:
    """What sessions are to be: at `minute` after midnight on the clock of `zone` (IANA), on
    `weekday` (0 is Monday), or `later` by so many minutes. What is None or 0 stays.
    """

    zone: str
    minute: int | None = None
    weekday: int | None = None
    later: int = 0


def change_of(
    series: Series, meetings: Sequence[Meeting], ahead: Sequence[Meeting], new: NewTime, now: int
) -> Wish | None:
    """Return the wish to have the sessions `ahead` at their new times, without those that are
    there already; None for another weekday where the series has not one a week.

    `meetings` are all of the series. A session that was moved by itself keeps its day, unless
    the weekday is changed.
    """
    pattern = present(series, meetings, now)
    if new.weekday is not None and not _one_day_a_week(pattern):
        return None
    zone = pattern.zone if new.minute is None else new.zone
    said = _said(pattern, zone, new)
    moved = [(_start(series, pattern, m, new, zone), m) for m in ahead]
    shifts = tuple(Shift(start, m.id, m.start) for start, m in moved if start != m.start)
    return Wish(replace(said, count=len(shifts)), changes=series.id, shifts=shifts)


def _one_day_a_week(pattern: Pattern) -> bool:
    return pattern.rule.frequency is Frequency.WEEKLY and len(pattern.rule.weekdays) <= 1


def _start(series: Series, pattern: Pattern, meeting: Meeting, new: NewTime, zone: str) -> int:
    """Return when one session is to be."""
    if new.weekday is None and new.minute is None:
        return meeting.start + new.later * 60
    at = wall(meeting.start, zone)
    day, minute = at.date(), at.hour * 60 + at.minute
    if new.weekday is not None:
        day = _in_week(series.pattern.day_of(meeting.slot), new.weekday)
        minute = pattern.minute  # one that was moved by itself is like the others again
    minute = minute if new.minute is None else new.minute
    return at_minute(day, minute, zone)


def _in_week(day: date, weekday: int) -> date:
    """Return the given weekday in the week (from Monday) of a day."""
    return day + timedelta(days=weekday - day.weekday())


def countered(pattern: Pattern, start: int) -> NewTime | None:
    """Return what somebody means who proposes an instant for a whole series: its weekday, where
    the series has one a week, and its time of day. None for what the series is already.
    """
    at = wall(start, pattern.zone)
    minute = at.hour * 60 + at.minute
    days = pattern.rule.weekdays or (pattern.first.weekday(),)
    other = _one_day_a_week(pattern) and at.weekday() not in days
    if minute == pattern.minute and not other:
        return None
    return NewTime(pattern.zone, minute, at.weekday() if other else None)


def said_of(pattern: Pattern, new: NewTime) -> Pattern:
    """Return the pattern that a series with this one would have at its new time."""
    return _said(pattern, pattern.zone if new.minute is None else new.zone, new)


def _said(pattern: Pattern, zone: str, new: NewTime) -> Pattern:
    """Return what is said of the new times: the pattern as it will be for the most part."""
    start = pattern.slot(pattern.first)
    at = wall(start + (new.later * 60 if new.minute is None else 0), zone)
    day, minute = at.date(), at.hour * 60 + at.minute
    if new.weekday is not None:
        day = _in_week(pattern.first, new.weekday)
    minute = minute if new.minute is None else new.minute
    return relocated(pattern, zone, (day - pattern.first).days, minute)
