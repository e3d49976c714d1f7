"""What a person has got: sessions to come, and proposals that wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from core.booking.meeting import MeetingState
from core.counting import count

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.counting import Count
    from core.ids import MeetingId, PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.spans import Span

YEAR = 366 * 86_400


class Place(NamedTuple):
    """Which session of a pair it is, of how many that the programme gives them."""

    number: int
    limit: int
    programme: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """Booked sessions by start, open proposals newest first, and the people in them; `counts`
    are the places of sessions among those of their pair, where the programme limits these.
    """

    meetings: tuple[Meeting, ...]
    proposals: tuple[Proposal, ...]
    people: dict[PersonId, Person]
    counts: dict[MeetingId, Place] = field(default_factory=dict)


async def agenda(ports: Ports, person_id: PersonId, window: Span | None = None) -> Agenda:
    """Return what a person has got from now on, or in a window (epoch seconds)."""
    now = ports.clock.now()

    def load(tx: Tx) -> Agenda:
        reach = window or (now, now + YEAR)
        booked = tuple(
            m
            for m in tx.meetings.of_person(person_id, reach)
            if m.state is MeetingState.BOOKED and m.end > now
        )
        waiting = tuple(p for p in tx.proposals.open_of(person_id) if p.expires_at > now)
        ids = [p for m in booked for p in m.people]
        ids += [p for w in waiting for p in (w.request.asker, *w.request.attendees)]
        people = tx.people.many(dict.fromkeys([person_id, *ids]))
        return Agenda(booked, waiting, people, _places(tx, booked))

    return await ports.store.read(load)


def _places(tx: Tx, meetings: tuple[Meeting, ...]) -> dict[MeetingId, Place]:
    """Return which of their pair's sessions these are; each pair is counted once."""
    known: dict[tuple[ProgrammeId, frozenset[PersonId]], Count | None] = {}
    places: dict[MeetingId, Place] = {}
    for meeting in meetings:
        key = (meeting.programme_id, frozenset(meeting.people))
        if key not in known:
            known[key] = count(tx, *key)
        counted = known[key]
        if counted is not None:
            name = tx.programmes.get(meeting.programme_id).name
            places[meeting.id] = Place(counted.numbers[meeting.id], counted.limit, name)
    return places
