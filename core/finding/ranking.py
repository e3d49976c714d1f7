"""Pick the few best slots: comfortable for everybody, on round times, spread over days.

Every figure is a cost in the same small unit; the lowest wins. First each start is weighed by
itself, then the few are chosen one after another, each choice making its neighbours dearer.
What a time of day costs is worked out once for each state of everybody's clocks, because it is
the same every day between two clock changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.timing.zones import DAY, zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.finding.request import PersonTime, Search

COMFORT = (9 * 60 + 30, 16 * 60 + 30)  # nobody minds these hours (minutes after midnight)
EARLY_LATE = 1.6  # per hour outside them, for whom it is worst
LUNCH = (12 * 60, 13 * 60)
LUNCH_COST = 0.6
HALF_HOUR, QUARTER = 0.4, 1.5  # against a start on the full hour
LATER = 0.12  # per day of waiting
UNWISHED = 8.0  # outside what was preferred: dearer than early, late or close together
SAME_DAY, SAME_PART, CLOSE_BY = 4.0, 1.2, 6.0
CLOSE = 2 * 3600
NOON, LATE = 12 * 3600, 15 * 3600  # where the parts of a day begin

Offsets = tuple[int, ...]


def best(
    search: Search, people: Sequence[PersonTime], starts: Sequence[int], count: int = 3
) -> list[int]:
    """Return up to `count` of the starts, best first, spread over days and parts of the day.

    The first person is the one who asks: full hours and parts of the day are on their clock.
    """
    if len(starts) <= 1:
        return list(starts)
    clocks = _Clocks(search, list(dict.fromkeys(person.zone for person in people)) or ["UTC"])
    weighed = sorted((clocks.cost(start), start) for start in starts)
    chosen: list[int] = []
    while len(chosen) < min(count, len(starts)):
        chosen.append(_cheapest(weighed, chosen, clocks))
    return chosen


def _cheapest(weighed: list[tuple[float, int]], chosen: list[int], clocks: _Clocks) -> int:
    """Return the start that costs least beside those that are chosen.

    Company only makes dearer, so the search ends where the own cost alone is too much.
    """
    winner, least = -1, float("inf")
    for cost, start in weighed:
        if cost >= least:
            break
        if start not in chosen:
            total = cost + sum(clocks.crowding(start, other) for other in chosen)
            if total < least:
                winner, least = start, total
    return winner


class _Clocks:
    """What a start costs by everybody's clocks; the first zone is the asker's."""

    def __init__(self, search: Search, zones: list[str]) -> None:
        self._search = search
        self._zones = [zone_of(zone) for zone in zones]
        self._days: dict[int, Offsets | None] = {}  # None: a clock changes on that UTC day
        self._costs: dict[Offsets, dict[int, float]] = {}

    def cost(self, start: int) -> float:
        """Return what a start costs by itself."""
        search = self._search
        number, second = divmod(start, DAY)
        offsets = self._days[number] if number in self._days else self._learn(number)
        if offsets is None:
            offsets = self._offsets(start)
        known = self._costs.setdefault(offsets, {})
        cost = known.get(second)
        if cost is None:
            cost = known[second] = _time_of_day(second, search.length, offsets)
        cost += LATER * ((start - search.now) // DAY)
        return cost + UNWISHED if search.prefer and not _wished(search, start) else cost

    def crowding(self, start: int, chosen: int) -> float:
        """Return how much dearer a start becomes because another was chosen."""
        day, part = self._part(start)
        chosen_day, chosen_part = self._part(chosen)
        extra = SAME_PART if part == chosen_part else 0.0
        if day == chosen_day:
            extra += SAME_DAY + (CLOSE_BY if abs(start - chosen) < CLOSE else 0.0)
        return extra

    def _part(self, start: int) -> tuple[int, int]:
        """Return the day and the part of the day on the asker's clock."""
        offsets = self._days.get(start // DAY) or self._offsets(start)
        day, local = divmod(start + offsets[0], DAY)
        return day, 0 if local < NOON else 1 if local < LATE else 2

    def _learn(self, number: int) -> Offsets | None:
        """Return everybody's offsets on a UTC day, None when one of them changes on it."""
        before, after = self._offsets(number * DAY), self._offsets((number + 1) * DAY)
        self._days[number] = before if before == after else None
        return self._days[number]

    def _offsets(self, at: int) -> Offsets:
        """Return how many seconds each zone's clock is ahead of UTC at an instant."""
        deltas = (datetime.fromtimestamp(at, tz=zone).utcoffset() for zone in self._zones)
        return tuple(delta.days * DAY + delta.seconds if delta else 0 for delta in deltas)


def _wished(search: Search, start: int) -> bool:
    """Tell whether a slot lies in what was preferred."""
    end = start + search.length
    return any(a <= start and end <= b for a, b in search.prefer)


def _time_of_day(second: int, length: int, offsets: Offsets) -> float:
    """Return what a time of day costs: roundness for the asker, comfort for whom it is worst."""
    past_hour = (second + offsets[0]) % 3600 // 60
    cost = 0.0 if past_hour == 0 else HALF_HOUR if past_hour == 30 else QUARTER
    return cost + max(_discomfort((second + o) % DAY // 60, length // 60) for o in set(offsets))


def _discomfort(minute: int, minutes: int) -> float:
    """Return how early, late or close to lunch a slot is on one clock."""
    until = minute + minutes
    outside = max(COMFORT[0] - minute, until - COMFORT[1], 0)
    lunch = LUNCH_COST if minute < LUNCH[1] and until > LUNCH[0] else 0.0
    return EARLY_LATE * outside / 60 + lunch
