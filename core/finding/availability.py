"""From busy times, hours and rules to the spans in which everybody is free.

Busy times of all people are widened by their buffers, thrown together and merged in one sort;
hours are made once per distinct week and zone. What remains is one subtraction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.timing.hours import both, hours_spans
from core.timing.spans import Span, grid, intersect, merge, subtract
from core.timing.zones import day_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.finding.request import PersonTime, Search
    from core.timing.hours import Weekly


def bounds(search: Search) -> Span:
    """Return the first and last instant that matter to a search, slot ends included."""
    first = max(search.windows[0][0], search.earliest)
    last = min(search.windows[-1][1], search.latest + search.length)
    return first, max(first, last)


def asked(search: Search) -> list[Span]:
    """Return the asked windows cut to notice and horizon."""
    return intersect(search.windows, [bounds(search)]) if search.windows else []


def common_hours(search: Search, people: Sequence[PersonTime]) -> list[Span]:
    """Return the asked time that lies in everybody's hours, closure days taken out."""
    common = asked(search)
    if not common:
        return []
    reach = common[0][0], common[-1][1]
    weeks = dict.fromkeys((week_of(search, person), person.zone) for person in people)
    for week, zone in weeks:
        common = intersect(common, hours_spans(week, zone, reach))
    if search.closures:
        common = subtract(common, closed(search, {p.zone for p in people}))
    return common


def week_of(search: Search, person: PersonTime) -> Weekly:
    """Return the hours that count for a person: the programme's, narrowed by their own."""
    return search.programme if person.own is None else both(search.programme, person.own)


def closed(search: Search, zones: Iterable[str]) -> list[Span]:
    """Return the closure days as instants, in every zone that takes part."""
    return merge(day_span(day, zone) for day in search.closures for zone in zones)


def taken(people: Sequence[PersonTime]) -> list[Span]:
    """Return when somebody is busy or away, buffers included.

    People with the same buffer are merged before they are widened, so that the bulk of the
    spans is sorted once and touched no more.
    """
    groups: dict[int, list[Span]] = {}
    for person in people:
        groups.setdefault(person.buffer, []).extend(person.busy)
        if person.away or person.full or person.holidays:
            groups.setdefault(0, []).extend((*person.away, *person.full, *person.holidays))
    spans: list[Span] = []
    for gap, raw in groups.items():
        merged = merge(raw)
        spans += [(start - gap, end + gap) for start, end in merged] if gap else merged
    return merge(spans)


def mutual_free(search: Search, people: Sequence[PersonTime]) -> list[Span]:
    """Return the asked time in which everybody is free, as sorted disjoint spans."""
    hours = common_hours(search, people)
    return subtract(hours, taken(people)) if hours else []


def candidates(search: Search, people: Sequence[PersonTime]) -> list[int]:
    """Return every start at which a slot fits, sorted."""
    free = mutual_free(search, people)
    if search.starts:
        starts = [
            start
            for start in sorted(set(search.starts))
            if any(a <= start and start + search.length <= b for a, b in free)
        ]
    else:
        starts = grid(free, search.length, search.step)
    return [start for start in starts if start not in search.without] if search.without else starts
