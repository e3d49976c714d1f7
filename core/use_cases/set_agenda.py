"""Say what a session is about: of one that stands, of a whole series, of what is only proposed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.agendas import write_one, write_series
from core.booking.meeting import MeetingState
from core.booking.proposal import ProposalState
from core.booking.series import coming
from core.booking.telling import card_effects
from core.errors import IllegalStep, Refused
from core.programme import Objection, Rule
from core.setting_text import parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import MeetingId, PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


@dataclass(frozen=True, slots=True)
class Written:
    """The session with its agenda; `fresh` is False where it said that already. `before` is what
    each session that was written to said until now; `whole` tells that it was all of a series.
    """

    meeting: Meeting
    people: dict[PersonId, Person]
    fresh: bool
    before: Mapping[MeetingId, str] = field(default_factory=dict)
    whole: bool = False


async def set_agenda(
    ports: Ports,
    meeting_id: MeetingId,
    actor: PersonId,
    text: str,
    *,
    add: bool = False,
    alone: bool = False,
) -> Written:
    """Write what a session is about, with `add` behind what is there; of one of a series, for
    all that is to come of it unless `alone`. Everybody's copy and mail is brought up to date once.

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
        if meeting.series is None or alone:
            if line == meeting.agenda:
                return Written(meeting, people, fresh=False)
            after = write_one(tx, meeting, line, actor, now)
            return Written(after, people, fresh=True, before={meeting.id: meeting.agenda})
        ahead = {m.id: m for m in (meeting, *coming(tx.meetings.of_series(meeting.series), now))}
        before = {m.id: m.agenda for m in ahead.values()}
        if set(before.values()) == {line}:
            return Written(meeting, people, fresh=False, whole=True)
        written = write_series(tx, meeting.series, dict.fromkeys(before, line), actor, now)
        return Written(written[meeting.id], people, fresh=True, before=before, whole=True)

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
