"""Steps of connecting a calendar that wait for their person, each for one use.

Passed by the contract suite on memory, SQLite and PostgreSQL. Instants are epoch seconds (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.ids import PersonId


@dataclass(frozen=True, slots=True)
class PendingConsent:
    """A step of connecting a calendar that waits for its person, at most until `expires_at`.

    `id` is random and hard to guess: the OAuth state, or what a signed link names. `data` is
    sealed at rest and wiped with the first use; `used` tells a repetition from a first use.
    """

    id: str
    person_id: PersonId
    kind: str
    data: Mapping[str, str] = field(repr=False)
    expires_at: int
    used: bool = False


class Consents(Protocol):
    """Steps of connecting that wait, each for one use (sealed at rest)."""

    def put(self, pending: PendingConsent) -> None:
        """Insert."""
        ...

    def get(self, pending_id: str) -> PendingConsent | None:
        """Return one as it stands, used ones without their data."""
        ...

    def take(self, pending_id: str) -> PendingConsent | None:
        """Return one and mark it used: of any number of calls exactly one gets the data."""
        ...

    def purge(self, before: int) -> int:
        """Delete those that expired before an instant; return how many."""
        ...
