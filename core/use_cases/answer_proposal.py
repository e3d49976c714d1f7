"""What people do with a proposal: offer it, accept or decline a time, take it back.

Accepting the time that everybody accepts books it: the calendars are read once more, then in
one transaction the time is claimed, the meeting stored and everything that follows is queued.
Any of these may be repeated; what happened already is reported as it is and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.asking import uids_to_ignore
from core.attendance import ask, load_cast, load_policy, mark_revoked, search_of
from core.booking.meeting import Meeting, MeetingState
from core.booking.plan import plan
from core.booking.proposal import Answer, Proposal, ProposalState
from core.booking.telling import card_effects, take_back
from core.convening import buffer_of, convene, reachable
from core.errors import Refused, TimeTaken
from core.finding.explain import why_not
from core.ids import MeetingId
from core.nudging import arrange_ladder
from core.policy import Confirm
from core.programme import Objection, Rule
from core.reminding import arrange
from core.rooms import ask_for_link, makes_room
from core.timing.spans import overlaps
from core.timing.zones import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.attendance import Attendance, Cast
    from core.booking.proposal import MeetingRequest
    from core.effects import Effect
    from core.ids import PersonId, ProposalId
    from core.people import Person
    from core.ports import Ports, Tx


PROGRAMME_RULES = frozenset({Rule.CLOSED, Rule.WEEKEND, Rule.PROGRAMME_HOURS})


class Outcome(StrEnum):
    """What became of an answer."""

    OFFERED = "offered"  # the invitees have been asked
    WAITING = "waiting"  # accepted; others still have to answer
    BOOKED = "booked"
    MOVED = "moved"
    TAKEN = "taken"  # the time has just gone
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # it was over before; see the proposal's state


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, the proposal as it stands now, and the meeting when there is one.

    `fresh` is False when the same answer had been given before. `taken` names whose time went,
    `unchecked` whose calendar could not be read once more for the booking.
    """

    outcome: Outcome
    proposal: Proposal
    people: dict[PersonId, Person]
    meeting: Meeting | None = None
    fresh: bool = True
    taken: tuple[PersonId, ...] = ()
    unchecked: tuple[PersonId, ...] = ()


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
        booked = await _book(ports, direct, starts[0], actor, unless_unknown=True)
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
        return _closed(tx, proposal, people, now)
    if proposal.state is ProposalState.OFFERED:
        return Result(Outcome.OFFERED, proposal, people, fresh=False)
    policy = load_policy(tx, tx.programmes.get(request.programme_id))
    offered = proposal.offer(starts, asker_agrees=policy.confirm is not Confirm.BOTH)
    tx.proposals.save(offered)
    arrange_ladder(tx, offered, now)
    _tell(tx, offered, request.invitees, now)
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
            _tell(tx, ended, (request.asker, *request.invitees), now)


async def accept(ports: Ports, proposal_id: ProposalId, actor: PersonId, start: int) -> Result:
    """Accept one of the offered times; book it when everybody has.

    Raises Refused for somebody who was not asked, NotFound for an unknown proposal.
    """
    now = ports.clock.now()
    result = await ports.store.transact(lambda tx: _accept(tx, proposal_id, actor, start, now))
    if result.outcome is not Outcome.WAITING or not result.proposal.all_accept(start):
        return result
    return await _book(ports, result, start, actor) or result


def _accept(tx: Tx, proposal_id: ProposalId, actor: PersonId, start: int, now: int) -> Result:
    proposal = tx.proposals.get(proposal_id)
    request = proposal.request
    if actor not in request.attendees:
        raise Refused(Objection(Rule.RIGHTS, request.asker))
    people = tx.people.many((*request.attendees, request.asker))
    if not proposal.is_open or proposal.expires_at <= now or start <= now:
        return _closed(tx, proposal, people, now)
    if proposal.slot_at(start) is None or proposal.state is not ProposalState.OFFERED:
        return Result(Outcome.CLOSED, proposal, people)
    fresh = start not in proposal.answers.get(actor, Answer()).accepted
    accepted = proposal.accept(actor, start)
    if fresh:
        tx.proposals.save(accepted)
        if not accepted.all_accept(start):
            others = [p for p in (request.asker, *request.attendees) if p != actor]
            _tell(tx, accepted, dict.fromkeys(others), now)
    return Result(Outcome.WAITING, accepted, people, fresh=fresh)


