"""Reading the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.use_cases.administer import rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import AuditEntry, Ports, Tx
    from core.programme import Programme
    from core.use_cases.administer.rights import Standing


@dataclass(frozen=True, slots=True)
class Log:
    """Some entries, newest first, with who made them and the programmes they are about."""

    entries: tuple[AuditEntry, ...]
    people: Mapping[PersonId, Person]
    programmes: Mapping[ProgrammeId, Programme]


async def reader(ports: Ports, actor_id: PersonId) -> Standing:
    """Return what somebody may read the log of, ended programmes too. Raises Refused."""
    return await ports.store.read(lambda tx: rights.reader(tx, actor_id))


async def latest(
    ports: Ports, actor_id: PersonId, programme_id: ProgrammeId | None, limit: int = 20
) -> Log:
    """Return the newest entries.

    Who has not both powers sees their own programmes' entries only. Raises Refused.
    """

    def work(tx: Tx) -> Log:
        actor = rights.reader(tx, actor_id)
        if programme_id is not None:
            rights.programme_of(tx, actor_id, programme_id)
            entries = list(tx.audit.latest(actor.org_id, limit, programme_id))
        elif actor.has_both_powers:
            entries = list(tx.audit.latest(actor.org_id, limit))
        else:
            entries = [
                e for p in actor.administered for e in tx.audit.latest(actor.org_id, limit, p)
            ]
        chosen = tuple(sorted(entries, key=lambda e: -e.at)[:limit])
        known = {p.id: p for p in tx.programmes.of(actor.org_id)}
        return Log(chosen, tx.people.many({e.actor for e in chosen}), known)

    return await ports.store.read(work)
