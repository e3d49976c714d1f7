"""Running late (A24): the others are told at once, and only a choice changes the session.

Either side may choose. A later time needs everybody's calendar to be free for it; whose calendar
cannot be read has to choose it in person, since unknown is never free (X6, Y9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from core import late
from core.attendance import ask, load_cast, mark_revoked
from core.convening import reachable
from core.errors import IllegalStep, Refused, TimeTaken
from core.late import Choice
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Objection, Rule
from core.recording import record
from core.timing.spans import overlaps
from core.timing.zones import DAY

if TYPE_CHECKING:
    from core.attendance import Attendance
    from core.booking.meeting import Meeting
    from core.ids import MeetingId, PersonId
    from core.people import Person
    from core.ports import Ports, Tx
    from core.timing.spans import Span

AT_ONCE = 3.0  # seconds that the news waits for calendars at the most


class Outcome(StrEnum):
    """What became of a choice."""

    KEPT = "kept"
    CHANGED = "changed"
    BUSY = "busy"  # somebody has something else then
    WAITING = "waiting"  # whose calendar could not be read has to choose it themselves
    SETTLED = "settled"  # the session has got another time, or was called off, meanwhile


@dataclass(frozen=True, slots=True)
class Lateness:
    """What can be chosen for a delay; `busy` are in the way of a later time, `unknown` could not
    be read.
    """

    meeting: Meeting
    people: dict[PersonId, Person]
    minutes: int
    choices: tuple[Choice, ...]
    busy: tuple[PersonId, ...] = ()
    unknown: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a choice; `blocked` are the busy ones, or those who have to choose."""

    outcome: Outcome
    meeting: Meeting
    people: dict[PersonId, Person]
    blocked: tuple[PersonId, ...] = ()


async def announce(ports: Ports, meeting_id: MeetingId, actor: PersonId, minutes: int) -> Lateness:
    """Tell the others that somebody comes late, and return what can be done about it.

    The same delay is told once. Raises Refused for somebody who takes no part, IllegalStep for a
    session that is not near or a delay that is none, NotFound.
    """
    now = ports.clock.now()
    meeting = await ports.store.read(lambda tx: _near(tx, meeting_id, actor, now))
    possible = late.choices(meeting, minutes)
    if not possible:
        raise IllegalStep(f"{minutes} minutes")
    span = late.span_after(meeting, Choice.MOVE, minutes)
    busy, attendance = await _busy(ports, meeting, span)
    unknown = tuple(p for p in attendance.unknown if p != actor)
    choices = tuple(c for c in possible if c is not Choice.MOVE or not busy)

    def work(tx: Tx) -> Lateness:
        standing = _near(tx, meeting_id, actor, now)
        mark_revoked(tx, attendance, now)
        facts = {"meeting": str(meeting.id), "by": str(actor), "minutes": str(minutes)}
        facts |= {"start": str(standing.start), "choices": ",".join(choices)}
        for other in standing.people:
            if other != actor:
                notice = Notice(other, NoticeKind.LATE, f"late:{meeting.id}:{actor}", facts)
                key = f"{meeting.id}:{standing.sequence}:{actor}:{minutes}"
                tx.effects.add(as_effect(notice, key, now))
        people = tx.people.many(standing.people)
        return Lateness(standing, people, minutes, choices, busy, unknown)

    return await ports.store.transact(work)


def _near(tx: Tx, meeting_id: MeetingId, actor: PersonId, now: int) -> Meeting:
    meeting = tx.meetings.get(meeting_id)
    if meeting.attendee(actor) is None:
        raise Refused(Objection(Rule.RIGHTS, meeting.owner))
    if not late.is_near(meeting, now):
        raise IllegalStep(meeting.state)
    return meeting


async def _busy(
    ports: Ports, meeting: Meeting, span: Span
) -> tuple[tuple[PersonId, ...], Attendance]:
    """Return who of a session has something else in a span, and what could be read of it."""
    around = (span[0] - DAY, span[1] + DAY)
    cast = await ports.store.read(
        lambda tx: load_cast(tx, meeting.programme_id, meeting.people, around, meeting.id)
    )
    hasty = replace(ports, deadline=min(ports.deadline, AT_ONCE))
    attendance = await ask(hasty, cast, around, frozenset({meeting.uid}))
    busy = tuple(
        p.person_id
        for p in attendance.people
        if overlaps(p.busy, span[0] - p.buffer, span[1] + p.buffer)
    )
    return busy, attendance


async def choose(
    ports: Ports, meeting_id: MeetingId, actor: PersonId, choice: Choice, start: int, minutes: int
) -> Settled:
    """Do what was chosen for a session that was to begin at `start`; doing it again changes
    nothing. Raises Refused for somebody who takes no part, IllegalStep for what is no choice,
    NotFound.
    """
    now = ports.clock.now()
    meeting, people = await ports.store.read(lambda tx: _chosen(tx, meeting_id, actor))
    if choice not in late.choices(meeting, minutes):
        raise IllegalStep(choice)
    if meeting.start != start or not late.is_near(meeting, now):
        return Settled(Outcome.SETTLED, meeting, people)
    if choice is Choice.KEEP:
        return await ports.store.transact(lambda tx: _keep(tx, meeting, actor, minutes, now))
    span = late.span_after(meeting, choice, minutes)
    if choice is Choice.MOVE:
        busy, attendance = await _busy(ports, meeting, span)
        unknown = tuple(p for p in attendance.unknown if p != actor)
        if busy or unknown:
            outcome = Outcome.BUSY if busy else Outcome.WAITING
            return Settled(outcome, meeting, people, busy or unknown)
    try:
        return await ports.store.transact(lambda tx: _shift(tx, ports, meeting, span, actor, now))
    except TimeTaken as error:
        taken = tuple(p for p in meeting.people if p in error.people)
        return Settled(Outcome.BUSY, meeting, people, taken)


def _chosen(
    tx: Tx, meeting_id: MeetingId, actor: PersonId
) -> tuple[Meeting, dict[PersonId, Person]]:
    meeting = tx.meetings.get(meeting_id)
    if meeting.attendee(actor) is None:
        raise Refused(Objection(Rule.RIGHTS, meeting.owner))
    return meeting, tx.people.many(meeting.people)


def _keep(tx: Tx, meeting: Meeting, actor: PersonId, minutes: int, now: int) -> Settled:
    """Tell the others that the session ends as planned; nothing about it changes."""
    facts = {"meeting": str(meeting.id), "by": str(actor), "minutes": str(minutes)}
    for other in meeting.people:
        if other != actor:
            notice = Notice(other, NoticeKind.LATE_KEPT, "", facts)
            key = f"{meeting.id}:{meeting.sequence}:{minutes}"
            tx.effects.add(as_effect(notice, key, now))
    return Settled(Outcome.KEPT, meeting, tx.people.many(meeting.people))


def _shift(
    tx: Tx, ports: Ports, meeting: Meeting, span: Span, actor: PersonId, now: int
) -> Settled:
    """Give a session its later time: one update for everybody. Raises TimeTaken."""
    standing = tx.meetings.get(meeting.id)
    people = tx.people.many(standing.people)
    if standing.span != meeting.span or not late.is_near(standing, now):
        return Settled(Outcome.SETTLED, standing, people)
    before, leftovers = reachable(tx, standing, now)
    after = before.move(*span, now)
    record(tx, ports.calendars, before, after, leftovers, actor, now)
    return Settled(Outcome.CHANGED, after, people)
