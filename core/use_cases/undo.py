"""Take back what the bot has just done for somebody: an offer, a booking, a move, a cancellation.

Undoing never rewrites what others have seen: an offer is withdrawn, a booking is called off, a
session that was moved is moved back, and what was called off is booked anew, as another event;
both only where the old time is still everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core.agendas import write_one, write_series
from core.attendance import ask, load_cast, mark_revoked
from core.booking.meeting import Meeting, MeetingState
from core.booking.proposal import ProposalState
from core.booking.series import coming
from core.booking.telling import take_back, tell
from core.calling_off import cancel_in
from core.convening import on_their_clocks, reachable
from core.counting import cancelled_by, forgive
from core.errors import Refused, TimeTaken
from core.ids import MeetingId, ProposalId, SeriesId
from core.programme import Objection, Rule
from core.recording import record
from core.reopening import reopen
from core.series_changing import call_off_all
from core.timing.spans import overlaps
from core.timing.zones import DAY
from core.undoing import is_as_moved, is_new, is_recent, is_unanswered, is_untouched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.attendance import Attendance
    from core.booking.proposal import Proposal
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.spans import Span


class Outcome(StrEnum):
    """What became of an undo."""

    UNDONE = "undone"
    LATE = "late"  # it was too long ago
    ACTED = "acted"  # the other side has acted on it
    ALREADY = "already"  # it is not so any more
    TAKEN = "taken"  # the time of what was called off has gone
    OVER = "over"  # the old time of what was moved is past
    UNCHECKED = "unchecked"  # somebody's calendar could not be read, so they have to be asked


@dataclass(frozen=True, slots=True)
class Undone:
    """The outcome, with the session it is about; `blocked` are those in the way. `reopened` is the
    offer that stands again, because what had taken its place was taken back; `apart` that a session
    of a series was booked anew on its own: changes of the series do not concern it.
    """

    outcome: Outcome
    people: dict[PersonId, Person]
    meeting: Meeting | None = None
    blocked: tuple[PersonId, ...] = ()
    reopened: Proposal | None = None
    apart: bool = False


async def undo_offer(ports: Ports, proposal_id: ProposalId, actor: PersonId, at: int) -> Undone:
    """Withdraw a proposal offered at `at` that nobody has answered; one that was an answer to
    another gives that its place again. Raises Refused, NotFound.
    """
    now = ports.clock.now()
    new_id = ProposalId(ports.ids.new())

    def work(tx: Tx) -> Undone:
        proposal = tx.proposals.get(proposal_id)
        request = proposal.request
        if actor != request.asker:
            raise Refused(Objection(Rule.RIGHTS, request.asker))
        people = tx.people.many((request.asker, *request.attendees))
        if proposal.state in (ProposalState.ACCEPTED, ProposalState.DECLINED):
            acted = Outcome.ACTED if is_recent(at, now) else Outcome.LATE
            return Undone(acted, people)
        if proposal.state is not ProposalState.OFFERED:
            return Undone(Outcome.ALREADY, people)
        if not is_unanswered(proposal, actor):
            return Undone(Outcome.ACTED, people)
        if not is_recent(at, now):
            return Undone(Outcome.LATE, people)
        ended = proposal.end(ProposalState.WITHDRAWN)
        tx.proposals.save(ended)
        take_back(tx, proposal)
        tell(tx, ended, request.invitees, now)
        again = reopen(tx, ended, new_id, actor, now, reads=True)
        return Undone(Outcome.UNDONE, people, reopened=again)

    return await ports.store.transact(work)


async def undo_booking(ports: Ports, meeting_id: MeetingId, actor: PersonId) -> Undone:
    """Call a session off that was booked a moment ago. Raises Refused, NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> Undone:
        meeting = tx.meetings.get(meeting_id)
        if meeting.attendee(actor) is None:
            raise Refused(Objection(Rule.RIGHTS, meeting.owner))
        people = tx.people.many(meeting.people)
        if meeting.state is not MeetingState.BOOKED or meeting.start <= now:
            return Undone(Outcome.ALREADY, people, meeting)
        if not is_untouched(meeting, actor):
            return Undone(Outcome.ACTED, people, meeting)
        if not is_recent(meeting.changed_at, now):
            return Undone(Outcome.LATE, people, meeting)
        return Undone(Outcome.UNDONE, people, cancel_in(tx, meeting, actor, now))

    return await ports.store.transact(work)


