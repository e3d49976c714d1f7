"""Preferred times: what a search likes better, and demands of nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.finding.availability import bounds
from core.timing.hours import hours_spans
from core.timing.spans import intersect, merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.finding.request import PersonTime, Search


def preferring(search: Search, people: Sequence[PersonTime]) -> Search:
    """Return the search with the times that all who prefer any like alike; where they like
    none alike, with those that one of them likes.
    """
    if not search.windows:
        return search
    wishes = dict.fromkeys((p.preferred, p.zone) for p in people)
    liked = [hours_spans(week, zone, bounds(search)) for week, zone in wishes if week is not None]
    if not liked:
        return search
    common = liked[0]
    for spans in liked[1:]:
        common = intersect(common, spans)
    fits = any(end - start >= search.length for start, end in common)
    return replace(search, prefer=tuple(common if fits else merge(s for one in liked for s in one)))
