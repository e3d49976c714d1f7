"""Taking turns with the early and the late hours of a series across zones.

A series has one time of day by its rule; its other sessions may be at a second one on the same
days, so that what is early for one side at the first is late for the other at the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.finding.ranking import COMFORT
from core.timing.zones import wall

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from core.booking.series import Pattern


@dataclass(frozen=True, slots=True)
class Turns:
    """The time of day of a series, and a second one to take turns with; None where no other one
    is fairer. `easy`: the first is early or late for nobody. `free` are the starts of both that
    suit everybody.
    """

    first: Pattern
    second: Pattern | None = None
    easy: bool = False
    free: frozenset[int] = frozenset()


def strain(start: int, length: int, zone: str) -> int:
    """Return by how many minutes a session is too early (negative) or too late (positive) to be
    comfortable on a clock. `start` in epoch seconds, `length` in minutes.
    """
    at = wall(start, zone)
    minute = at.hour * 60 + at.minute
    early, late = COMFORT[0] - minute, minute + length - COMFORT[1]
    if max(early, late) <= 0:
        return 0
    return -early if early >= late else late


def in_turn(
    days: Iterable[int], first: Pattern, second: Pattern, free: Collection[int]
) -> tuple[tuple[int, int], ...]:
    """Return when the sessions are that can be held: their starts by the rule of the first time,
    and the starts that they take.

    The times alternate; where one of them is not free the other one steps in.
    """
    held: list[tuple[int, int]] = []
    turn = 0
    for slot in days:
        both = (slot, second.slot(first.day_of(slot)))
        wanted = [at for at in (both[turn], both[1 - turn]) if at in free]
        if wanted:
            held.append((slot, wanted[0]))
            turn = 1 - both.index(wanted[0])
    return tuple(held)


def plan(
    firsts: Sequence[Pattern],
    seconds: Sequence[Pattern],
    free: frozenset[int],
    zones: Iterable[str],
) -> Turns:
    """Return the two times of day that hold most sessions and share the strain most evenly; the
    first of `firsts` by itself where that is easy for all or nothing is fairer.
    """
    known = tuple(dict.fromkeys(zones))
    alone = min(firsts, key=lambda p: (_weight(p, p, free, known)[::2], p.minute))
    weight = _weight(alone, alone, free, known)
    if weight[2] == 0:
        return Turns(alone, easy=True)
    fairer = [
        (weighed, abs(a.minute - b.minute), a.minute, b.minute, a, b)
        for a in firsts
        for b in seconds
        if a.minute != b.minute
        for weighed in [_weight(a, b, free, known)]
        if weighed[0] <= weight[0] and weighed[1] < weight[1]
    ]
    if not fairer:
        return Turns(alone)
    *_, first, second = min(fairer, key=lambda one: one[:4])
    both = frozenset((*first.slots(), *second.slots()))
    return Turns(first, second, free=free & both)


def _weight(
    first: Pattern, second: Pattern, free: Collection[int], zones: Sequence[str]
) -> tuple[int, int, int]:
    """Return how many sessions cannot be held, by how many minutes the strain is shared unevenly,
    and how much it is in all.
    """
    held = in_turn(first.slots(), first, second, free)
    totals = [sum(abs(strain(at, first.minutes, zone)) for _, at in held) for zone in zones]
    return first.count - len(held), max(totals) - min(totals), sum(totals)
