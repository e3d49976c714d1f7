"""When somebody wants to be reminded of their sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reminding import own_leads, want

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.ports import Ports, Tx


async def set_reminders(
    ports: Ports, person_id: PersonId, leads: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    """Keep how many minutes before a session somebody is reminded, None for as the programme has
    it; return what was kept before. Raises NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> tuple[int, ...] | None:
        person = tx.people.get(person_id)
        before = own_leads(tx, person)
        if before != leads:
            want(tx, person, leads, now)
        return before

    return await ports.store.transact(work)


async def reminders_of(ports: Ports, person_id: PersonId) -> tuple[int, ...] | None:
    """Return what somebody wants; None for as the programme has it."""
    return await ports.store.read(lambda tx: own_leads(tx, tx.people.get(person_id)))
