"""How many sessions somebody wants a day and a week at most, and which time that closes.

A session counts on the local day on which it begins, and in that day's week, Monday to Sunday.
Times that are offered and not yet agreed count where every one of them lies: then the session
will be there, whichever is taken.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from core.timing.spans import merge
from core.timing.zones import days_span, local_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.timing.spans import Span

Session = tuple[int, ...]  # the starts (epoch seconds) one of which it has or will have


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
