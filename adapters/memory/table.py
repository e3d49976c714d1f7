"""Dictionaries that behave like the tables of a database with transactions.

A transaction works on a fork: it shares the committed rows until its first write copies them, so
that giving it up costs nothing and readers never see half of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Generic, TypeVar

from core.errors import NotFound, TandemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.booking.meeting import EventRef, Meeting
    from core.booking.proposal import Proposal
    from core.booking.series import Series
    from core.effects import Effect
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
    from core.links import CalendarLink, Grant
    from core.people import ChatIdentity, Organisation, Person
    from core.programme import Membership, Pair, Programme
    from core.repositories import AuditEntry, Claim
    from core.talk import Inbound, LocalMessage, Post, Workspace
    from core.waiting import PendingConsent

K = TypeVar("K")
V = TypeVar("V")


class Table(Generic[K, V]):
    """Rows by key, in the order in which they were first put there."""

    def __init__(self, rows: dict[K, V] | None = None, *, writable: bool = True) -> None:
        self._rows: dict[K, V] = {} if rows is None else rows
        self._writable = writable
        self._shared = rows is not None
        self.touched: set[K] = set()

    def fork(self, *, writable: bool) -> Table[K, V]:
        """Return the table of a new transaction."""
        return Table(self._rows, writable=writable)

    def get(self, key: K) -> V | None:
        """Return a row."""
        return self._rows.get(key)

    def need(self, key: K) -> V:
        """Return a row. Raises NotFound."""
        row = self._rows.get(key)
        if row is None:
            raise NotFound(str(key))
        return row

    def put(self, key: K, row: V) -> None:
        """Insert or replace a row."""
        self._own()
        self._rows[key] = row
        self.touched.add(key)

    def drop(self, *keys: K) -> int:
        """Delete rows; return how many there were."""
        self._own()
        return len([key for key in keys if self._rows.pop(key, None) is not None])

    def where(self, test: Callable[[V], object]) -> list[V]:
        """Return the rows that pass a test."""
        return [row for row in self._rows.values() if test(row)]

    def items(self) -> list[tuple[K, V]]:
        """Return keys and rows."""
        return list(self._rows.items())

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def _own(self) -> None:
        if not self._writable:
            message = "this transaction only reads"
            raise TandemError(message)
        if self._shared:
            self._rows, self._shared = dict(self._rows), False


@dataclass(frozen=True, slots=True)
class Held:
    """The time of one person that one meeting holds."""

    meeting_id: MeetingId
    person_id: PersonId
    claim: Claim

    def meets(self, other: Claim) -> bool:
        """Tell whether less than the larger of both buffers lies between the two."""
        own = self.claim
        gap = max(own.buffer, other.buffer)
        return own.start < other.end + gap and other.start < own.end + gap


@dataclass(frozen=True, slots=True)
class Waiting:
    """What came in, with its place in the order, when it is due, and whether it was answered."""

    number: int
    inbound: Inbound
    due_at: int
    done: bool = False


@dataclass(slots=True)
class Tables:
    """Every table of the store."""

    organisations: Table[OrgId, Organisation] = field(default_factory=Table)
    people: Table[PersonId, Person] = field(default_factory=Table)
    identities: Table[ChatIdentity, PersonId] = field(default_factory=Table)
    programmes: Table[ProgrammeId, Programme] = field(default_factory=Table)
    memberships: Table[Membership, Membership] = field(default_factory=Table)
    pairs: Table[PairId, Pair] = field(default_factory=Table)
    settings: Table[tuple[str, str], str] = field(default_factory=Table)
    grants: Table[GrantId, Grant] = field(default_factory=Table)
    links: Table[LinkId, CalendarLink] = field(default_factory=Table)
    proposals: Table[ProposalId, Proposal] = field(default_factory=Table)
    meetings: Table[MeetingId, Meeting] = field(default_factory=Table)
    claims: Table[tuple[MeetingId, PersonId], Held] = field(default_factory=Table)
    refs: Table[tuple[MeetingId, LinkId], EventRef] = field(default_factory=Table)
    effects: Table[EffectId, Effect] = field(default_factory=Table)
    conversations: Table[str, tuple[str, int]] = field(default_factory=Table)
    posts: Table[tuple[PersonId, str, str], tuple[Post, int]] = field(default_factory=Table)
    local: Table[str, LocalMessage] = field(default_factory=Table)
    consents: Table[str, PendingConsent] = field(default_factory=Table)
    inbound: Table[str, Waiting] = field(default_factory=Table)
    workspaces: Table[tuple[str, str], Workspace] = field(default_factory=Table)
    references: Table[tuple[str, str, str], str] = field(default_factory=Table)
    audit: Table[int, AuditEntry] = field(default_factory=Table)
    deployment: Table[str, str] = field(default_factory=Table)
    series: Table[SeriesId, Series] = field(default_factory=Table)

    def fork(self, *, writable: bool) -> Tables:
        """Return the tables of a new transaction."""
        return Tables(*(getattr(self, f.name).fork(writable=writable) for f in fields(self)))

    def check(self) -> None:
        """Refuse a transaction that leaves a written row pointing nowhere. Raises NotFound."""
        for message in self._dangling():
            raise NotFound(message)

    def _dangling(self) -> Iterator[str]:
        for name, target, pick in REFERENCES:
            table, others = getattr(self, name), getattr(self, target)
            for key in table.touched:
                row = table.get(key)
                wanted = pick(row) if row is not None else ()
                yield from (f"{name}: no {target} {one}" for one in wanted if one not in others)


REFERENCES: tuple[tuple[str, str, Callable[..., tuple[str, ...]]], ...] = (
    ("people", "organisations", lambda row: (row.org_id,)),
    ("identities", "people", lambda row: (row,)),
    ("programmes", "organisations", lambda row: (row.org_id,)),
    ("memberships", "programmes", lambda row: (row.programme_id,)),
    ("memberships", "people", lambda row: (row.person_id,)),
    ("pairs", "programmes", lambda row: (row.programme_id,)),
    ("pairs", "people", lambda row: (row.mentor_id, row.mentee_id)),
    ("grants", "people", lambda row: (row.person_id,)),
    ("links", "grants", lambda row: (row.grant_id,)),
    ("links", "people", lambda row: (row.person_id,)),
    ("consents", "people", lambda row: (row.person_id,)),
    ("workspaces", "organisations", lambda row: (row.org_id,) if row.org_id else ()),
    ("proposals", "programmes", lambda row: (row.request.programme_id,)),
    ("proposals", "people", lambda row: (row.request.asker, *row.request.attendees)),
    ("meetings", "programmes", lambda row: (row.programme_id,)),
    ("meetings", "people", lambda row: row.people),
    ("meetings", "series", lambda row: (row.series,) if row.series else ()),
    ("series", "programmes", lambda row: (row.programme_id,)),
    ("claims", "meetings", lambda row: (row.meeting_id,)),
    ("claims", "people", lambda row: (row.person_id,)),
    ("refs", "meetings", lambda row: (row.meeting_id,)),
)
