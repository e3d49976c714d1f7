"""An agreed time becomes a session: read the calendars once more, claim the time, store, tell.

Who is optional is never waited for: their time is claimed only where they have said yes and can
come; the others of them are invited and may answer later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from core.asking import uids_to_ignore
from core.attendance import ask, load_cast, mark_revoked, search_of
from core.booking.meeting import Meeting, MeetingState
from core.booking.plan import plan
from core.booking.proposal import Proposal, ProposalState
from core.booking.telling import end_moves, take_back, tell
from core.convening import buffer_of, convene, on_their_clocks, reachable
from core.engagements import has_enough
from core.errors import TimeTaken
from core.finding.explain import why_not
from core.ids import MeetingId
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Rule
from core.reminding import arrange
from core.rooms import ask_for_link, makes_room
from core.timing.spans import overlaps
from core.timing.zones import DAY

if TYPE_CHECKING:
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
    BEYOND = "beyond"  # it is more than the actor wants, who is told first; nothing was accepted
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


def as_closed(tx: Tx, proposal: Proposal, people: dict[PersonId, Person], now: int) -> Result:
    """Return how a proposal ended before this answer.

    One whose time is over counts as expired, even before the worker has closed it.
    """
    if proposal.is_open and proposal.expires_at <= now:
        proposal = proposal.end(ProposalState.EXPIRED)
    meeting = tx.meetings.get(proposal.meeting_id) if proposal.meeting_id else None
    return Result(Outcome.CLOSED, proposal, people, meeting, fresh=False)


async def book(
    ports: Ports,
    result: Result,
    start: int,
    actor: PersonId,
    *,
    unless_unknown: bool = False,
    settles: bool = False,
) -> Result | None:
    """Read the calendars once more, then claim the time and store the meeting.

    With `settles` the asker takes a time of a vote without those who have not accepted it. With
    `unless_unknown`, None when somebody's calendar but the actor's could not be read.
    """
    proposal, now = result.proposal, ports.clock.now()
    request = proposal.request
    end = start + request.minutes * 60
    around = (start - DAY, end + DAY)
    cast, ignore, enough = await ports.store.read(
        lambda tx: (
            load_cast(tx, request.programme_id, request.attendees, around, request.moves, request),
            uids_to_ignore(tx, request, ports.domain),
            actor != request.asker and has_enough(tx, request, start),
        )
    )
    if enough:
        await ports.store.transact(lambda tx: _tell_enough(tx, proposal, start, actor, now))
        return replace(result, outcome=Outcome.TAKEN, taken=(request.asker,))
    reach = (start - 4 * 3600, end + 4 * 3600)
    attendance = await ask(ports, cast, reach, ignore, request.eased)
    busy = [
        p.person_id
        for p in attendance.people
        if overlaps((*p.busy, *p.away), start - p.buffer, end + p.buffer)
    ]
    gone = tuple(p for p in busy if p in request.needed)
    if gone or _forbidden(cast, attendance, request, start, now):
        return replace(result, outcome=Outcome.TAKEN, taken=gone)
    if unless_unknown and any(person != actor for person in attendance.unknown):
        return None
    new_id = MeetingId(ports.ids.new())
    once = _Booking(proposal.id, start, actor, frozenset(busy), new_id, now, settles=settles)
    return await _claim(ports, once, cast, attendance, result)


async def _claim(
    ports: Ports, once: _Booking, cast: Cast, attendance: Attendance, result: Result
) -> Result:
    """Claim the time for all who are needed, and for those of the others who are free then."""
    request = result.proposal.request
    while True:
        try:
            booked = await ports.store.transact(partial(_commit, ports, once, cast, attendance))
        except TimeTaken as error:
            taken = tuple(p for p in request.attendees if p in error.people)
            if not taken or set(taken) & set(request.needed) or set(taken) <= once.without:
                return replace(result, outcome=Outcome.TAKEN, taken=taken)
            once = replace(once, without=once.without | frozenset(taken))
            continue
        unchecked = [p for p in attendance.unknown if p != once.actor and p in request.needed]
        return replace(booked, unchecked=tuple(unchecked))


def _tell_enough(tx: Tx, proposal: Proposal, start: int, actor: PersonId, now: int) -> None:
    """Tell the asker, once, why a time that they offered is not booked: by their own limit."""
    asker = proposal.request.asker
    facts = {"proposal": str(proposal.id), "start": str(start), "by": str(actor)}
    notice = Notice(asker, NoticeKind.ENOUGH, "", facts)
    tx.effects.add(as_effect(notice, f"{proposal.id}:{start}", now))


def _forbidden(
    cast: Cast, attendance: Attendance, request: MeetingRequest, start: int, now: int
) -> bool:
    """Tell whether the programme's rules, changed since the offer, are against a time (X10).

    Notice and people's own hours do not count here: they have said yes to this very time. How many
    sessions somebody wants does for the asker, whose yes is older; who accepts now, decides now.
    """
    search = search_of(request, cast.policy, now)
    needed = [p for p in attendance.people if p.person_id in request.needed]
    against = why_not(search, needed, start)
    return cast.programme.ended or any(objection.kind in PROGRAMME_RULES for objection in against)


@dataclass(frozen=True, slots=True)
class _Booking:
    """One try: the time, by whom, and the optional people who cannot come then after all."""

    proposal_id: ProposalId
    start: int
    actor: PersonId
    without: frozenset[PersonId]
    new_id: MeetingId
    now: int
    settles: bool


def _commit(ports: Ports, once: _Booking, cast: Cast, attendance: Attendance, tx: Tx) -> Result:
    """Claim, store, and queue everything that follows. Raises TimeTaken."""
    start, actor, now = once.start, once.actor, once.now
    proposal = tx.proposals.get(once.proposal_id)
    people = tx.people.many((*proposal.request.attendees, proposal.request.asker))
    if once.settles and proposal.state in (ProposalState.OFFERED, ProposalState.EXPIRED):
        proposal = proposal.settle(start)
    if not proposal.is_open:
        return as_closed(tx, proposal, people, now)
    mark_revoked(tx, attendance, now)
    before = tx.meetings.get(proposal.request.moves) if proposal.request.moves else None
    if before is not None and (before.state is not MeetingState.BOOKED or before.end <= now):
        ended = proposal.end(ProposalState.WITHDRAWN)  # what is over or off cannot be moved
        tx.proposals.save(ended)
        return as_closed(tx, ended, people, now)
    yes = proposal.coming(start) - once.without
    leftovers: list[Effect] = []
    if before is not None:
        end = start + proposal.request.minutes * 60
        if before.span != (start, end):  # else nothing is written anew
            before, leftovers = reachable(tx, before, now)
        moved = replace(before.move(start, end, now, yes), buffer=buffer_of(cast))
        after = on_their_clocks(moved, cast.people)
    else:
        uid = f"{once.new_id}@{ports.domain}"
        convened = convene(tx, proposal, start, cast, uid, now, yes)
        after, leftovers = reachable(tx, convened, now)  # links may have changed meanwhile
    tx.meetings.claim(after)
    tx.meetings.save(after)
    closed = proposal.book(after.id)
    tx.proposals.save(closed)
    take_back(tx, proposal)
    if once.settles:
        _end_newer(tx, closed, now)
    room = makes_room(tx, ports.calendars, after)
    for effect in (*leftovers, *plan(before, after, actor, now, room=room)):
        tx.effects.add(effect)
    arrange(tx, after, now)
    everybody = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
    tell(tx, closed, [p for p in everybody if p != actor], now)
    if before is not None:
        end_moves(tx, after, now, closed)
    _end_crossing(tx, closed, now)
    if not room:
        ask_for_link(tx, after, now)
    outcome = Outcome.BOOKED if before is None else Outcome.MOVED
    return Result(outcome, closed, people, after)


def _end_crossing(tx: Tx, booked: Proposal, now: int) -> None:
    """Close what another of the same people has offered for the same days: one session is wanted,
    and each of them has asked for it.
    """
    request = booked.request
    for other in tx.proposals.open_of(request.asker):
        if other.state is ProposalState.OFFERED and request.is_same_wish(other.request):
            ended = other.end(ProposalState.SUPERSEDED, booked.id)
            tx.proposals.save(ended)
            take_back(tx, other)
            tell(tx, ended, dict.fromkeys((other.request.asker, *other.request.attendees)), now)


def _end_newer(tx: Tx, settled: Proposal, now: int) -> None:
    """Close what was asked anew since a vote expired that its asker settles after all."""
    request = settled.request
    for newer in tx.proposals.open_of(request.asker):
        if not request.is_again(newer.request):
            continue
        ended = newer.end(ProposalState.SUPERSEDED, settled.id)
        tx.proposals.save(ended)
        take_back(tx, newer)
        if newer.state is ProposalState.OFFERED:
            tell(tx, ended, request.invitees, now)
