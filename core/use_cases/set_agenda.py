"""Say what a session is about: of one that stands, of a whole series, of what is only proposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.booking.meeting import MeetingState
from core.booking.plan import plan
from core.booking.proposal import ProposalState
from core.booking.series import coming
from core.booking.series_plan import plan_series
from core.booking.telling import card_effects
from core.convening import reachable
from core.errors import IllegalStep, Refused
from core.programme import Objection, Rule
from core.setting_text import parse_text

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import MeetingId, PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Written:
    """The session with its agenda; `fresh` is False where it said that already."""

    meeting: Meeting
    people: dict[PersonId, Person]
    fresh: bool


async def set_agenda(
    ports: Ports, meeting_id: MeetingId, actor: PersonId, text: str, *, add: bool = False
) -> Written:
    """Write what a session is about, with `add` behind what is there; of one of a series, for
    all that is to come of it. Everybody's copy and mail is brought up to date once.

    Raises Refused for who takes no part, IllegalStep for one that is over or called off, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Written:
        meeting = tx.meetings.get(meeting_id)
        if meeting.attendee(actor) is None:
            raise Refused(Objection(Rule.RIGHTS, meeting.owner))
        if meeting.state is not MeetingState.BOOKED or meeting.end <= now:
            raise IllegalStep(meeting.state)
        people = tx.people.many(meeting.people)
        line = joined(meeting.agenda, text) if add else parse_text(text)
        if line == meeting.agenda:
            return Written(meeting, people, fresh=False)
        write = _write if meeting.series is None else _write_series
        return Written(write(tx, meeting, line, actor, now), people, fresh=True)

    return await ports.store.transact(work)


async def set_proposed(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, text: str, *, add: bool = False
) -> Proposal:
    """Write what a proposed session is to be about; who has been asked sees it on their card.

    Raises Refused for who is not the asker, IllegalStep for one that is closed, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Proposal:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        if not proposal.is_open:
            raise IllegalStep(proposal.state)
        line = joined(proposal.request.agenda, text) if add else parse_text(text)
        if line == proposal.request.agenda:
            return proposal
        after = replace(proposal, request=replace(proposal.request, agenda=line))
        tx.proposals.save(after)
        stored = tx.proposals.get(proposal_id)
        told = stored.request.invitees if stored.state is ProposalState.OFFERED else ()
        for effect in card_effects(stored, told, now):
            tx.effects.add(effect)
        return stored

    return await ports.store.transact(work)


def joined(before: str, more: str) -> str:
    """Return an agenda with one more point, as one plain line; none is written twice."""
    points = [p for p in before.split("; ") if p]
    point = parse_text(more)
    return parse_text("; ".join([*points, *([point] if point not in (*points, "") else [])]))


def _write(tx: Tx, meeting: Meeting, line: str, actor: PersonId, now: int) -> Meeting:
    standing, leftovers = reachable(tx, meeting, now)
    after = standing.amend(now, agenda=line)
    tx.meetings.save(after)
    for effect in (*leftovers, *plan(standing, after, actor, now)):
        tx.effects.add(effect)
    return after


def _write_series(tx: Tx, meeting: Meeting, line: str, actor: PersonId, now: int) -> Meeting:
    """Write it into every session to come; one copy and one mail for the whole."""
    if meeting.series is None:
        raise IllegalStep(meeting.state)
    series, before = tx.meetings.series(meeting.series), tx.meetings.of_series(meeting.series)
    after = {m.id: m for m in before}
    leftovers = []
    for one in {m.id: m for m in (meeting, *coming(before, now))}.values():
        standing, left = reachable(tx, one, now)
        after[one.id] = standing.amend(now, agenda=line)
        leftovers += left
        tx.meetings.save(after[one.id])
    changed = series.changed(before, now)
    tx.meetings.save_series(changed)
    told = plan_series(changed, tuple(after.values()), actor, now, quiet=True)
    for effect in (*leftovers, *told):
        tx.effects.add(effect)
    return after[meeting.id]
