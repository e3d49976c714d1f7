"""What becomes of future meetings when a person, a pair or a programme leaves (Y16).

Nothing happens to a meeting silently: it is kept, called off with everything that belongs to
that, or handed over. Handing over to a person calls the old meeting off and asks the new one
for the same time: an open proposal holds no time, and nobody is booked without their yes (X7).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.booking.meeting import Meeting, MeetingState
from core.booking.parting import without
from core.booking.proposal import MeetingRequest, Proposal, ProposalState, Slot
from core.booking.telling import expiry_effect, spare, take_back, tell
from core.ids import PairId, PersonId, ProgrammeId, ProposalId
from core.nudging import arrange_ladder
from core.policy import resolve
from core.ports import Tx
from core.programme import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.ports import Ids
    from core.programme import Pair

HORIZON = 3 * 366 * 86_400
"""Seconds ahead in which future meetings are looked for."""

Canceller = Callable[[Tx, Meeting, PersonId, int], object]
"""Calls a meeting off: transaction, meeting, by whom, now. Use cases do not import each other,
so this one is handed in.
"""


class Choice(StrEnum):
    """What to do with future meetings."""

    CANCEL = "cancel"
    KEEP = "keep"
    HAND_OVER = "handover"


@dataclass(frozen=True, slots=True)
class Fate:
    """The choice, and how a meeting is called off. `heir` is who takes over: an id."""

    choice: Choice
    cancel: Canceller
    heir: str = ""


@dataclass(frozen=True, slots=True)
class Settling:
    """One settling of meetings: by whom, when, and the fate that was chosen."""

    fate: Fate
    by: PersonId
    now: int
    ids: Ids


def described(fate: Fate, count: int) -> str:
    """Return the choice for the audit log: "2 future sessions: cancel"."""
    return f"{count} future session{'' if count == 1 else 's'}: {fate.choice}"


def of_programme(tx: Tx, programme_id: ProgrammeId, now: int) -> list[Meeting]:
    """Return the booked meetings of a programme that have not started, by start."""
    return _booked(tx.meetings.in_programme(programme_id, (now, now + HORIZON)), now)


def of_person(tx: Tx, programme_id: ProgrammeId, person_id: PersonId, now: int) -> list[Meeting]:
    """Return a person's booked meetings in one programme that have not started, by start."""
    meetings = _booked(tx.meetings.of_person(person_id, (now, now + HORIZON)), now)
    return [m for m in meetings if m.programme_id == programme_id]


def of_pair(tx: Tx, pair: Pair, now: int) -> list[Meeting]:
    """Return the booked meetings of both people of a pair that have not started, by start."""
    meetings = of_person(tx, pair.programme_id, pair.mentee_id, now)
    return [m for m in meetings if m.attendee(pair.mentor_id)]


def _booked(meetings: Iterable[Meeting], now: int) -> list[Meeting]:
    return [m for m in meetings if m.state is MeetingState.BOOKED and m.start >= now]


def settle_leaving(
    tx: Tx, meetings: Iterable[Meeting], leaver: PersonId, settling: Settling
) -> int:
    """Do what was chosen with the meetings of somebody who leaves; return how many it was."""
    chosen = list(meetings)
    for meeting in chosen:
        if settling.fate.choice is not Choice.KEEP:
            settling.fate.cancel(tx, meeting, settling.by, settling.now)
        if settling.fate.choice is Choice.HAND_OVER:
            _ask_heir(tx, meeting, leaver, settling)
    return len(chosen)


def _ask_heir(tx: Tx, meeting: Meeting, leaver: PersonId, settling: Settling) -> None:
    """Propose the time of a meeting that was called off to the one who takes over."""
    heir, now = PersonId(settling.fate.heir), settling.now
    others = tuple(p for p in meeting.people if p not in (leaver, heir))
    if not others or meeting.attendee(heir):
        return
    programme = tx.programmes.get(meeting.programme_id)
    policy = resolve(tx.settings.read(programme.org_id), tx.settings.read(programme.id))
    request = MeetingRequest(
        programme_id=programme.id,
        asker=meeting.owner if meeting.owner in others else others[0],
        attendees=(*others, heir),
        minutes=(meeting.end - meeting.start) // 60,
        windows=(meeting.span,),
        zone=meeting.zone,
        starts=(meeting.start,),
    )
    proposal = Proposal(
        ProposalId(settling.ids.new()),
        request,
        (Slot(meeting.start, meeting.end, unchecked=(heir,)),),
        made_at=now,
        expires_at=min(meeting.start, now + policy.expiry * 60),
    ).offer((meeting.start,))
    tx.proposals.save(proposal)
    tx.effects.add(expiry_effect(proposal))
    arrange_ladder(tx, proposal, now)
    announce(tx, proposal, now)


def announce(tx: Tx, proposal: Proposal, now: int) -> None:
    """Queue the proposal's card for everybody it concerns; a later one replaces it in place."""
    concerned = dict.fromkeys((proposal.request.asker, *proposal.request.attendees))
    tell(tx, proposal, concerned, now)


def withdraw(tx: Tx, proposals: Iterable[Proposal], now: int) -> int:
    """Close open proposals, so that nobody accepts what cannot be any more; return how many."""
    chosen = list(proposals)
    for proposal in chosen:
        after = proposal.end(ProposalState.WITHDRAWN)
        tx.proposals.save(after)
        take_back(tx, proposal)
        if proposal.state is ProposalState.OFFERED:
            announce(tx, after, now)
    return len(chosen)


def part(tx: Tx, proposals: Iterable[Proposal], gone: PersonId, now: int) -> None:
    """Let open proposals go on without somebody who leaves; withdraw those that cannot."""
    for proposal in proposals:
        after = without(proposal, gone)
        if after is None:
            withdraw(tx, [proposal], now)
            continue
        tx.proposals.save(after)
        spare(tx, after, gone)
        announce(tx, after, now)


def move_to_programme(tx: Tx, meetings: Iterable[Meeting], settling: Settling) -> int:
    """Let meetings go on under another programme, which their people join as they were.

    Times and calendars stay as they are, so nobody gets mail about it. Return how many.
    """
    chosen, heir = list(meetings), ProgrammeId(settling.fate.heir)
    for meeting in chosen:
        tx.meetings.save(replace(meeting, programme_id=heir))
    for programme_id in {meeting.programme_id for meeting in chosen}:
        people = frozenset(p for meeting in chosen for p in meeting.people)
        _take_along(tx, programme_id, people, settling)
    return len(chosen)


def _take_along(
    tx: Tx, programme_id: ProgrammeId, people: frozenset[PersonId], settling: Settling
) -> None:
    """Give people their roles and pairs in the programme that takes over, but no powers."""
    heir = ProgrammeId(settling.fate.heir)
    for membership in tx.programmes.members(programme_id):
        if membership.person_id in people and membership.role is not Role.ADMIN:
            tx.programmes.join(replace(membership, programme_id=heir))
    for pair in tx.programmes.pairs(programme_id):
        if pair.mentor_id in people and pair.mentee_id in people:
            pair_id = PairId(settling.ids.new())
            tx.programmes.add_pair(replace(pair, id=pair_id, programme_id=heir))
