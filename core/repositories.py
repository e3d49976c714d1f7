"""What is kept, and how: one small repository per topic, joined in a transaction `Tx`.

`Store.transact(work)` runs a plain function in one transaction. Every Protocol here is passed
by the same contract suite on memory, SQLite and PostgreSQL. Instants are epoch seconds (UTC).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.booking.meeting import EventRef, Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.effects import Effect, EffectState
    from core.health import Health
    from core.ids import (
        EffectId,
        GrantId,
        LinkId,
        MeetingId,
        OrgId,
        PairId,
        PersonId,
        ProgrammeId,
        ProposalId,
        SeriesId,
    )
    from core.links import CalendarLink, Grant, Provider
    from core.people import ChatIdentity, Organisation, Person
    from core.programme import Membership, Pair, Programme
    from core.talk import (
        Conversations,
        Inbox,
        LocalMessages,
        Posts,
        References,
        Workspaces,
    )
    from core.timing.spans import Span
    from core.waiting import Consents

T = TypeVar("T")


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
        """Return those of the ids that exist, in one query."""
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


class Proposals(Protocol):
    """Proposals."""

    def get(self, proposal_id: ProposalId) -> Proposal:
        """Return it. Raises NotFound."""
        ...

    def save(self, proposal: Proposal) -> None:
        """Insert (version 0 and unknown id) or replace; Stale when the version moved on."""
        ...

    def open_of(self, person_id: PersonId) -> tuple[Proposal, ...]:
        """Return the drafted and offered proposals a person asked for or is invited to,
        newest first.
        """
        ...

    def open_in(self, programme_id: ProgrammeId) -> tuple[Proposal, ...]:
        """Return the open proposals of a programme, newest first."""
        ...

    def purge(self, before: int, now: int) -> int:
        """Delete closed proposals whose time was over before an instant (Y25), but those from
        which a booked meeting came that has not ended by `now`; return how many.
        """
        ...


class Claim(NamedTuple):
    """A booked time of one person; `buffer` are the seconds kept free on either side of it."""

    start: int
    end: int
    buffer: int


class Meetings(Protocol):
    """Meetings, the claims on people's time, and where our copies are."""

    def get(self, meeting_id: MeetingId) -> Meeting:
        """Return it. Raises NotFound."""
        ...

    def save(self, meeting: Meeting) -> None:
        """Insert or replace; Stale when the version moved on."""
        ...

    def series(self, series_id: SeriesId) -> Series:
        """Return a series. Raises NotFound."""
        ...

    def save_series(self, series: Series) -> None:
        """Insert or replace a series; Stale when the version moved on."""
        ...

    def of_series(self, series_id: SeriesId) -> tuple[Meeting, ...]:
        """Return the meetings of a series (any state), by slot."""
        ...

    def of_person(self, person_id: PersonId, window: Span) -> tuple[Meeting, ...]:
        """Return a person's meetings (any state) that overlap the window, by start."""
        ...

    def in_programme(self, programme_id: ProgrammeId, window: Span) -> tuple[Meeting, ...]:
        """Return a programme's meetings (any state) that overlap the window, by start."""
        ...

    def claims(
        self, people: Iterable[PersonId], window: Span, without: MeetingId | None = None
    ) -> dict[PersonId, list[Claim]]:
        """Return the booked times of several people, in all programmes, that lie within a day
        of the window; every id is a key.
        """
        ...

    def claim(self, meeting: Meeting) -> None:
        """Take the meeting's time for all who hold it, instead of what it held before. Of an
        optional attendee who has not said yes nothing is taken.

        Raises TimeTaken when, buffers included, a booked meeting of any of them overlaps. Of
        any number of transactions at once that claim the same time, exactly one succeeds.
        """
        ...

    def release(self, meeting_id: MeetingId) -> None:
        """Give the claimed time back."""
        ...

    def refs(self, meeting_id: MeetingId) -> tuple[EventRef, ...]:
        """Return where the copies of a meeting are."""
        ...

    def save_ref(self, ref: EventRef) -> None:
        """Insert or replace one copy's place."""
        ...

    def remove_ref(self, meeting_id: MeetingId, link_id: LinkId) -> None:
        """Forget one copy."""
        ...


