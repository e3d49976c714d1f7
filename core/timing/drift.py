"""How a standing time wanders on somebody else's clock.

A series keeps its time on the wall of one zone. When the clocks of that zone or of another one
change, the same sessions come at another time of day there, until the next change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.timing.zones import offset_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Drift:
    """The sessions (`starts`, epoch seconds) that come `minutes` later on a clock than those
    before them, earlier when negative; `change` is the instant at which the clocks of `zone`
    changed.
    """

    change: int
    zone: str
    minutes: int
    starts: tuple[int, ...]


def drifts(starts: Iterable[int], kept: str, other: str) -> tuple[Drift, ...]:
    """Return each stretch of sessions that a clock change shifts for `other`, in order, while
    they keep their time in `kept` (IANA zones); a last one at the old time again is one, too.
    """
    found: list[Drift] = []
    before: int | None = None
    for start in sorted(starts):
        if before is not None and _apart(before, kept, other) != _apart(start, kept, other):
            found.append(_drift(before, start, kept, other))
        elif found:
            last = found[-1]
            found[-1] = Drift(last.change, last.zone, last.minutes, (*last.starts, start))
        before = start
    return tuple(found)


def _apart(at: int, kept: str, other: str) -> int:
    """Return how many minutes the other clock is ahead of the one that is kept."""
    return offset_minutes(at, other) - offset_minutes(at, kept)


def _drift(before: int, start: int, kept: str, other: str) -> Drift:
    """Return the drift between two sessions, its instant found by bisection."""
    low, high, was = before, start, _apart(before, kept, other)
    while high - low > 1:
        middle = (low + high) // 2
        if _apart(middle, kept, other) == was:
            low = middle
        else:
            high = middle
    zone = kept if offset_minutes(low, kept) != offset_minutes(high, kept) else other
    return Drift(high, zone, _apart(start, kept, other) - was, (start,))
