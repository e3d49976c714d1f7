"""How many sessions somebody wants a day and a week at most, and which time that closes.

A session counts on the local day on which it begins, and in that day's week, Monday to Sunday.
Times that are offered and not yet agreed count where every one of them lies: then the session
will be there, whichever is taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from core.timing.spans import merge
from core.timing.zones import days_span, local_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from core.timing.spans import Span

Session = tuple[int, ...]  # the starts (epoch seconds) one of which it has or will have


@dataclass(frozen=True, slots=True)
class Limit:
    """Somebody wants no more than `most` sessions a day, or a week, on the clock of `zone`;
    `sessions` are those that count.
    """

    zone: str
    most: int
    weekly: bool
    sessions: tuple[Session, ...]

    def full(self) -> list[Span]:
        """Return when there are as many as are wanted."""
        return (full_weeks if self.weekly else full_days)(self.sessions, self.zone, self.most)

    def without(self, starts: Collection[int]) -> Limit:
        """Return the limit as if the sessions at these starts were not there."""
        return replace(self, sessions=tuple(s for s in self.sessions if not _is_one(s, starts)))

    def holding(self, starts: Iterable[int]) -> Limit:
        """Return the limit with sessions at these starts as well."""
        return replace(self, sessions=(*self.sessions, *((start,) for start in starts)))


def _is_one(session: Session, starts: Collection[int]) -> bool:
    """Tell whether a session is at one of these starts for sure."""
    return len(session) == 1 and session[0] in starts


def room_for(starts: Iterable[int], limits: Collection[Limit]) -> list[int]:
    """Return which of these sessions can all be had within the limits: the earlier ones first."""
    kept: list[int] = []
    counts = [(limit, _places(limit.sessions, limit)) for limit in limits]
    for start in sorted(starts):
        places = [(limit.most, held, _place(start, limit)) for limit, held in counts]
        if all(held[place] < most for most, held, place in places):
            kept.append(start)
            for _, held, place in places:
                held[place] += 1
    return kept


def _place(start: int, limit: Limit) -> date:
    """Return the day that a session counts for, or the Monday of its week."""
    day = local_date(start, limit.zone)
    return monday(day) if limit.weekly else day


def _places(sessions: Iterable[Session], limit: Limit) -> Counter[date]:
    """Count the sessions by what they count for."""
    return _count({_place(start, limit) for start in starts} for starts in sessions)


def full_days(sessions: Iterable[Session], zone: str, most: int) -> list[Span]:
    """Return the local days that hold `most` sessions or more."""
    held = _count({local_date(start, zone) for start in starts} for starts in sessions)
    return merge(days_span(day, day, zone) for day, n in held.items() if n >= most)


def full_weeks(sessions: Iterable[Session], zone: str, most: int) -> list[Span]:
    """Return the local weeks, Monday to Sunday, that hold `most` sessions or more."""
    held = _count({monday(local_date(start, zone)) for start in starts} for starts in sessions)
    full = (day for day, n in held.items() if n >= most)
    return merge(days_span(day, day + timedelta(days=6), zone) for day in full)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _count(places: Iterable[set[date]]) -> Counter[date]:
    """Count what lies in one place alone."""
    return Counter(day for days in places if len(days) == 1 for day in days)
