"""The best times for most of a group, where no time or few suit everybody (A29)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.finding.availability import candidates, mutual_free
from core.finding.ranking import best

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.finding.request import PersonTime, Search
    from core.ids import PersonId
    from core.timing.spans import Span


@dataclass(frozen=True, slots=True)
class Partly:
    """A start (epoch seconds) that suits some: who cannot, and who could not be checked.

    Nobody is in both, and who could not be checked is not counted as one who can.
    """

    start: int
    missing: tuple[PersonId, ...]
    unknown: tuple[PersonId, ...] = ()


def partly(
    search: Search,
    people: Sequence[PersonTime],
    must: Collection[PersonId],
    count: int = 3,
    *,
    most: bool = True,
) -> tuple[Partly, ...]:
    """Return up to `count` starts that suit those of `must` and most of the others, best first.

    Only starts that do not suit everybody, and with `most` at least half of the others can be
    there. Fewer missing come first; among equals the usual order of good times decides.
    """
    needed = [p for p in people if p.person_id in must]
    others = [p for p in people if p.person_id not in must]
    free = {p.person_id: mutual_free(search, [p]) for p in others}
    levels: dict[int, dict[int, Partly]] = {}
    for start in candidates(search, needed):
        out = [p for p in others if not _fits(free[p.person_id], start, start + search.length)]
        unknown = tuple(p.person_id for p in others if p.unknown and p not in out)
        lost = len(out) + len(unknown)
        if out and (not most or 2 * lost <= len(others)):
            found = Partly(start, tuple(p.person_id for p in out), unknown)
            levels.setdefault(lost, {})[start] = found
    chosen: list[Partly] = []
    for lost in sorted(levels):
        left = count - len(chosen)
        if left <= 0:
            break
        chosen += [levels[lost][s] for s in best(search, needed, sorted(levels[lost]), left)]
    return tuple(chosen)


def _fits(free: Sequence[Span], start: int, end: int) -> bool:
    """Tell whether a span lies in one of some sorted disjoint ones."""
    index = bisect_right(free, start, key=lambda span: span[0]) - 1
    return index >= 0 and free[index][1] >= end
