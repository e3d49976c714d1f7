"""Who is meant by "the whole circle", and who may book for it: the mentor whose mentees they are.

A mentee who books for the others of their circle would read when all of them have time, so a
group is booked by its mentor or coach alone. Sessions with people by name are not concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.ids import PersonId, ProgrammeId
    from core.programme import Pair


@dataclass(frozen=True, slots=True)
class Circle:
    """The mentees (or coachees) of one mentor in one programme."""

    programme_id: ProgrammeId
    people: tuple[PersonId, ...]


def circles_of(mentor: PersonId, pairs: Iterable[Pair]) -> tuple[Circle, ...]:
    """Return somebody's circles, one per programme; none for who leads nobody."""
    found: dict[ProgrammeId, list[PersonId]] = {}
    for pair in pairs:
        if pair.mentor_id == mentor and pair.mentee_id != mentor:
            found.setdefault(pair.programme_id, []).append(pair.mentee_id)
    return tuple(Circle(key, tuple(dict.fromkeys(people))) for key, people in found.items())


def leaders_of(mentee: PersonId, pairs: Iterable[Pair]) -> tuple[PersonId, ...]:
    """Return who could book for the circles that somebody is a mentee in."""
    return tuple(dict.fromkeys(p.mentor_id for p in pairs if p.mentee_id == mentee))


def circle_meant(circles: Sequence[Circle], talked_of: str) -> Circle | None:
    """Return the circle of the programme that was talked of last, else the first."""
    return next((c for c in circles if c.programme_id == talked_of), next(iter(circles), None))