def _closed(tx: Tx, proposal: Proposal, people: dict[PersonId, Person], now: int) -> Result:
    """Return how a proposal ended before this answer.

    One whose time is over counts as expired, even before the worker has closed it.
    """
    if proposal.is_open and proposal.expires_at <= now:
        proposal = proposal.end(ProposalState.EXPIRED)
    meeting = tx.meetings.get(proposal.meeting_id) if proposal.meeting_id else None
    return Result(Outcome.CLOSED, proposal, people, meeting, fresh=False)


async def _book(
    ports: Ports, result: Result, start: int, actor: PersonId, *, unless_unknown: bool = False
) -> Result | None:
    """Read the calendars once more, then claim the time and store the meeting.

    With `unless_unknown`, None when somebody's calendar but the actor's could not be read.
    """
    proposal, now = result.proposal, ports.clock.now()
    request = proposal.request
    end = start + request.minutes * 60
    around = (start - DAY, end + DAY)
    cast, ignore = await ports.store.read(
        lambda tx: (
            load_cast(tx, request.programme_id, request.attendees, around, request.moves),
            uids_to_ignore(tx, request, ports.domain),
        )
    )
    reach = (start - 4 * 3600, end + 4 * 3600)
    attendance = await ask(ports, cast, reach, ignore, request.eased)
    gone = tuple(
        p.person_id
        for p in attendance.people
        if overlaps((*p.busy, *p.away), start - p.buffer, end + p.buffer)
    )
    if gone or _forbidden(cast, attendance, request, start, now):
        return replace(result, outcome=Outcome.TAKEN, taken=gone)
    if unless_unknown and any(person != actor for person in attendance.unknown):
        return None
    new_id = MeetingId(ports.ids.new())
    try:
        booked = await ports.store.transact(
            lambda tx: _commit(tx, ports, proposal.id, start, actor, cast, attendance, new_id, now)
        )
        unchecked = tuple(person for person in attendance.unknown if person != actor)
        return replace(booked, unchecked=unchecked)
    except TimeTaken as error:
        taken = tuple(p for p in request.attendees if p in error.people)
        return replace(result, outcome=Outcome.TAKEN, taken=taken)


def _forbidden(
    cast: Cast, attendance: Attendance, request: MeetingRequest, start: int, now: int
) -> bool:
    """Tell whether the programme's rules, changed since the offer, are against a time (X10).

    Notice and people's own hours do not count here: they have said yes to this very time.
    """
    search = search_of(request, cast.policy, now)
    against = why_not(search, attendance.people, start)
    return cast.programme.ended or any(objection.kind in PROGRAMME_RULES for objection in against)


