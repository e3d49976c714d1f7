"""How many of their sessions each pair of a programme has used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.meeting import MeetingState
from core.counting import EVER, is_charged, numbered
from core.use_cases.administer import rights

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.programme import Programme


@dataclass(frozen=True, slots=True)
class PairCount:
    """One pair: sessions used or booked, how many of them were held, how many were missed, and
    when the next one is (epoch seconds, 0 for none).
    """

    mentor: Person
    mentee: Person
    used: int
    held: int
    missed: int
    next: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The pairs of a programme, those who have used most first; `limit` 0 is any number."""

    programme: Programme
    limit: int
    pairs: tuple[PairCount, ...]


async def by_pair(ports: Ports, actor_id: PersonId, programme_id: ProgrammeId) -> Counts:
    """Return the count of every pair. Raises Refused, Unfit, NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> Counts:
        _, programme = rights.programme_of(tx, actor_id, programme_id)
        return _counts(tx, programme, now)

    return await ports.store.read(work)


def _counts(tx: Tx, programme: Programme, now: int) -> Counts:
    policy = load_policy(tx, programme)
    shared: dict[frozenset[PersonId], list[Meeting]] = {}
    for meeting in tx.meetings.in_programme(programme.id, EVER):
        shared.setdefault(frozenset(meeting.people), []).append(meeting)
    pairs = tx.programmes.pairs(programme.id)
    people = tx.people.many(p for pair in pairs for p in (pair.mentor_id, pair.mentee_id))
    found = [
        _count(
            tx,
            people[pair.mentor_id],
            people[pair.mentee_id],
            shared.get(frozenset((pair.mentor_id, pair.mentee_id)), []),
            now,
        )
        for pair in pairs
        if pair.mentor_id in people and pair.mentee_id in people
    ]
    found.sort(key=lambda c: (-c.used, c.mentor.name, c.mentee.name))
    return Counts(programme, policy.sessions, tuple(found))


def _count(tx: Tx, mentor: Person, mentee: Person, meetings: list[Meeting], now: int) -> PairCount:
    off = [m.id for m in meetings if m.state is MeetingState.CANCELLED]
    coming = [m.start for m in meetings if m.state is MeetingState.BOOKED and m.end > now]
    return PairCount(
        mentor,
        mentee,
        used=len(numbered(meetings, {i for i in off if is_charged(tx, i)})),
        held=sum(1 for m in meetings if m.state is MeetingState.HELD),
        missed=sum(1 for m in meetings if m.state is MeetingState.MISSED),
        next=min(coming, default=0),
    )
