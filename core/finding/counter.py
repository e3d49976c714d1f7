"""Other times than those proposed: which spans a wish such as "earlier in the day" leaves, and how
often times are passed to and fro before the two are asked to talk. All in epoch seconds.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from core.timing.spans import merge, subtract
from core.timing.zones import DAY, day_span, days_span, local_date

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from core.timing.spans import Span

ROUNDS = 3  # counters that are passed on by themselves; then somebody has to choose
BIT = 2 * 3600  # seconds that "a bit earlier" reaches back


class Shift(StrEnum):
    """What a wish without a time of its own says about the proposed times."""

    EARLIER = "earlier"  # in the same days
    LATER = "later"
    BIT_EARLIER = "bit_earlier"
    BIT_LATER = "bit_later"
    EARLIER_DAYS = "earlier_days"  # in the same week
    LATER_DAYS = "later_days"
    OTHER_DAY = "other_day"
    WEEK_AFTER = "week_after"


def passes_on(rounds: int) -> bool:
    """Tell whether one more counter is passed on, after so many of them."""
    return rounds < ROUNDS


def shifted(
    shift: Shift, slots: Sequence[Span], asked: Sequence[Span], zone: str
) -> tuple[Span, ...]:
    """Return the spans that a wish leaves, in a speaker's zone; sorted and disjoint.

    `slots` are the proposed times (at least one), `asked` what was searched for them.
    """
    days = sorted({local_date(start, zone) for start, _ in slots})
    if shift in (Shift.EARLIER_DAYS, Shift.LATER_DAYS, Shift.WEEK_AFTER):
        return _weeks(shift, days, zone)
    if shift is Shift.OTHER_DAY:
        return _but(asked, [day_span(day, zone) for day in days])
    found = [
        _beside(shift, [s for s in slots if local_date(s[0], zone) == d], d, zone) for d in days
    ]
    return tuple(merge(span for span in found if span[0] < span[1]))


def _weeks(shift: Shift, days: Sequence[date], zone: str) -> tuple[Span, ...]:
    """Return the rest of the week of the proposed days, before or after them, or the next week."""
    if shift is Shift.EARLIER_DAYS:
        monday = days[0] - timedelta(days=days[0].weekday())
        span = (day_span(monday, zone)[0], day_span(days[0], zone)[0])
        return (span,) if monday < days[0] else ()
    sunday = days[-1] + timedelta(days=6 - days[-1].weekday())
    if shift is Shift.LATER_DAYS:
        after = days[-1] + timedelta(days=1)
        return (days_span(after, sunday, zone),) if after <= sunday else ()
    return (days_span(sunday + timedelta(days=1), sunday + timedelta(days=7), zone),)


def _beside(shift: Shift, slots: Sequence[Span], day: date, zone: str) -> Span:
    """Return the part of a day before or after its proposed times; a bit may overlap them."""
    first, last = min(slots), max(slots)
    midnight, end = day_span(day, zone)
    spans = {
        Shift.EARLIER: (midnight, first[0]),
        Shift.LATER: (last[1], end),
        Shift.BIT_EARLIER: (max(midnight, first[0] - BIT), first[1] - 60),
        Shift.BIT_LATER: (last[0] + 60, min(end, last[1] + BIT)),
    }
    return spans[shift]


def but_weekdays(asked: Sequence[Span], weekdays: Collection[int], zone: str) -> tuple[Span, ...]:
    """Return what is asked for without these weekdays (0 is Monday)."""
    first, last = local_date(asked[0][0], zone), local_date(asked[-1][1] + 7 * DAY, zone)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return _but(asked, [day_span(day, zone) for day in every if day.weekday() in weekdays])


def _but(asked: Sequence[Span], holes: Sequence[Span]) -> tuple[Span, ...]:
    """Return the asked spans without holes; where nothing is left, the week that follows."""
    left = subtract(list(asked), merge(holes))
    end = asked[-1][1]
    return tuple(left) or tuple(subtract([(end, end + 7 * DAY)], merge(holes)))