class Effects(Protocol):
    """The rows of what still has to be done (effects-and-storage.md)."""

    def add(self, effect: Effect) -> None:
        """Insert; a key that exists already changes nothing."""
        ...

    def claim(self, now: int, lease: int, limit: int, token: str) -> tuple[Effect, ...]:
        """Take up to `limit` due effects for `lease` seconds, never two of one lane at once
        and none before an unfinished earlier one of its lane; attempts are counted up.
        """
        ...

    def finish(self, effect: Effect, state: EffectState, now: int, error: str = "") -> bool:
        """Close an effect at `now`, its new `due_at`, if our lease stands; tell whether it did."""
        ...

    def retry(self, effect: Effect, due_at: int, error: str) -> None:
        """Put an effect back until `due_at`, if our lease still stands."""
        ...

    def get(self, effect_id: EffectId) -> Effect:
        """Return it. Raises NotFound."""
        ...

    def by_key(self, key: str) -> Effect | None:
        """Return the effect with this key."""
        ...

    def cancel(self, key: str) -> None:
        """Take back an effect that is not finished."""
        ...

    def of_meeting(self, meeting_id: MeetingId) -> tuple[Effect, ...]:
        """Return everything that was to be done for a meeting, oldest first."""
        ...

    def of_person(self, person_id: PersonId, limit: int = 20) -> tuple[Effect, ...]:
        """Return what was to reach one person, newest first: the delivery log."""
        ...

    def dead(self, limit: int = 50) -> tuple[Effect, ...]:
        """Return what was given up, newest first."""
        ...

    def revive(self, effect_id: EffectId, now: int) -> bool:
        """Make a given-up effect due again; tell whether it was one."""
        ...

    def next_due(self) -> int | None:
        """Return when the next effect can be claimed, None when none waits."""
        ...

    def purge(self, before: int) -> int:
        """Delete finished effects that were due before an instant (Y25); return how many."""
        ...


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


class Tx(Protocol):
    """One transaction: a small repository per topic. Nothing here can await."""

    @property
    def organisations(self) -> Organisations: ...  # noqa: D102  # one line per repository, documented at its class

    @property
    def people(self) -> People: ...  # noqa: D102

    @property
    def programmes(self) -> Programmes: ...  # noqa: D102

    @property
    def settings(self) -> SettingTexts: ...  # noqa: D102

    @property
    def links(self) -> Links: ...  # noqa: D102

    @property
    def health(self) -> Health: ...  # noqa: D102

    @property
    def consents(self) -> Consents: ...  # noqa: D102

    @property
    def proposals(self) -> Proposals: ...  # noqa: D102

    @property
    def meetings(self) -> Meetings: ...  # noqa: D102

    @property
    def effects(self) -> Effects: ...  # noqa: D102

    @property
    def conversations(self) -> Conversations: ...  # noqa: D102

    @property
    def posts(self) -> Posts: ...  # noqa: D102

    @property
    def local(self) -> LocalMessages: ...  # noqa: D102

    @property
    def inbox(self) -> Inbox: ...  # noqa: D102

    @property
    def workspaces(self) -> Workspaces: ...  # noqa: D102

    @property
    def references(self) -> References: ...  # noqa: D102

    @property
    def audit(self) -> Audit: ...  # noqa: D102

    @property
    def deployment(self) -> Deployment: ...  # noqa: D102


class Store(Protocol):
    """Where everything is kept."""

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a worker thread in one transaction and return what it returns.

        It may be run again (Stale, serialisation failures), so it must have no other effect.
        An exception rolls everything back and is raised.
        """
        ...

    async def read(self, work: Callable[[Tx], T]) -> T:
        """The same for work that only reads; it never waits for writers."""
        ...
