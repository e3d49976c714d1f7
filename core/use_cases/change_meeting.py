"""Change a meeting that stands: cancel it, answer it, give it a place.

Moving it is a proposal like any other (`MeetingRequest.moves`), booked by `answer_proposal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.answering import answer_in
from core.booking.meeting import Meeting, MeetingState, Rsvp
from core.booking.plan import plan
from core.booking.proposal import ProposalState
from core.booking.telling import card_effects, expiry_key
from core.convening import reachable
from core.errors import IllegalStep, Refused
from core.programme import Objection, Role, Rule

if TYPE_CHECKING:
    from core.booking.proposal import Proposal
    from core.ids import MeetingId, PersonId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Changed:
    """The meeting as it stands now; `fresh` is False when nothing had to be changed."""

    meeting: Meeting
    people: dict[PersonId, Person]
    fresh: bool


async def cancel(ports: Ports, meeting_id: MeetingId, actor: PersonId) -> Changed:
    """Call a meeting off. Raises Refused for somebody who has no part in it, NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> Changed:
        meeting = tx.meetings.get(meeting_id)
        _must_have_part(tx, meeting, actor)
        fresh = meeting.state is MeetingState.BOOKED
        if fresh:
            meeting = cancel_in(tx, meeting, actor, now)
        return Changed(meeting, tx.people.many(meeting.people), fresh)

    return await ports.store.transact(work)


def cancel_in(tx: Tx, meeting: Meeting, by: PersonId, now: int) -> Meeting:
    """Cancel inside a transaction: free the time, store, queue what others must get."""
    meeting, leftovers = reachable(tx, meeting, now)
    after = meeting.cancel(now)
    tx.meetings.release(meeting.id)
    tx.meetings.save(after)
    for effect in (*leftovers, *plan(meeting, after, by, now)):
        tx.effects.add(effect)
    for person_id in meeting.people[:1]:
        for proposal in tx.proposals.open_of(person_id):
            if proposal.request.moves == meeting.id:
                _take_back(tx, proposal, now)
    return after


def _take_back(tx: Tx, proposal: Proposal, now: int) -> None:
    """Close a proposal that would have moved a session which is now called off."""
    ended = proposal.end(ProposalState.WITHDRAWN)
    tx.proposals.save(ended)
    tx.effects.cancel(expiry_key(proposal))
    everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
    for effect in card_effects(ended, everybody, now):
        tx.effects.add(effect)


async def answer(ports: Ports, meeting_id: MeetingId, actor: PersonId, rsvp: Rsvp) -> Changed:
    """Store an attendee's RSVP and tell the others; a "no" does not cancel the meeting (Y8).

    Raises Refused for somebody who is no attendee, IllegalStep for a meeting that no longer
    stands, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Changed:
        meeting = tx.meetings.get(meeting_id)
        attendee = meeting.attendee(actor)
        if attendee is None:
            raise Refused(Objection(Rule.RIGHTS, meeting.owner))
        people = tx.people.many(meeting.people)
        if meeting.state is not MeetingState.BOOKED:
            raise IllegalStep(meeting.state)
        if attendee.rsvp is rsvp:
            return Changed(meeting, people, fresh=False)
        return Changed(answer_in(tx, meeting, actor, rsvp, now), people, fresh=True)

    return await ports.store.transact(work)


async def set_place(ports: Ports, actor: PersonId, place: str) -> tuple[Meeting, ...]:
    """Keep the owner's link for virtual sessions and give it to those without a place (Y13).

    Returns the meetings that were changed.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> tuple[Meeting, ...]:
        changed: list[Meeting] = []
        for meeting in tx.meetings.of_person(actor, (now, now + 400 * 86_400)):
            if (
                meeting.owner == actor
                and not meeting.place
                and meeting.state is MeetingState.BOOKED
            ):
                standing, leftovers = reachable(tx, meeting, now)
                after = standing.amend(now, place=place)
                tx.meetings.save(after)
                for effect in (*leftovers, *plan(standing, after, actor, now)):
                    tx.effects.add(effect)
                changed.append(after)
        return tuple(changed)

    return await ports.store.transact(work)


def _must_have_part(tx: Tx, meeting: Meeting, actor: PersonId) -> None:
    """Raise Refused unless the actor takes part or administers the programme."""
    if meeting.attendee(actor) is not None:
        return
    person = tx.people.get(actor)
    programme = tx.programmes.get(meeting.programme_id)
    if person.is_admin and person.org_id == programme.org_id:
        return
    roles = tx.programmes.roles(actor)
    if any(m.programme_id == programme.id and m.role is Role.ADMIN for m in roles):
        return
    raise Refused(Objection(Rule.RIGHTS, meeting.owner))
