"""Change a meeting that stands: cancel it, answer it, give it a place.

Moving it is a proposal like any other (`MeetingRequest.moves`), booked by `answer_proposal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.answering import answer_in
from core.booking.meeting import Meeting, MeetingState, Rsvp
from core.booking.plan import plan
from core.calling_off import Terms, cancel_in, terms_for
from core.convening import reachable
from core.errors import IllegalStep, Refused
from core.programme import Objection, Role, Rule

if TYPE_CHECKING:
    from core.ids import MeetingId, PersonId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Changed:
    """The meeting as it stands now; `fresh` is False when nothing had to be changed."""

    meeting: Meeting
    people: dict[PersonId, Person]
    fresh: bool
    terms: Terms | None = None


async def cancel(ports: Ports, meeting_id: MeetingId, actor: PersonId, reason: str = "") -> Changed:
    """Call a meeting off; one that is over, or was called off before, stays as it is.

    Raises Refused for somebody who has no part in it, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Changed:
        meeting = tx.meetings.get(meeting_id)
        _must_have_part(tx, meeting, actor)
        fresh = meeting.state is MeetingState.BOOKED and meeting.end > now
        terms = terms_for(tx, meeting, actor, now) if fresh else None
        if terms is not None:
            meeting = cancel_in(tx, meeting, actor, now, reason, counts=terms.counts)
        return Changed(meeting, tx.people.many(meeting.people), fresh, terms)

    return await ports.store.transact(work)


async def cancel_terms(ports: Ports, meeting_id: MeetingId, actor: PersonId) -> Terms:
    """Return what calling a meeting off would mean, to be said before (A25). Raises NotFound."""
    now = ports.clock.now()
    return await ports.store.read(lambda tx: terms_for(tx, tx.meetings.get(meeting_id), actor, now))


async def settle(ports: Ports, meeting_id: MeetingId, actor: PersonId, *, held: bool) -> Changed:
    """Note whether a meeting took place, once it is over. Raises Refused for somebody who has no
    part in it, IllegalStep for one that is not over or was called off, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Changed:
        meeting = tx.meetings.get(meeting_id)
        _must_have_part(tx, meeting, actor)
        if meeting.end > now:
            raise IllegalStep(meeting.state)
        after = meeting.settle(held=held)
        if after is not meeting:
            tx.meetings.save(after)
        return Changed(after, tx.people.many(meeting.people), after is not meeting)

    return await ports.store.transact(work)


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
