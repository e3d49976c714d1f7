"""Weekly hours in wall time, and the instants they mean in a window.

`Weekly` has seven entries, Monday first; each holds `(from, to)` pairs in minutes after local
midnight (1440 is the end of the day), sorted and disjoint.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.timing.spans import Span, intersect, merge
from core.timing.zones import DAY, instant, local_date, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

Minutes = tuple[int, int]
Weekly = tuple[
    tuple[Minutes, ...],
    tuple[Minutes, ...],
    tuple[Minutes, ...],
    tuple[Minutes, ...],
    tuple[Minutes, ...],
    tuple[Minutes, ...],
    tuple[Minutes, ...],
]

MIDNIGHT = 24 * 60
ALWAYS: Weekly = (((0, MIDNIGHT),),) * 7
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def weekly(hours: Minutes | None, days: Iterable[int] = range(5)) -> Weekly:
    """Return the same hours on each of `days` (0 is Monday), nothing on the others."""
    chosen = frozenset(days)
    entries = tuple((hours,) if hours and day in chosen else () for day in range(7))
    return as_weekly(entries)


def as_weekly(entries: Iterable[Iterable[Minutes]]) -> Weekly:
    """Bring seven lists of minute pairs into order. Raises ValueError on any other number."""
    rows = tuple(tuple(merge((int(a), int(b)) for a, b in entry)) for entry in entries)
    if len(rows) != 7:
        message = f"weekly hours need seven days, got {len(rows)}"
        raise ValueError(message)
    if any(start < 0 or end > MIDNIGHT for row in rows for start, end in row):
        message = "hours lie between 00:00 and 24:00"
        raise ValueError(message)
    return rows


def both(first: Weekly, second: Weekly) -> Weekly:
    """Return the hours that lie in both weeks."""
    return as_weekly(intersect(a, b) for a, b in zip(first, second, strict=True))


def hours_spans(hours: Weekly, zone: str, window: Span) -> list[Span]:
    """Return the instants of the weekly hours inside `window`, for a person in `zone`.

    Each boundary is converted on its own, so that days of 23 and 25 hours come out right.
    On days without a clock change (all but two a year) this is plain integer arithmetic.
    """
    start, end = window
    if start >= end:
        return []
    info = zone_of(zone)
    first, last = local_date(start, zone), local_date(end - 1, zone)
    spans: list[Span] = []
    ordinals = range(first.toordinal(), last.toordinal() + 1)
    offsets = [_noon_offset(n, info) for n in range(ordinals.start - 1, ordinals.stop + 1)]
    for index, number in enumerate(ordinals):
        entry = hours[(number + 6) % 7]
        if not entry:
            continue
        before, today, after = offsets[index : index + 3]
        if before == today == after:
            midnight = (number - EPOCH_ORDINAL) * DAY - today
            spans.extend([(midnight + a * 60, midnight + b * 60) for a, b in entry])
        else:
            day = date.fromordinal(number)
            spans.extend([(_at(day, a, zone), _at(day, b, zone)) for a, b in entry])
    return intersect(merge(spans), [window])


def _noon_offset(ordinal: int, zone: ZoneInfo) -> int:
    """Return the zone's offset in seconds at local noon of a day."""
    noon = datetime.fromordinal(ordinal).replace(hour=12, tzinfo=zone)
    offset = noon.utcoffset()
    return offset.days * DAY + offset.seconds if offset else 0


def _at(day: date, minutes: int, zone: str) -> int:
    """Return the instant of minutes after local midnight; 1440 is the next midnight."""
    if minutes == MIDNIGHT:
        return instant(day + timedelta(days=1), time(), zone)
    return instant(day, time(minutes // 60, minutes % 60), zone)
