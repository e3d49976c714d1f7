"""Pick the few best slots: comfortable for everybody, on round times, spread over days.

Every figure is a cost in the same small unit; the lowest wins. First each start is weighed by
itself, then the few are chosen one after another, each choice making its neighbours dearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.timing.zones import DAY, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.finding.request import PersonTime, Search

from datetime import datetime

COMFORT = (9 * 60 + 30, 16 * 60 + 30)  # nobody minds these hours (minutes after midnight)
EARLY_LATE = 1.6  # per hour outside them, for whom it is worst
LUNCH = (12 * 60, 13 * 60)
LUNCH_COST = 0.6
HALF_HOUR, QUARTER = 0.4, 1.5  # against a start on the full hour
LATER = 0.12  # per day of waiting
UNWISHED = 4.0  # outside what was preferred
SAME_DAY, SAME_PART, CLOSE_BY = 4.0, 1.2, 6.0
CLOSE = 2 * 3600


def best(
    search: Search, people: Sequence[PersonTime], starts: Sequence[int], count: int = 3
) -> list[int]:
    """Return up to `count` of the starts, best first, spread over days and parts of the day."""
    if len(starts) <= 1:
        return list(starts)
    zones = list(dict.fromkeys(person.zone for person in people)) or ["UTC"]
    offsets = _Offsets(zones)
    costs = [(_cost(search, start, offsets), start) for start in starts]
    reader = zones[0]
    chosen: list[int] = []
    parts = {start: offsets.part(start, reader) for start in starts}
    while costs and len(chosen) < count:
        picked = min(costs)
        chosen.append(picked[1])
        costs = [
            (cost + _crowding(start, picked[1], parts), start)
            for cost, start in costs
            if start != picked[1]
        ]
    return chosen


def _cost(search: Search, start: int, offsets: _Offsets) -> float:
    """Return what a start costs by itself."""
    minute, _ = offsets.local(start, offsets.zones[0])
    past_hour = minute % 60
    cost = 0.0 if past_hour == 0 else HALF_HOUR if past_hour == 30 else QUARTER
    cost += LATER * ((start - search.now) // DAY)
    cost += max(_discomfort(start, search.length, zone, offsets) for zone in offsets.zones)
    if search.prefer and not any(
        a <= start and start + search.length <= b for a, b in search.prefer
    ):
        cost += UNWISHED
    return cost


def _discomfort(start: int, length: int, zone: str, offsets: _Offsets) -> float:
    """Return how early, late or close to lunch a slot is on one zone's clock."""
    minute, _ = offsets.local(start, zone)
    until = minute + length // 60
    outside = max(COMFORT[0] - minute, until - COMFORT[1], 0)
    lunch = LUNCH_COST if minute < LUNCH[1] and until > LUNCH[0] else 0.0
    return EARLY_LATE * outside / 60 + lunch


def _crowding(start: int, chosen: int, parts: dict[int, tuple[int, int]]) -> float:
    """Return how much dearer a start becomes because another was chosen."""
    day, part = parts[start]
    chosen_day, chosen_part = parts[chosen]
    cost = SAME_PART if part == chosen_part else 0.0
    if day == chosen_day:
        cost += SAME_DAY
        if abs(start - chosen) < CLOSE:
            cost += CLOSE_BY
    return cost


class _Offsets:
    """Local minutes and days of instants, asking each zone once per quarter day."""

    def __init__(self, zones: Iterable[str]) -> None:
        self.zones = list(zones)
        self._known: dict[tuple[str, int], int] = {}

    def local(self, at: int, zone: str) -> tuple[int, int]:
        """Return (minutes after midnight, day number) on a zone's clock."""
        key = (zone, at // 21_600)
        offset = self._known.get(key)
        if offset is None:
            delta = datetime.fromtimestamp(at, tz=zone_of(zone)).utcoffset()
            offset = self._known[key] = int(delta.total_seconds()) if delta else 0
        day, second = divmod(at + offset, DAY)
        return second // 60, day

    def part(self, at: int, zone: str) -> tuple[int, int]:
        """Return (day number, part of the day) on a zone's clock: before 12, to 15, later."""
        minute, day = self.local(at, zone)
        return day, 0 if minute < 12 * 60 else 1 if minute < 15 * 60 else 2
