"""What is kept of how connections stand, counted and listed without opening anything.

The same rules hold as for `core.repositories`: passed by the contract suite on memory, SQLite
and PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.ids import GrantId, PersonId, ProgrammeId
    from core.links import Provider


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the active people who take part in a programme: all, those with an account, and those
    with something amiss. Who only administers does not count.
    """

    people: int
    connected: int
    amiss: int


@dataclass(frozen=True, slots=True)
class Amiss:
    """One account with something amiss; `why` is the grant's `why_broken`."""

    grant_id: GrantId
    person_id: PersonId
    name: str
    provider: Provider
    why: str


class Health(Protocol):
    """How the connections of a programme stand; each answer is one query."""

    def tally(self, programme_id: ProgrammeId) -> Tally:
        """Count."""
        ...

    def amiss(self, programme_id: ProgrammeId, limit: int = 20) -> tuple[Amiss, ...]:
        """Return the accounts with something amiss, in order of their people's names."""
        ...
