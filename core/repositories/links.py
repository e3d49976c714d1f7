"""What is kept of connected calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.ids import GrantId, LinkId, OrgId, PersonId
    from core.links import CalendarLink, Grant, Provider


class Links(Protocol):
    """Grants (sealed at rest) and the calendar links inside them."""

    def grant(self, grant_id: GrantId) -> Grant:
        """Return the grant, opened. Raises NotFound."""
        ...

    def grants_of(self, people: Iterable[PersonId]) -> dict[GrantId, Grant]:
        """Return the grants of several people, opened, in one query; not those in state GONE."""
        ...

    def save_grant(self, grant: Grant) -> None:
        """Insert or replace (version-checked: Stale)."""
        ...

    def remove_grant(self, grant_id: GrantId) -> None:
        """Delete a grant with all its links."""
        ...

    def holders(self, org_id: OrgId, provider: Provider) -> dict[GrantId, PersonId]:
        """Return who of an organisation has which account at a service; nothing is opened."""
        ...

    def get(self, link_id: LinkId) -> CalendarLink:
        """Return a link. Raises NotFound."""
        ...

    def of(self, people: Iterable[PersonId]) -> dict[PersonId, tuple[CalendarLink, ...]]:
        """Return the links of several people in one query; every id is a key. Those of grants in
        state GONE, which stay until our copies are out of them, are not among them.
        """
        ...

    def save(self, link: CalendarLink) -> None:
        """Insert or replace."""
        ...

    def remove(self, link_id: LinkId) -> None:
        """Delete a link."""
        ...

    def reseal(self) -> int:
        """Seal all that is sealed anew with the ring's first key; return how many rows changed."""
        ...
