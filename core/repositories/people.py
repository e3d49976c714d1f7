"""What is kept of organisations, people, programmes and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.ids import OrgId, PairId, PersonId, ProgrammeId
    from core.people import ChatIdentity, Organisation, Person
    from core.programme import Membership, Pair, Programme


class Organisations(Protocol):
    """Organisations."""

    def get(self, org_id: OrgId) -> Organisation:
        """Return it. Raises NotFound."""
        ...

    def all(self) -> tuple[Organisation, ...]:
        """Return all, in order of name."""
        ...

    def save(self, organisation: Organisation) -> None:
        """Insert or replace."""
        ...


class People(Protocol):
    """People and their chat identities."""

    def get(self, person_id: PersonId) -> Person:
        """Return the person. Raises NotFound."""
        ...

    def many(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        """Return those of the ids that exist, in their order, in one query."""
        ...

    def of(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return all people of an organisation, in order of name."""
        ...

    def administrators(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return the active global administrators of an organisation, in order of name."""
        ...

    def by_email(self, org_id: OrgId, email: str) -> Person | None:
        """Return the person with this address, compared without case."""
        ...

    def save(self, person: Person) -> None:
        """Insert or replace. E-mail addresses are unique per organisation: Conflict if not."""
        ...

    def by_identity(self, identity: ChatIdentity) -> Person | None:
        """Return the person behind a chat identity."""
        ...

    def identify(self, identity: ChatIdentity, person_id: PersonId) -> None:
        """Say that a chat identity is this person."""
        ...

    def identities(self, person_id: PersonId) -> tuple[ChatIdentity, ...]:
        """Return the chat identities of a person."""
        ...


class Programmes(Protocol):
    """Programmes, memberships and pairs."""

    def get(self, programme_id: ProgrammeId) -> Programme:
        """Return it. Raises NotFound."""
        ...

    def of(self, org_id: OrgId) -> tuple[Programme, ...]:
        """Return all programmes of an organisation, ended ones too, in order of name."""
        ...

    def save(self, programme: Programme) -> None:
        """Insert or replace."""
        ...

    def members(self, programme_id: ProgrammeId) -> tuple[Membership, ...]:
        """Return every role in a programme."""
        ...

    def roles(self, person_id: PersonId) -> tuple[Membership, ...]:
        """Return every role of a person, in programmes that have not ended."""
        ...

    def join(self, membership: Membership) -> None:
        """Give a role; giving it twice changes nothing."""
        ...

    def leave(self, membership: Membership) -> None:
        """Take a role away; one that is not there changes nothing."""
        ...

    def pairs(self, programme_id: ProgrammeId) -> tuple[Pair, ...]:
        """Return the pairs of a programme."""
        ...

    def pairs_of(self, person_id: PersonId) -> tuple[Pair, ...]:
        """Return a person's pairs, in programmes that have not ended."""
        ...

    def add_pair(self, pair: Pair) -> None:
        """Insert a pair; the same two people in the same programme are one pair."""
        ...

    def remove_pair(self, pair_id: PairId) -> None:
        """Delete a pair."""
        ...


class SettingTexts(Protocol):
    """Setting texts per scope: an OrgId or a ProgrammeId."""

    def read(self, scope: str) -> dict[str, str]:
        """Return the texts stored for a scope."""
        ...

    def write(self, scope: str, key: str, text: str | None) -> None:
        """Store a text, or remove it with None."""
        ...