def _commit(
    tx: Tx,
    ports: Ports,
    proposal_id: ProposalId,
    start: int,
    actor: PersonId,
    cast: Cast,
    attendance: Attendance,
    new_id: MeetingId,
    now: int,
) -> Result:
    """Claim, store, and queue everything that follows. Raises TimeTaken."""
    proposal = tx.proposals.get(proposal_id)
    people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
    if not proposal.is_open:
        return _closed(tx, proposal, people, now)
    mark_revoked(tx, attendance, now)
    before = tx.meetings.get(proposal.request.moves) if proposal.request.moves else None
    if before is not None and (before.state is not MeetingState.BOOKED or before.end <= now):
        ended = proposal.end(ProposalState.WITHDRAWN)  # what is over or off cannot be moved
        tx.proposals.save(ended)
        return _closed(tx, ended, people, now)
    leftovers: list[Effect] = []
    if before is not None:
        end = start + proposal.request.minutes * 60
        if before.span != (start, end):  # else nothing is written anew
            before, leftovers = reachable(tx, before, now)
        after = replace(before.move(start, end, now), buffer=buffer_of(cast))
    else:
        convened = convene(tx, proposal, start, cast, f"{new_id}@{ports.domain}", now)
        after, leftovers = reachable(tx, convened, now)  # links may have changed meanwhile
    tx.meetings.claim(after)
    tx.meetings.save(after)
    closed = proposal.book(after.id)
    tx.proposals.save(closed)
    take_back(tx, proposal)
    room = makes_room(tx, ports.calendars, after)
    for effect in (*leftovers, *plan(before, after, actor, now, room=room)):
        tx.effects.add(effect)
    arrange(tx, after, now)
    everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
    _tell(tx, closed, [p for p in everybody if p != actor], now)
    if not room:
        ask_for_link(tx, after, now)
    outcome = Outcome.BOOKED if before is None else Outcome.MOVED
    return Result(outcome, closed, people, after)


async def decline(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Result:
    """Say that none of the times suits; the proposal ends and the asker is asked.

    Raises Refused for somebody who was not asked, NotFound for an unknown proposal.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        request = proposal.request
        if actor not in request.invitees:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        people = tx.people.many((*request.attendees, request.asker))
        if proposal.state is not ProposalState.OFFERED:
            return _closed(tx, proposal, people, now)
        declined = proposal.decline(actor)
        tx.proposals.save(declined)
        take_back(tx, proposal)
        others = [p for p in dict.fromkeys((request.asker, *request.attendees)) if p != actor]
        _tell(tx, declined, others, now)
        return Result(Outcome.DECLINED, declined, people)

    return await ports.store.transact(work)


async def withdraw(ports: Ports, proposal_id: ProposalId, actor: PersonId) -> Result:
    """Take a proposal back. Raises Refused for anybody but the asker."""
    now = ports.clock.now()

    def work(tx: Tx) -> Result:
        proposal = tx.proposals.get(proposal_id)
        if actor != proposal.request.asker:
            raise Refused(Objection(Rule.RIGHTS, proposal.request.asker))
        people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
        if not proposal.is_open:
            return _closed(tx, proposal, people, now)
        ended = proposal.end(ProposalState.WITHDRAWN)
        tx.proposals.save(ended)
        take_back(tx, proposal)
        if proposal.state is ProposalState.OFFERED:
            _tell(tx, ended, proposal.request.invitees, now)
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
            return _closed(tx, proposal, people, now)
        ended = proposal.end(ProposalState.EXPIRED)
        tx.proposals.save(ended)
        take_back(tx, proposal)
        if proposal.state is ProposalState.OFFERED:
            everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
            _tell(tx, ended, [p for p in everybody if p != actor], now)
        return Result(Outcome.CLOSED, ended, people)

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
            return _closed(tx, before, people, now)
        if proposal.state is not ProposalState.DRAFTED:
            return _closed(tx, proposal, people, now)
        policy = load_policy(tx, tx.programmes.get(request.programme_id))
        starts = tuple(slot.start for slot in proposal.slots)
        offered = proposal.offer(starts, asker_agrees=policy.confirm is not Confirm.BOTH)
        ended = before.end(ProposalState.SUPERSEDED, offered.id)
        tx.proposals.save(offered)
        tx.proposals.save(ended)
        arrange_ladder(tx, offered, now)
        take_back(tx, ended)
        others = [p for p in dict.fromkeys((request.asker, *request.attendees)) if p != actor]
        _tell(tx, ended, others, now)
        _tell(tx, offered, others, now)
        return Result(Outcome.OFFERED, offered, people)

    return await ports.store.transact(work)


def _tell(tx: Tx, proposal: Proposal, people: Iterable[PersonId], now: int) -> None:
    """Queue the card of a proposal, as it stands now, for some people."""
    for effect in card_effects(proposal, people, now):
        tx.effects.add(effect)
