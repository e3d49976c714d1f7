"""What people do with a proposal: offer it, accept or decline a time, take it back.

Accepting the time that everybody accepts books it: the calendars are read once more, then in
one transaction the time is claimed, the meeting stored and everything that follows is queued.
Any of these may be repeated; what happened already is reported as it is and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.agreeing import Outcome, Result, as_closed, book
from core.attendance import load_policy
from core.booking.proposal import Answer, Proposal, ProposalState
from core.booking.telling import close_expired, take_back, tell
from core.engagements import too_many
from core.errors import IllegalStep, Refused
from core.ids import ProposalId
from core.nudging import arrange_ladder
from core.policy import Confirm
from core.programme import Objection, Rule
from core.reopening import reopen

if TYPE_CHECKING:
    from core.ids import PersonId
    from core.ports import Ports, Tx


__all__ = [
    "Outcome", "Result", "accept", "decline", "lapse", "offer", "offer_instead", "settle",
    "withdraw",
]  # fmt: skip


FOLLOWED = 8  # people in a group up to which each answer changes everybody's card


async def offer(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, starts: tuple[int, ...]
) -> Result:
    """Send times to the invitees; book at once where the programme wants no confirmation.

    Who can no longer be read when it comes to booking is asked all the same (Y1, Y9). Raises
    Refused for anybody but the asker, NotFound for an unknown proposal.
    """
    now = ports.clock.now()
    direct = await ports.store.read(lambda tx: _direct(tx, proposal_id, actor, starts, now))
    if direct is not None:
        booked = await book(ports, direct, starts[0], actor, unless_unknown=True)
        if booked is not None:
            return booked
    return await ports.store.transact(lambda tx: _offer(tx, proposal_id, actor, starts, now))


def _direct(
    tx: Tx, proposal_id: ProposalId, actor: PersonId, starts: tuple[int, ...], now: int
) -> Result | None:
    """Return the proposal if a press on one time books it; None where others are asked."""
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    drafted = proposal.state is ProposalState.DRAFTED and proposal.expires_at > now
    if actor != request.asker or not drafted or len(starts) != 1:
        return None
    slot = proposal.slot_at(starts[0])
    policy = load_policy(tx, tx.programmes.get(request.programme_id))
    if policy.confirm is not Confirm.NONE or slot is None or slot.unchecked:
        return None
    if request.exceptions:  # it takes their own yes
        return None
    people = tx.people.many((*request.attendees, request.asker))
    return Result(Outcome.OFFERED, proposal, people)


def _offer(
    tx: Tx, proposal_id: ProposalId, actor: PersonId, starts: tuple[int, ...], now: int
) -> Result:
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    if actor != request.asker:
        raise Refused(Objection(Rule.RIGHTS, request.asker))
    people = tx.people.many((*request.attendees, request.asker))
    if not proposal.is_open or proposal.expires_at <= now:
        return as_closed(tx, proposal, people, now)
    if proposal.state is ProposalState.OFFERED:
        return Result(Outcome.OFFERED, proposal, people, fresh=False)
    policy = load_policy(tx, tx.programmes.get(request.programme_id))
    offered = proposal.offer(starts, asker_agrees=policy.confirm is not Confirm.BOTH)
    tx.proposals.save(offered)
    arrange_ladder(tx, offered, now)
    tell(tx, offered, request.invitees, now)
    _supersede(tx, offered, now)
    return Result(Outcome.OFFERED, offered, people)


def _supersede(tx: Tx, offered: Proposal, now: int) -> None:
    """Close the asker's older proposals for the same people and days: the newer counts (Y22)."""
    request = offered.request
    for old in tx.proposals.open_of(request.asker):
        again = request.is_again(old.request) or request.counters == old.id
        if old.id == offered.id or not again:
            continue
        ended = old.end(ProposalState.SUPERSEDED, offered.id)
        tx.proposals.save(ended)
        take_back(tx, old)
        if old.state is ProposalState.OFFERED:
            tell(tx, ended, (request.asker, *request.invitees), now)


async def accept(
    ports: Ports, proposal_id: ProposalId, actor: PersonId, start: int, *, over: bool = False
) -> Result:
    """Accept one of the offered times; book it when all who are needed have. One that is more
    than the actor wants by now is accepted by their own word alone (`over`).

    Raises Refused for somebody who was not asked, NotFound for an unknown proposal.
    """
    now = ports.clock.now()
    result = await ports.store.transact(
        lambda tx: _accept(tx, proposal_id, actor, start, now, over=over)
    )
    if result.outcome is not Outcome.WAITING or not result.proposal.all_accept(start):
        return result
    return await book(ports, result, start, actor) or result


def _accept(
    tx: Tx, proposal_id: ProposalId, actor: PersonId, start: int, now: int, *, over: bool
) -> Result:
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    if actor not in request.attendees:
        raise Refused(Objection(Rule.RIGHTS, request.asker))
    people = tx.people.many((*request.attendees, request.asker))
    if not proposal.is_open or proposal.expires_at <= now or start <= now:
        return as_closed(tx, proposal, people, now)
    if proposal.slot_at(start) is None or proposal.state is not ProposalState.OFFERED:
        return Result(Outcome.CLOSED, proposal, people)
    fresh = start not in proposal.answers.get(actor, Answer()).accepted
    if fresh and not over and actor in too_many(tx, request, [start], [actor]):
        return Result(Outcome.BEYOND, proposal, people, fresh=False)
    accepted = proposal.accept(actor, start)
    if fresh:
        tx.proposals.save(accepted)
        if not accepted.all_accept(start):
            tell(tx, accepted, _onlookers(accepted, actor), now)
    return Result(Outcome.WAITING, accepted, people, fresh=fresh)


