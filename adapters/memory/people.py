"""Organisations, people, programmes, settings and calendar links in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from core.errors import Conflict, Stale
from core.links import LinkState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from adapters.memory.table import Table, Tables
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.ids import GrantId, LinkId, OrgId, PairId, PersonId, ProgrammeId
    from core.links import CalendarLink, Grant, Provider
    from core.people import ChatIdentity, Organisation, Person
    from core.programme import Membership, Pair, Programme
    from core.waiting import PendingConsent

K = TypeVar("K")
R = TypeVar("R", "Grant", "Proposal", "Meeting", "Series")


class Named(Protocol):
    """What has a name and an id to be sorted by."""

    @property
    def id(self) -> str: ...  # noqa: D102

    @property
    def name(self) -> str: ...  # noqa: D102


def by_name(row: Named) -> tuple[str, str]:
    """Return the sort key of rows that have a name."""
    return row.name.casefold(), row.id


def save_versioned(table: Table[K, R], key: K, row: R) -> None:
    """Insert a row of version 0, or replace the same version by the next. Raises Stale."""
    known = table.get(key)
    if (known.version if known else 0) != row.version:
        raise Stale(str(key))
    table.put(key, replace(row, version=row.version + 1) if known else row)


class MemoryOrganisations:
    """The port `Organisations`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.organisations

    def get(self, org_id: OrgId) -> Organisation:
        """Return it. Raises NotFound."""
        return self._rows.need(org_id)

    def all(self) -> tuple[Organisation, ...]:
        """Return all, in order of name."""
        return tuple(sorted(self._rows.where(lambda _: True), key=by_name))

    def save(self, organisation: Organisation) -> None:
        """Insert or replace."""
        self._rows.put(organisation.id, organisation)


class MemoryPeople:
    """The port `People`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.people
        self._identities = tables.identities

    def get(self, person_id: PersonId) -> Person:
        """Return the person. Raises NotFound."""
        return self._rows.need(person_id)

    def many(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        """Return those of the ids that exist."""
        found = ((one, self._rows.get(one)) for one in ids)
        return {one: person for one, person in found if person}

    def of(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return all people of an organisation, in order of name."""
        return tuple(sorted(self._rows.where(lambda p: p.org_id == org_id), key=by_name))

    def administrators(self, org_id: OrgId) -> tuple[Person, ...]:
        """Return the active global administrators of an organisation, in order of name."""
        return tuple(p for p in self.of(org_id) if p.is_admin and p.active)

    def by_email(self, org_id: OrgId, email: str) -> Person | None:
        """Return the person with this address, compared without case."""
        wanted = email.casefold()
        rows = self._rows.where(lambda p: p.org_id == org_id and p.email.casefold() == wanted)
        return rows[0] if rows else None

    def save(self, person: Person) -> None:
        """Insert or replace. Raises Conflict for another person's address."""
        holder = self.by_email(person.org_id, person.email)
        if holder and holder.id != person.id:
            raise Conflict("another person has this address")
        self._rows.put(person.id, person)

    def by_identity(self, identity: ChatIdentity) -> Person | None:
        """Return the person behind a chat identity."""
        person_id = self._identities.get(identity)
        return self._rows.get(person_id) if person_id else None

    def identify(self, identity: ChatIdentity, person_id: PersonId) -> None:
        """Say that a chat identity is this person."""
        self._identities.put(identity, person_id)

    def identities(self, person_id: PersonId) -> tuple[ChatIdentity, ...]:
        """Return the chat identities of a person."""
        return tuple(sorted(one for one, who in self._identities.items() if who == person_id))


class MemoryProgrammes:
    """The port `Programmes`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.programmes
        self._members = tables.memberships
        self._pairs = tables.pairs

    def get(self, programme_id: ProgrammeId) -> Programme:
        """Return it. Raises NotFound."""
        return self._rows.need(programme_id)

    def of(self, org_id: OrgId) -> tuple[Programme, ...]:
        """Return all programmes of an organisation, in order of name."""
        return tuple(sorted(self._rows.where(lambda p: p.org_id == org_id), key=by_name))

    def save(self, programme: Programme) -> None:
        """Insert or replace."""
        self._rows.put(programme.id, programme)

    def members(self, programme_id: ProgrammeId) -> tuple[Membership, ...]:
        """Return every role in a programme."""
        return tuple(self._members.where(lambda m: m.programme_id == programme_id))

    def roles(self, person_id: PersonId) -> tuple[Membership, ...]:
        """Return every role of a person, in programmes that have not ended."""
        rows = self._members.where(lambda m: m.person_id == person_id)
        return tuple(m for m in rows if self._runs(m.programme_id))

    def join(self, membership: Membership) -> None:
        """Give a role; giving it twice changes nothing."""
        self._members.put(membership, membership)

    def leave(self, membership: Membership) -> None:
        """Take a role away."""
        self._members.drop(membership)

    def pairs(self, programme_id: ProgrammeId) -> tuple[Pair, ...]:
        """Return the pairs of a programme."""
        return tuple(self._pairs.where(lambda p: p.programme_id == programme_id))

    def pairs_of(self, person_id: PersonId) -> tuple[Pair, ...]:
        """Return a person's pairs, in programmes that have not ended."""
        rows = self._pairs.where(lambda p: p.partner_of(person_id))
        return tuple(p for p in rows if self._runs(p.programme_id))

    def add_pair(self, pair: Pair) -> None:
        """Insert a pair; the same two people in the same programme are one pair."""
        two = {pair.mentor_id, pair.mentee_id}
        known = (p for p in self.pairs(pair.programme_id) if {p.mentor_id, p.mentee_id} == two)
        if pair.id not in self._pairs and next(known, None) is None:
            self._pairs.put(pair.id, pair)

    def remove_pair(self, pair_id: PairId) -> None:
        """Delete a pair."""
        self._pairs.drop(pair_id)

    def _runs(self, programme_id: ProgrammeId) -> bool:
        programme = self._rows.get(programme_id)
        return programme is not None and not programme.ended


