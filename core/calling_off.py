"""Calling a session off: on which terms (A25), and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.attendance import load_policy
from core.booking.plan import plan
from core.booking.proposal import ProposalState
from core.booking.telling import take_back, tell
from core.convening import reachable
from core.counting import note_cancelled
from core.programme import LEADS

if TYPE_CHECKING:
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.policy import Policy
    from core.ports import Tx


@dataclass(frozen=True, slots=True)
class Terms:
    """What calling a session off, or moving it, means for one person now.

    `notice` are the minutes that the programme asks for; `sessions` how many a pair has, 0 for
    any number; `leads` whether the person is the mentor, whose cancelling never counts.
    """

    late: bool = False
    counts: bool = False
    may_move: bool = True
    leads: bool = False
    notice: int = 0
    sessions: int = 0


def terms(policy: Policy, start: int, now: int, *, leads: bool, part: bool = True) -> Terms:
    """Return the terms for one who takes part in a session (`part`), or arranges it for others."""
    late = policy.cancel_notice > 0 and start - now < policy.cancel_notice * 60
    mentee = part and not leads
    return Terms(
        late=late,
        counts=late and mentee and policy.cancel_counts,
        may_move=not (late and mentee) or policy.cancel_move,
        leads=leads,
        notice=policy.cancel_notice,
        sessions=policy.sessions,
    )


def terms_for(tx: Tx, meeting: Meeting, actor: PersonId, now: int) -> Terms:
    """Return the terms that hold for a person and a session."""
    policy = load_policy(tx, tx.programmes.get(meeting.programme_id))
    part = meeting.attendee(actor) is not None
    return terms(policy, meeting.start, now, leads=leads(tx, meeting, actor), part=part)


def leads(tx: Tx, meeting: Meeting, person: PersonId) -> bool:
    """Tell whether somebody is the mentor or coach in a session: by its pair, else by role."""
    for pair in tx.programmes.pairs_of(person):
        other = pair.partner_of(person)
        if pair.programme_id == meeting.programme_id and other in meeting.people:
            return pair.mentor_id == person
    roles = tx.programmes.roles(person)
    return any(m.programme_id == meeting.programme_id and m.role in LEADS for m in roles)


def cancel_in(
    tx: Tx, meeting: Meeting, by: PersonId, now: int, reason: str = "", *, counts: bool = False
) -> Meeting:
    """Cancel inside a transaction: free the time, store, queue what others must get."""
    meeting, leftovers = reachable(tx, meeting, now)
    after = meeting.cancel(now)
    tx.meetings.release(meeting.id)
    tx.meetings.save(after)
    note_cancelled(tx, meeting.id, by, counts=counts)
    for effect in (*leftovers, *plan(meeting, after, by, now, reason=reason)):
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
    take_back(tx, proposal)
    everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
    tell(tx, ended, everybody, now)
