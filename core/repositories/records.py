"""What is kept for the administrators: the audit log and the facts of the first start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.ids import OrgId, PersonId, ProgrammeId


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change by one administrator."""

    at: int
    org_id: OrgId
    actor: PersonId
    action: str
    detail: str
    programme_id: ProgrammeId | None = None


class Audit(Protocol):
    """The audit log; it is only appended to and read."""

    def add(self, entry: AuditEntry) -> None:
        """Append one entry."""
        ...

    def latest(
        self, org_id: OrgId, limit: int = 20, programme_id: ProgrammeId | None = None
    ) -> tuple[AuditEntry, ...]:
        """Return the newest entries first."""
        ...


class Deployment(Protocol):
    """Facts that are fixed at the first start (the assistant's address), sealed at rest."""

    def get(self, key: str) -> str | None:
        """Return a fact."""
        ...

    def put(self, key: str, value: str) -> None:
        """Store a fact."""
        ...
