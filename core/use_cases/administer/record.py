"""The audit line of a change, written in the transaction of the change itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ports import AuditEntry

if TYPE_CHECKING:
    from core.ids import ProgrammeId
    from core.people import Person
    from core.ports import Tx


def note(
    tx: Tx,
    actor: Person,
    now: int,
    action: str,
    detail: str,
    programme_id: ProgrammeId | None = None,
) -> None:
    """Append what `actor` did; `action` is "thing.verb", `detail` facts without any secret."""
    tx.audit.add(AuditEntry(now, actor.org_id, actor.id, action, detail, programme_id))
