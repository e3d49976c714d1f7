"""What a person has got: sessions to come, and proposals that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.spans import Span

YEAR = 366 * 86_400


@dataclass(frozen=True, slots=True)
class Agenda:
    """Booked sessions by start, open proposals newest first, and the people in them."""

    meetings: tuple[Meeting, ...]
    proposals: tuple[Proposal, ...]
    people: dict[PersonId, Person]


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
        return Agenda(booked, waiting, tx.people.many(dict.fromkeys([person_id, *ids])))

    return await ports.store.read(load)