class MemorySettings:
    """The port `SettingTexts`."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.settings

    def read(self, scope: str) -> dict[str, str]:
        """Return the texts stored for a scope."""
        return {key: text for (where, key), text in self._rows.items() if where == scope}

    def write(self, scope: str, key: str, text: str | None) -> None:
        """Store a text, or remove it with None."""
        if text is None:
            self._rows.drop((scope, key))
        else:
            self._rows.put((scope, key), text)


class MemoryLinks:
    """The port `Links`; in memory there is nothing to seal."""

    def __init__(self, tables: Tables) -> None:
        self._grants = tables.grants
        self._links = tables.links
        self._people = tables.people

    def grant(self, grant_id: GrantId) -> Grant:
        """Return the grant. Raises NotFound."""
        return self._grants.need(grant_id)

    def grants_of(self, people: Iterable[PersonId]) -> dict[GrantId, Grant]:
        """Return the grants of several people."""
        wanted = frozenset(people)
        rows = self._grants.where(lambda g: g.person_id in wanted and g.state is not LinkState.GONE)
        return {grant.id: grant for grant in rows}

    def save_grant(self, grant: Grant) -> None:
        """Insert or replace. Raises Stale."""
        save_versioned(self._grants, grant.id, grant)

    def remove_grant(self, grant_id: GrantId) -> None:
        """Delete a grant with all its links."""
        self._grants.drop(grant_id)
        self._links.drop(*(c.id for c in self._links.where(lambda c: c.grant_id == grant_id)))

    def holders(self, org_id: OrgId, provider: Provider) -> dict[GrantId, PersonId]:
        """Return who of an organisation has which account at a service."""
        rows = self._grants.where(
            lambda g: (
                g.provider is provider
                and g.state is not LinkState.GONE
                and self._people.need(g.person_id).org_id == org_id
            )
        )
        return {grant.id: grant.person_id for grant in sorted(rows, key=lambda g: g.id)}

    def get(self, link_id: LinkId) -> CalendarLink:
        """Return a link. Raises NotFound."""
        return self._links.need(link_id)

    def of(self, people: Iterable[PersonId]) -> dict[PersonId, tuple[CalendarLink, ...]]:
        """Return the links of several people; every id is a key."""
        found: dict[PersonId, list[CalendarLink]] = {person: [] for person in people}
        for link in self._links.where(lambda c: c.person_id in found):
            grant = self._grants.get(link.grant_id)
            if grant is None or grant.state is not LinkState.GONE:
                found[link.person_id].append(link)
        return {who: tuple(sorted(some, key=lambda c: c.id)) for who, some in found.items()}

    def save(self, link: CalendarLink) -> None:
        """Insert or replace."""
        self._links.put(link.id, link)

    def remove(self, link_id: LinkId) -> None:
        """Delete a link."""
        self._links.drop(link_id)

    def reseal(self) -> int:
        """Return 0: nothing is sealed."""
        return 0


class MemoryConsents:
    """The port `Consents`; in memory there is nothing to seal."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.consents

    def put(self, pending: PendingConsent) -> None:
        """Insert."""
        self._rows.put(pending.id, pending)

    def get(self, pending_id: str) -> PendingConsent | None:
        """Return one as it stands, used ones without their data."""
        return self._rows.get(pending_id)

    def take(self, pending_id: str) -> PendingConsent | None:
        """Return one and mark it used."""
        row = self._rows.get(pending_id)
        if row is not None and not row.used:
            self._rows.put(pending_id, replace(row, data={}, used=True))
        return row

    def purge(self, before: int) -> int:
        """Delete those that expired before an instant; return how many."""
        return self._rows.drop(*(r.id for r in self._rows.where(lambda r: r.expires_at < before)))