def _onlookers(proposal: Proposal, actor: PersonId) -> list[PersonId]:
    """Return whose card follows an answer: everybody's, in a large group only the asker's."""
    request = proposal.request
    people = (request.asker, *request.attendees)
    if len(request.attendees) > FOLLOWED:
        people = (request.asker,)
    return [p for p in dict.fromkeys(people) if p != actor]


async def settle(ports: Ports, proposal_id: ProposalId, actor: PersonId, start: int) -> Result:
    """Book a time of a vote without those who have not accepted it; they are invited, as optional.

    Raises Refused for anybody but the asker, NotFound for an unknown proposal.
    """
    now = ports.clock.now()

    def look(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
        try:
            settled = proposal.settle(start)
        except IllegalStep:
            return as_closed(tx, proposal, people, now)
        if start <= now:
            return as_closed(tx, proposal, people, now)
        return Result(Outcome.WAITING, settled, people)

    result = await ports.store.read(look)
    if result.outcome is not Outcome.WAITING:
        return result
    return await book(ports, result, start, actor, settles=True) or result


async def decline(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Result:
    """Say that none of the times suits; the proposal ends and the asker is asked.

    That of an optional person ends nothing, and only the asker hears of it; in a vote it ends once
    it suits nobody. Raises Refused
    for somebody who was not asked, NotFound for an unknown proposal.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        request = proposal.request
        if actor not in request.invitees:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        people = tx.people.many((*request.attendees, request.asker))
        if proposal.state is not ProposalState.OFFERED:
            return as_closed(tx, proposal, people, now)
        declined = proposal.decline(actor)
        if declined is proposal:
            return Result(Outcome.DECLINED, proposal, people, fresh=False)
        tx.proposals.save(declined)
        if declined.is_open:
            needed = actor in request.needed
            tell(tx, declined, _onlookers(declined, actor) if needed else [request.asker], now)
            return Result(Outcome.DECLINED, declined, people)
        take_back(tx, proposal)
        others = [p for p in dict.fromkeys((request.asker, *request.attendees)) if p != actor]
        tell(tx, declined, others, now)
        return Result(Outcome.DECLINED, declined, people)

    return await ports.store.transact(work)


async def withdraw(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Result:
    """Take a proposal back; what it had taken the place of is asked again. Raises Refused for
    anybody but the asker.
    """
    now = ports.clock.now()
    new_id = ProposalId(ports.ids.new())

    def work(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
        if not proposal.is_open:
            return as_closed(tx, proposal, people, now)
        ended = proposal.end(ProposalState.WITHDRAWN)
        tx.proposals.save(ended)
        take_back(tx, proposal)
        if proposal.state is ProposalState.OFFERED:
            tell(tx, ended, proposal.request.invitees, now)
            reopen(tx, ended, new_id, actor, now)
        return Result(Outcome.WITHDRAWN, ended, people)

    return await ports.store.transact(work)


async def lapse(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Result:
    """Close a proposal whose time was lost and for which no other was found.

    `actor` met the lost time and reads of it in the same turn; the others are told.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
        if not proposal.is_open:
            return as_closed(tx, proposal, people, now)
        return Result(Outcome.CLOSED, close_expired(tx, proposal, actor, now), people)

    return await ports.store.transact(work)


async def offer_instead(ports: Ports, old: ProposalId, new: ProposalId, actor: PersonId) -> Result:
    """Put new times in the place of those that have just gone, and ask everybody anew.

    One transaction closes the old proposal and offers the new one, so that nobody is left with
    neither. `actor` met the lost time and reads the new ones in the same turn. The answer to the
    lost time is not carried over. When the old one was closed meanwhile, it counts. Raises
    Refused for who takes no part.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Result:
        proposal, before = tx.proposals.get(new), tx.proposals.get(old)
        request = proposal.request
        people = tx.people.many((*request.attendees, request.asker))
        if actor not in people:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        if not before.is_open:
            if proposal.is_open:
                tx.proposals.save(proposal.end(ProposalState.WITHDRAWN))
                take_back(tx, proposal)
            return as_closed(tx, before, people, now)
        if proposal.state is not ProposalState.DRAFTED:
            return as_closed(tx, proposal, people, now)
        policy = load_policy(tx, tx.programmes.get(request.programme_id))
        starts = tuple(slot.start for slot in proposal.slots)
        offered = proposal.offer(starts, asker_agrees=policy.confirm is not Confirm.BOTH)
        ended = before.end(ProposalState.SUPERSEDED, offered.id)
        tx.proposals.save(offered)
        tx.proposals.save(ended)
        arrange_ladder(tx, offered, now)
        take_back(tx, ended)
        others = [p for p in dict.fromkeys((request.asker, *request.attendees)) if p != actor]
        tell(tx, ended, others, now)
        tell(tx, offered, others, now)
        return Result(Outcome.OFFERED, offered, people)

    return await ports.store.transact(work)
