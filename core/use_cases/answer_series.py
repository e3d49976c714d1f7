"""What people do with a proposed series: offer it, accept it, or all of it but some sessions.

When everybody has accepted, the calendars are read once more, and what is still free for all is
booked in one transaction; what went meanwhile is left out and said. Sessions that are more than
somebody wants at most are booked by that person's own word alone: they are asked about these.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.agreeing_series import Outcome, SeriesResult, as_closed, book_series
from core.asking_series import leaving, wish_of
from core.attendance import load_policy
from core.booking.proposal import Answer, Beyond, Proposal, ProposalState
from core.booking.telling import tell
from core.engagements import too_many
from core.errors import Refused
from core.finding.request import Ease
from core.nudging import arrange_ladder
from core.policy import Confirm
from core.programme import Objection, Rule

if TYPE_CHECKING:
    from core.ids import PersonId, ProposalId
    from core.ports import Ports, Tx

__all__ = ["Outcome", "Over", "SeriesResult", "accept_series", "agreed", "offer_series"]


class Over(StrEnum):
    """What somebody does about sessions that are more than they want."""

    ASK = "ask"  # be asked
    SKIP = "skip"  # do without these
    TAKE = "take"  # have them all the same, this once


async def offer_series(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, over: Over = Over.ASK
) -> SeriesResult:
    """Send the series to the invitees, or book it at once where no confirmation is wanted.

    `over` is the asker's word about what is more than they want. Raises Refused for anybody but
    the asker, NotFound.
    """
    now = ports.clock.now()
    result, direct = await ports.store.transact(
        lambda tx: _offer(tx, proposal_id, actor, over, now)
    )
    if not direct:
        return result
    starts = tuple(slot.start for slot in result.proposal.slots)
    return await book_series(ports, result, starts, actor)


def _offer(
    tx: Tx, proposal_id: ProposalId, actor: PersonId, over: Over, now: int
) -> tuple[SeriesResult, bool]:
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    if actor != request.asker:
        raise Refused(Objection(Rule.RIGHTS, request.asker))
    people = tx.people.many((*request.attendees, request.asker))
    if not proposal.is_open or proposal.expires_at <= now:
        return as_closed(tx, proposal, people, now), False
    if proposal.state is ProposalState.OFFERED:
        return SeriesResult(Outcome.OFFERED, proposal, people, fresh=False), False
    starts = tuple(slot.start for slot in proposal.slots)
    proposal, starts = _within(tx, proposal, starts, actor, over)
    if wish_of(proposal.request).beyond_of(actor):
        tx.proposals.save(proposal)
        return SeriesResult(Outcome.BEYOND, proposal, people, fresh=False), False
    proposal = replace(proposal, slots=tuple(s for s in proposal.slots if s.start in starts))
    policy = load_policy(tx, tx.programmes.get(request.programme_id))
    unread = any(slot.unchecked for slot in proposal.slots)
    if policy.confirm is Confirm.NONE and not (unread or request.exceptions):
        tx.proposals.save(proposal)
        return SeriesResult(Outcome.OFFERED, proposal, people), True
    offered = proposal.offer(starts, asker_agrees=policy.confirm is not Confirm.BOTH)
    tx.proposals.save(offered)
    arrange_ladder(tx, offered, now)
    tell(tx, offered, request.invitees, now)
    return SeriesResult(Outcome.OFFERED, offered, people), False


async def accept_series(
    ports: Ports,
    proposal_id: ProposalId,
    actor: PersonId,
    without: frozenset[int] = frozenset(),
    over: Over = Over.ASK,
) -> SeriesResult:
    """Accept a series but for some of its sessions; book what everybody accepts.

    `over` is the actor's word about what is more than they want. Raises Refused for somebody who
    was not asked, NotFound.
    """
    now = ports.clock.now()
    result = await ports.store.transact(
        lambda tx: _accept(tx, proposal_id, actor, without, over, now)
    )
    if result.outcome is not Outcome.WAITING or result.proposal.waiting_for():
        return result
    return await book_series(ports, result, agreed(result.proposal), actor)


def agreed(proposal: Proposal) -> tuple[int, ...]:
    """Return the starts that everybody accepts, by start."""
    return tuple(sorted(s.start for s in proposal.slots if proposal.all_accept(s.start)))


def _accept(
    tx: Tx,
    proposal_id: ProposalId,
    actor: PersonId,
    without: frozenset[int],
    over: Over,
    now: int,
) -> SeriesResult:
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    if actor not in request.attendees:
        raise Refused(Objection(Rule.RIGHTS, request.asker))
    people = tx.people.many((*request.attendees, request.asker))
    if proposal.state is not ProposalState.OFFERED or proposal.expires_at <= now:
        return as_closed(tx, proposal, people, now)
    asked = wish_of(request).beyond_of(actor)
    without |= frozenset(asked.without) if asked and over is not Over.ASK else frozenset()
    starts = tuple(s.start for s in proposal.slots if s.start not in without)
    if actor in proposal.answers or not starts:
        return SeriesResult(Outcome.WAITING, proposal, people, fresh=False)
    proposal, starts = _within(tx, proposal, starts, actor, over)
    if wish_of(proposal.request).beyond_of(actor):
        tx.proposals.save(proposal)
        return SeriesResult(Outcome.BEYOND, proposal, people, fresh=False)
    answers = {**proposal.answers, actor: Answer(starts)}
    accepted = replace(proposal, answers=answers)
    tx.proposals.save(accepted)
    if accepted.waiting_for():
        others = [p for p in dict.fromkeys((request.asker, *request.attendees)) if p != actor]
        tell(tx, accepted, others, now)
    return SeriesResult(Outcome.WAITING, tx.proposals.get(proposal_id), people)


def _within(
    tx: Tx, proposal: Proposal, starts: tuple[int, ...], actor: PersonId, over: Over
) -> tuple[Proposal, tuple[int, ...]]:
    """Return a proposal, and which of these sessions the actor takes, within what they want at
    most, or beyond it by their own word; where that word is missing, it says what to ask about.

    What somebody else does not take is not counted: it will not be booked.
    """
    request = proposal.request
    if over is Over.TAKE:
        eased = tuple(dict.fromkeys((*request.eased, (Ease.LIMIT, actor))))
        request = replace(request, eased=eased)
    takers = [p for p in request.needed if p in proposal.answers and p != actor]
    likely = [s for s in starts if all(proposal.has_accepted(p, s) for p in takers)]
    people = [actor] if actor in request.attendees else []
    gone = leaving(tx, proposal, likely)
    more = too_many(tx, request, likely, people, gone).get(actor, ())
    left = tuple(start for start in starts if start not in more)
    if over is Over.SKIP and left:
        starts, more = left, ()
    without = tuple(slot.start for slot in proposal.slots if slot.start not in starts)
    wish = wish_of(request).asking(Beyond(actor, more, without))
    return replace(proposal, request=replace(request, series=wish)), starts