async def undo_series(ports: Ports, series_id: SeriesId, actor: PersonId) -> Undone:
    """Call a series off that was booked a moment ago, as a whole. Raises Refused, NotFound."""
    now = ports.clock.now()

    def work(tx: Tx) -> Undone:
        series = tx.meetings.series(series_id)
        if actor not in series.people:
            raise Refused(Objection(Rule.RIGHTS, series.owner))
        people, meetings = tx.people.many(series.people), tx.meetings.of_series(series_id)
        first = min(meetings, key=lambda m: m.start)
        if not coming(meetings, now):
            return Undone(Outcome.ALREADY, people, first)
        if not is_new(series, meetings, actor) or first.start <= now:
            return Undone(Outcome.ACTED, people, first)
        if not is_recent(series.changed_at, now):
            return Undone(Outcome.LATE, people, first)
        call_off_all(tx, series, actor, now)
        return Undone(Outcome.UNDONE, people, first)

    return await ports.store.transact(work)


async def undo_move(ports: Ports, meeting_id: MeetingId, actor: PersonId, sequence: int) -> Undone:
    """Move a session back that was moved a moment ago, where its old time is still free for all.

    `sequence` is the one that the move gave it. It stays the same event, and its sequence rises
    once more; the others are told of it like of any move. Raises Refused, NotFound.
    """
    now = ports.clock.now()

    def load(tx: Tx) -> tuple[Meeting, dict[PersonId, Person], Span | None]:
        meeting = tx.meetings.get(meeting_id)
        if meeting.attendee(actor) is None:
            raise Refused(Objection(Rule.RIGHTS, meeting.owner))
        return meeting, tx.people.many(meeting.people), _time_before(tx, meeting, actor)

    moved, people, was = await ports.store.read(load)
    if moved.state is not MeetingState.BOOKED or was is None or was == moved.span:
        return Undone(Outcome.ALREADY, people, moved)
    if not is_as_moved(moved, actor, sequence):
        return Undone(Outcome.ACTED, people, moved)
    if not is_recent(moved.changed_at, now):
        return Undone(Outcome.LATE, people, moved)
    old = replace(moved, start=was[0], end=was[1])
    return await _move_back(ports, old, people, actor, now)


async def _move_back(
    ports: Ports, old: Meeting, people: dict[PersonId, Person], actor: PersonId, now: int
) -> Undone:
    """Look whether the old time of a session is still free for all, and give it that again."""
    if old.start <= now:
        return Undone(Outcome.OVER, people, old)
    own = frozenset({old.uid, f"{old.id}@{ports.domain}"})
    attendance, hindered = await _look(ports, old, people, actor, own)
    if hindered:
        return hindered
    try:
        return await ports.store.transact(
            lambda tx: _moved_back(tx, ports, old, actor, attendance, now)
        )
    except TimeTaken as error:
        taken = tuple(p for p in old.people if p in error.people)
        return Undone(Outcome.TAKEN, people, old, taken)


async def _look(
    ports: Ports, old: Meeting, people: dict[PersonId, Person], actor: PersonId, own: frozenset[str]
) -> tuple[Attendance, Undone | None]:
    """Read everybody's time around that of a session, leaving out the copies with the UIDs `own`;
    return it with what hinders the session from being then, None for nothing.
    """
    around = (old.start - DAY, old.end + DAY)
    cast = await ports.store.read(
        lambda tx: load_cast(tx, old.programme_id, old.people, around, old.id)
    )
    attendance = await ask(ports, cast, around, own)
    blocked = _in_the_way(attendance, old)
    if cast.programme.ended or blocked:
        return attendance, Undone(Outcome.TAKEN, people, old, blocked)
    unknown = tuple(p for p in attendance.unknown if p != actor)
    if unknown:
        return attendance, Undone(Outcome.UNCHECKED, people, old, unknown)
    return attendance, None


def _time_before(tx: Tx, meeting: Meeting, person: PersonId) -> Span | None:
    """Return when a session was before its last change, as the mail about that says it."""
    mail = tx.effects.by_key(f"mail:{meeting.id}:{person}:{meeting.sequence}")
    if mail is None or "was_start" not in mail.payload:
        return None
    return int(mail.payload["was_start"]), int(mail.payload["was_end"])


def _moved_back(
    tx: Tx, ports: Ports, old: Meeting, actor: PersonId, attendance: Attendance, now: int
) -> Undone:
    """Store the old time, unless somebody has acted meanwhile. Raises TimeTaken."""
    mark_revoked(tx, attendance, now)
    moved = tx.meetings.get(old.id)
    people = tx.people.many(moved.people)
    if not is_as_moved(moved, actor, old.sequence):
        return Undone(Outcome.ACTED, people, moved)
    before, leftovers = reachable(tx, moved, now)
    after = on_their_clocks(before.move(old.start, old.end, now), people)
    record(tx, ports.calendars, before, after, leftovers, actor, now)
    return Undone(Outcome.UNDONE, people, after)


