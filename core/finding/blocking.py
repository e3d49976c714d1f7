"""What stands in the way of all that was asked, where nothing of it can be offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.finding.explain import shares, unlocks, why_not
from core.programme import Objection, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.finding.request import PersonTime, Search

SAMPLES = 48


def in_the_way(search: Search, people: Sequence[PersonTime]) -> tuple[Objection, ...]:
    """Return what is against every asked start; where no one thing is, whose time or hours would
    open some if they were otherwise; where even that opens none, all that takes time away.

    Empty only where the hours of nobody lie in what was asked, and no rule says why.
    """
    common = _common(search, people)
    if common:
        return common
    opening = [u.objection for u in unlocks(search, people) if u.objection.person_id is not None]
    if opening:
        return tuple(opening[:1])
    lost = [o for o in shares(search, people) if o.kind is not Rule.SHORT]
    return tuple(Objection(o.kind, o.person_id) for o in lost)


def _common(search: Search, people: Sequence[PersonTime]) -> tuple[Objection, ...]:
    """Return what every asked start has against it; for one stated start simply all of it."""
    common: list[Objection] | None = None
    for start in search.starts or _samples(search):
        reasons = why_not(search, people, start)
        common = list(reasons) if common is None else [r for r in common if r in reasons]
        if not common:
            break
    return tuple(common or ())


def _samples(search: Search) -> list[int]:
    """Return starts spread over the asked windows, at most `SAMPLES`."""
    whole = sum(max(0, b - a) for a, b in search.windows)
    step = max(search.step, whole // SAMPLES // search.step * search.step)
    return [s for a, b in search.windows for s in range(a, b - search.length + 1, step)]
