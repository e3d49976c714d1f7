"""What would really open times, each tried with the same functions that search.

Somebody's own rules can be set aside for this once, by themselves at a press, by another only
with their yes; a session can be shorter; the week after can be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.finding.availability import candidates
from core.finding.request import Ease
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.finding.request import PersonTime, Search
    from core.ids import PersonId
    from core.timing.spans import Span

SHORTER = (60, 45, 30, 15)  # minutes
WEEK = 7 * DAY


class Means(StrEnum):
    """What is changed, in the order in which it costs people more."""

    EASE = "ease"  # something of the asker's own, for this once
    SHORTER = "shorter"
    LATER = "later"  # the week after
    ASK = "ask"  # somebody else for an exception from their hours


@dataclass(frozen=True, slots=True)
class Way:
    """One change that opens `count` starts, the `first` in epoch seconds.

    `ease` with `person_id` says what of whose is set aside, `minutes` the shorter length,
    `windows` where to look instead; each belongs to one of the means.
    """

    means: Means
    count: int
    first: int
    ease: Ease | None = None
    person_id: PersonId | None = None
    minutes: int = 0
    windows: tuple[Span, ...] = ()


def ways(search: Search, people: Sequence[PersonTime], asker: PersonId) -> tuple[Way, ...]:
    """Return every change that opens at least one start, the cheapest first.

    Of other people only their hours can be asked about: what is tentative for them, or what
    they want free in between, is nobody's business (X11).
    """
    found: list[Way] = []
    shorter = False
    for way, variant, crowd in _tries(search, people, asker):
        starts = () if shorter and way.means is Means.SHORTER else candidates(variant, crowd)
        if starts:
            found.append(replace(way, count=len(starts), first=starts[0]))
            shorter = shorter or way.means is Means.SHORTER
    return tuple(found)


def _tries(
    search: Search, people: Sequence[PersonTime], asker: PersonId
) -> Iterator[tuple[Way, Search, Sequence[PersonTime]]]:
    """Return what can be tried: the change, and the search and people with it."""
    eased = [(i, p, ease, time) for i, p in enumerate(people) for ease, time in p.eased]
    for index, person, ease, time in eased:
        if person.person_id == asker:
            crowd = [*people[:index], time, *people[index + 1 :]]
            yield Way(Means.EASE, 0, 0, ease, asker), search, crowd
    for minutes in SHORTER:
        if minutes * 60 < search.length:
            yield (
                Way(Means.SHORTER, 0, 0, minutes=minutes),
                replace(search, length=minutes * 60),
                people,
            )
    last = search.windows[-1][1] if search.windows else search.latest
    after = ((last, last + WEEK),)
    yield Way(Means.LATER, 0, 0, windows=after), replace(search, windows=after, starts=()), people
    for index, person, ease, time in eased:
        if person.person_id != asker and ease is Ease.HOURS:
            crowd = [*people[:index], time, *people[index + 1 :]]
            yield Way(Means.ASK, 0, 0, ease, person.person_id), search, crowd