async def undo_cancelling(ports: Ports, meeting_id: MeetingId, actor: PersonId) -> Undone:
    """Book a session anew that was called off a moment ago, where its time is still free.

    It is another event: a program that was told of a CANCEL may never show its UID again
    (RFC 5546 3.2.5). Raises Refused, NotFound.
    """
    now = ports.clock.now()
    old, people, by = await ports.store.read(lambda tx: _called_off(tx, meeting_id, actor))
    if old.state is not MeetingState.CANCELLED or old.start <= now or by != actor:
        return Undone(Outcome.ALREADY, people, old)
    if not is_recent(old.changed_at, now):
        return Undone(Outcome.LATE, people, old)
    attendance, hindered = await _look(ports, old, people, actor, frozenset({old.uid}))
    if hindered:
        return hindered
    new_id = MeetingId(ports.ids.new())
    try:
        return await ports.store.transact(
            lambda tx: _again(tx, ports, old, new_id, actor, attendance, now)
        )
    except TimeTaken as error:
        taken = tuple(p for p in old.people if p in error.people)
        return Undone(Outcome.TAKEN, people, old, taken)


def _called_off(
    tx: Tx, meeting_id: MeetingId, actor: PersonId
) -> tuple[Meeting, dict[PersonId, Person], str]:
    """Return a session with its people, and who called it off."""
    meeting = tx.meetings.get(meeting_id)
    if meeting.attendee(actor) is None:
        raise Refused(Objection(Rule.RIGHTS, meeting.owner))
    return meeting, tx.people.many(meeting.people), cancelled_by(tx, meeting_id)


def _in_the_way(attendance: Attendance, old: Meeting) -> tuple[PersonId, ...]:
    return tuple(
        p.person_id
        for p in attendance.people
        if overlaps((*p.busy, *p.away), old.start - p.buffer, old.end + p.buffer)
    )


def _again(
    tx: Tx,
    ports: Ports,
    old: Meeting,
    new_id: MeetingId,
    actor: PersonId,
    attendance: Attendance,
    now: int,
) -> Undone:
    """Store the new session in the place of the old. Raises TimeTaken."""
    mark_revoked(tx, attendance, now)
    people = tx.people.many(old.people)
    if len(people) < len(old.people) or not all(p.active for p in people.values()):
        gone = tuple(p for p in old.people if p not in people or not people[p].active)
        return Undone(Outcome.TAKEN, people, old, tuple(p for p in gone if p in people))
    fresh = replace(
        old,
        id=new_id,
        uid=f"{new_id}@{ports.domain}",
        series=None,  # one of a series comes back as a session of its own
        slot=0,
        attendees=tuple(replace(a, rsvp=a.stays) for a in old.attendees),
        state=MeetingState.BOOKED,
        sequence=0,
        changed_at=now,
        version=0,
    )
    after, leftovers = reachable(tx, fresh, now)
    forgive(tx, old.id)
    record(tx, ports.calendars, None, after, leftovers, actor, now)
    return Undone(Outcome.UNDONE, people, after, apart=old.series is not None)


async def undo_agenda(
    ports: Ports, actor: PersonId, before: Mapping[MeetingId, str], line: str, at: int
) -> Undone:
    """Let sessions say again what they said before `line` was written into them at `at`; those
    that are over stay as they are. Raises Refused, NotFound.
    """
    now = ports.clock.now()

    def work(tx: Tx) -> Undone:
        found = [tx.meetings.get(meeting_id) for meeting_id in before]
        first = found[0]
        if any(m.attendee(actor) is None for m in found):
            raise Refused(Objection(Rule.RIGHTS, first.owner))
        people, ahead = tx.people.many(first.people), coming(found, now)
        if not ahead:
            return Undone(Outcome.ALREADY, people, first)
        if any(m.agenda != line for m in ahead):
            return Undone(Outcome.ACTED, people, ahead[0])
        if not is_recent(at, now):
            return Undone(Outcome.LATE, people, ahead[0])
        if first.series is None or len(before) == 1:
            after = write_one(tx, ahead[0], before[ahead[0].id], actor, now)
            return Undone(Outcome.UNDONE, people, after)
        lines = {m.id: before[m.id] for m in ahead}
        written = write_series(tx, first.series, lines, actor, now)
        return Undone(Outcome.UNDONE, people, written[ahead[0].id])

    return await ports.store.transact(work)
