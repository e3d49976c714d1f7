"""How connections stand, counted in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.health import Amiss, Tally
from core.links import LinkState
from core.programme import Role

if TYPE_CHECKING:
    from adapters.memory.table import Tables
    from core.ids import PersonId, ProgrammeId
    from core.links import Grant
    from core.people import Person


class MemoryHealth:
    """The port `Health`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def tally(self, programme_id: ProgrammeId) -> Tally:
        """Count."""
        people = self._people(programme_id)
        grants = self._grants(people)
        amiss = {grant.person_id for grant in grants if _is_amiss(grant)}
        return Tally(len(people), len({grant.person_id for grant in grants}), len(amiss))

    def amiss(self, programme_id: ProgrammeId, limit: int = 20) -> tuple[Amiss, ...]:
        """Return the accounts with something amiss, in order of their people's names."""
        people = self._people(programme_id)
        found = [
            Amiss(g.id, g.person_id, people[g.person_id].name, g.provider, g.why_broken)
            for g in self._grants(people)
            if _is_amiss(g)
        ]
        found.sort(key=lambda one: (one.name.casefold(), one.person_id, one.grant_id))
        return tuple(found[:limit])

    def _people(self, programme_id: ProgrammeId) -> dict[PersonId, Person]:
        members = self._tables.memberships.where(
            lambda m: m.programme_id == programme_id and m.role is not Role.ADMIN
        )
        people = (self._tables.people.need(m.person_id) for m in members)
        return {person.id: person for person in people if person.active}

    def _grants(self, people: dict[PersonId, Person]) -> list[Grant]:
        return self._tables.grants.where(
            lambda g: g.person_id in people and g.state is not LinkState.GONE
        )


def _is_amiss(grant: Grant) -> bool:
    return grant.state is LinkState.BROKEN or grant.why_broken != ""
