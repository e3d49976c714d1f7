"""What a person wants for themselves: kept for all programmes, listable, taken back by undo (R43).

A change is a function from the person as stored to the person as wanted, so that two changes at
once cannot lose one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import new_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx


async def change_person(
    ports: Ports, person_id: PersonId, change: Callable[[Person], Person]
) -> tuple[Person, Person]:
    """Apply a change to one person; return them before and after. With a new zone of their own
    they hear which sessions are outside their hours by that. Raises NotFound, and
    ValueError from the change itself, in which case nothing is stored.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> tuple[Person, Person]:
        before = tx.people.get(person_id)
        after = change(before)
        if after != before:
            tx.people.save(after)
            new_home.look(tx, before, after, now)
        return before, after

    return await ports.store.transact(work)
