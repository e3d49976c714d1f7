"""Reading the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.use_cases.administer import rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import AuditEntry, Ports, Tx


async def latest(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None, limit: int = 20
) -> tuple[tuple[AuditEntry, ...], Mapping[PersonId, Person]]:
    """Return the newest entries and who made them.

    Who has not both powers sees their own programmes' entries only. Raises Refused.
    """

    def work(tx: Tx) -> tuple[tuple[AuditEntry, ...], Mapping[PersonId, Person]]:
        actor = rights.administrator(tx, actor_id)
        if programme_id is not None:
            rights.programme_of(tx, actor_id, programme_id)
            entries = list(tx.audit.latest(actor.org_id, limit, programme_id))
        elif actor.has_both_powers:
            entries = list(tx.audit.latest(actor.org_id, limit))
        else:
            entries = [e for p in actor.own for e in tx.audit.latest(actor.org_id, limit, p.id)]
        chosen = tuple(sorted(entries, key=lambda e: -e.at)[:limit])
        return chosen, tx.people.many({e.actor for e in chosen})

    return await ports.store.read(work)
