"""How a programme stands: who is unconnected, unbooked, unpaired or waited for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.keeping import troubles
from core.links import LinkState
from core.programme import Role
from core.timing.zones import DAY
from core.use_cases.administer import future, rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId, ProgrammeId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.programme import Pair, Programme

CHUNK = 500
"""People asked for in one query, so that no statement grows with the organisation."""
SOON = 7 * DAY


class Lack(StrEnum):
    """What somebody lacks; each is one list of the status."""

    UNCONNECTED = "unconnected"
    BROKEN = "broken"  # connected once, and must connect again
    UNPAIRED = "unpaired"
    UNBOOKED = "unbooked"
    WAITING = "waiting"  # has not answered a proposal


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in one list. `partner` is whom it is about; `since` epoch seconds, 0 unknown."""

    person: Person
    partner: Person | None = None
    since: int = 0
    proposal: ProposalId | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The status of one programme: counts, and a list per lack in order of name.

    `soon` counts the sessions of the next seven days, `later` those after them.
    """

    programme: Programme
    people: int
    pairs: int
    soon: int
    later: int
    lists: Mapping[Lack, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the status of one programme is worked out from."""

    now: int
    people: Mapping[PersonId, Person]
    roles: Mapping[PersonId, frozenset[Role]]
    pairs: Sequence[Pair]
    meetings: Sequence[Meeting]
    proposals: Sequence[Proposal]
    connected: frozenset[PersonId]
    broken: Mapping[PersonId, int]


async def overview(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId) -> Overview:
    """Return how a programme stands. Raises Refused, Unfit, NotFound."""

    def work(tx: Tx) -> Overview:
        _, programme = rights.programme_of(tx, actor_id, programme_id)
        return look(tx, programme, ports.clock.now())

    return await ports.store.read(work)


def look(tx: Tx, programme: Programme, now: int) -> Overview:
    """Work out how a programme stands, in an open transaction."""
    facts = _facts(tx, programme, now)
    booked = [m for m in facts.meetings if m.state is MeetingState.BOOKED and m.start >= now]
    soon = sum(1 for m in booked if m.start < now + SOON)
    lists = {
        Lack.UNCONNECTED: tuple(_of_people(facts, facts.people.keys() - facts.connected)),
        Lack.BROKEN: tuple(_of_people(facts, facts.broken, facts.broken)),
        Lack.UNPAIRED: tuple(_unpaired(facts)),
        Lack.UNBOOKED: tuple(_unbooked(facts, booked)),
        Lack.WAITING: tuple(_waiting(facts)),
    }
    return Overview(programme, len(facts.people), len(facts.pairs), soon, len(booked) - soon, lists)


def _facts(tx: Tx, programme: Programme, now: int) -> Facts:
    """Load it; only people who take part count, not those who only administer."""
    roles: dict[PersonId, frozenset[Role]] = {}
    for member in tx.programmes.members(programme.id):
        if member.role is not Role.ADMIN:
            held = roles.get(member.person_id, frozenset())
            roles[member.person_id] = held | {member.role}
    people = {p.id: p for p in tx.people.of(programme.org_id) if p.id in roles and p.active}
    connected, broken = _connections(tx, list(people))
    window = (now, now + future.HORIZON)
    return Facts(
        now,
        people,
        roles,
        [
            p
            for p in tx.programmes.pairs(programme.id)
            if p.mentor_id in people and p.mentee_id in people
        ],
        tx.meetings.in_programme(programme.id, window),
        tx.proposals.open_in(programme.id),
        connected,
        broken,
    )


def _connections(
    tx: Tx, people: Sequence[PersonId]
) -> tuple[frozenset[PersonId], dict[PersonId, int]]:
    """Return who has connected a calendar, and whose connection is broken since when (0 unknown).

    An account that opens without a calendar that was linked is broken, too.
    """
    connected: set[PersonId] = set()
    broken: dict[PersonId, int] = {}
    for at in range(0, len(people), CHUNK):
        for grant in tx.links.grants_of(people[at : at + CHUNK]).values():
            connected.add(grant.person_id)
            if grant.state is LinkState.BROKEN or grant.why_broken:
                since = [t.since for t in troubles(grant.why_broken)]
                broken[grant.person_id] = min(since, default=0)
    return frozenset(connected), broken


def _of_people(
    facts: Facts, chosen: Iterable[PersonId], since: Mapping[PersonId, int] | None = None
) -> Iterator[Entry]:
    """Return entries in the order of names in which people were loaded."""
    wanted = frozenset(chosen)
    times = since or {}
    return (
        Entry(person, since=times.get(person.id, 0))
        for person in facts.people.values()
        if person.id in wanted
    )


def _unpaired(facts: Facts) -> Iterator[Entry]:
    """Return the mentees and coachees who have nobody."""
    paired = {p.mentee_id for p in facts.pairs}
    follow = {
        person
        for person, roles in facts.roles.items()
        if roles & {Role.MENTEE, Role.COACHEE} and person not in paired
    }
    return _of_people(facts, follow)


def _unbooked(facts: Facts, booked: Sequence[Meeting]) -> Iterator[Entry]:
    """Return the mentees of pairs with no session ahead and no proposal between them."""
    busy: set[tuple[PersonId, PersonId]] = set()
    groups = [m.people for m in booked] + [p.request.attendees for p in facts.proposals]
    for group in groups:
        busy.update((one, other) for one in group for other in group)
    order = {person: number for number, person in enumerate(facts.people)}
    for pair in sorted(facts.pairs, key=lambda p: order[p.mentee_id]):
        if (pair.mentee_id, pair.mentor_id) not in busy:
            yield Entry(facts.people[pair.mentee_id], facts.people[pair.mentor_id])


def _waiting(facts: Facts) -> Iterator[Entry]:
    """Return who has not answered an offered proposal, the longest wait first."""
    offered = [p for p in facts.proposals if p.state is ProposalState.OFFERED]
    for proposal in sorted(offered, key=lambda p: p.made_at):
        asker = facts.people.get(proposal.request.asker)
        for person_id in proposal.waiting_for():
            if person_id in facts.people:
                person = facts.people[person_id]
                yield Entry(person, asker, proposal.made_at, proposal.id)
