"""Running late: which session, how late, and what becomes of it (A24)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.converse import questions
from bot.converse.turn import Reply, say, watched
from bot.message import Outgoing
from bot.speak import session_notices, times, views, words
from bot.speak import session_words as said
from core import late
from core.errors import IllegalStep, NotFound, Refused
from core.ids import MeetingId
from core.late import Choice
from core.use_cases import run_late
from core.use_cases.list_meetings import agenda
from core.use_cases.run_late import Outcome

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.ports import Ports
    from core.use_cases.list_meetings import Agenda

STEPS = (5, 10, 15, 30)
NUMBER = re.compile(r"\b(\d{1,5})\b")
THERE_IN = re.compile(r"\b(?:be there|there|with you|join(?:ing)?(?: you)?) in\b", re.IGNORECASE)
LONGEST = 9  # digits of an instant or a length on a button


async def in_words(ports: Ports, turn: Turn, _roster: Roster, reading: Reading) -> Reply:
    """Find the session that somebody is late for, and ask for what is missing."""
    found = await agenda(ports, turn.me.id)
    near = [m for m in found.meetings if late.is_near(m, turn.now)]
    people = {c for mention in reading.people for c in mention.candidates} - {turn.me.id}
    meant = [m for m in near if not people or people & set(m.people)]
    if not meant:
        return say(turn.talk, _nothing(turn, found))
    minutes = _minutes(reading)
    if len(meant) > 1:
        suffix = f":{minutes}" if minutes else ""
        actions = [
            Action(f"late:{m.id}{suffix}", f"{_names(turn, found, m)}, {_moment(turn, m)}")
            for m in meant
        ]
        return questions.ask(turn, views.plain(said.LATE_WHICH, actions=actions))
    if minutes and THERE_IN.search(reading.text):
        minutes = max(0, -(-(turn.now + minutes * 60 - meant[0].start) // 60))
    if not minutes:
        return _how_late(turn, meant[0].id)
    return await _announce(ports, turn, meant[0], minutes)


def _minutes(reading: Reading) -> int:
    """Return the minutes that were said, 0 for none."""
    if reading.duration_minutes is not None:
        return reading.duration_minutes
    found = None if reading.people else NUMBER.search(reading.text)
    return int(found[1]) if found else 0


def _names(turn: Turn, found: Agenda, meeting: Meeting) -> str:
    return views.others(found.people, meeting.people, turn.me.id)


def _moment(turn: Turn, meeting: Meeting) -> str:
    return times.begin(meeting.start, turn.me, turn.now)


def _when(turn: Turn, meeting: Meeting) -> str:
    return times.of_meeting(meeting, turn.me, turn.now)


def _nothing(turn: Turn, found: Agenda) -> str:
    """Say that nothing is near, and what comes next."""
    if not found.meetings:
        return said.LATE_NOTHING
    meeting = found.meetings[0]
    names = _names(turn, found, meeting)
    return f"{said.LATE_NOTHING} {said.LATE_NEXT.format(time=_when(turn, meeting), names=names)}"


def _how_late(turn: Turn, meeting_id: str) -> Reply:
    actions = [Action(f"late:{meeting_id}:{n}", said.LATE_MINUTES.format(minutes=n)) for n in STEPS]
    message = views.plain(said.LATE_HOW, actions=actions)
    return questions.ask(turn, message, minutes=f"late:{meeting_id}")


async def press(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Carry out a button: of a reminder, of "how late?", or of what is to become of it."""
    meeting_id, *rest = args
    if any(not word.isdecimal() or len(word) > LONGEST + 6 for word in (*rest[:1], *rest[2:])):
        raise NotFound(meeting_id)
    if len(rest) == 3 and rest[1] in set(Choice):
        return await _choose(
            ports, turn, meeting_id, Choice(rest[1]), start=int(rest[2]), minutes=int(rest[0])
        )
    meeting = await ports.store.read(lambda tx: tx.meetings.get(MeetingId(meeting_id)))
    if meeting.attendee(turn.me.id) is None:
        return say(turn.talk, words.NOT_YOUR_MEETING)
    if not late.is_near(meeting, turn.now):
        far = meeting.start > turn.now and meeting.end > meeting.start
        return say(turn.talk, said.LATE_NOTHING if far else said.LATE_OVER)
    if not rest:
        return _how_late(turn, meeting_id)
    return await _announce(ports, turn, meeting, int(rest[0]))


async def _announce(ports: Ports, turn: Turn, meeting: Meeting, minutes: int) -> Reply:
    """Tell the others, and offer what can be done."""
    if not late.choices(meeting, minutes):
        actions = [
            Action(f"move:{meeting.id}", said.LATE_OTHER, Style.PRIMARY),
            Action(f"cancel:{meeting.id}", "Cancel", Style.DANGER),
        ]
        text = said.LATE_TOO_MUCH.format(minutes=minutes, time=_when(turn, meeting))
        return questions.ask(turn, views.plain(text, actions=actions))
    try:
        work = run_late.announce(ports, meeting.id, turn.me.id, minutes)
        told = await watched(turn, work, words.CHECKING)
    except (IllegalStep, NotFound):
        return say(turn.talk, said.LATE_OVER)
    except Refused:
        return say(turn.talk, words.NOT_YOUR_MEETING)
    others = [p for p in told.meeting.people if p != turn.me.id]
    names = views.names(told.people, others, turn.me.id)
    texts = [said.LATE_TOLD.format(names=names, minutes=minutes)]
    if told.busy:
        verb = said.LATE_BUSY_VERB[len(told.busy) > 1 or turn.me.id in told.busy]
        busy = views.names(told.people, told.busy, turn.me.id)
        texts.append(said.LATE_BUSY.format(names=busy, busy=verb))
    elif told.unknown:
        unknown = views.names(told.people, told.unknown, turn.me.id)
        texts.append(said.LATE_UNKNOWN.format(names=unknown))
    texts.append(said.LATE_WHAT)
    own = [c for c in told.choices if c is not Choice.MOVE or not told.unknown]
    buttons = session_notices.late_actions(told.meeting, own, minutes, turn.me.zone)
    return questions.ask(turn, Outgoing(" ".join(texts), Card(actions=buttons)))


async def _choose(
    ports: Ports, turn: Turn, meeting_id: str, choice: Choice, *, start: int, minutes: int
) -> Reply:
    """Do what was chosen, once."""
    try:
        work = run_late.choose(ports, MeetingId(meeting_id), turn.me.id, choice, start, minutes)
        done = await watched(turn, work, words.CHECKING)
    except Refused:
        return say(turn.talk, words.NOT_YOUR_MEETING)
    meeting, talk = done.meeting, turn.talk.answered()
    time = _when(turn, meeting)
    blocked = views.names(done.people, done.blocked, turn.me.id)
    if done.outcome is Outcome.CHANGED:
        text = said.LATE_CHANGED.format(time=time)
        card = views.meeting(done.people, meeting, turn.me.id, text)
        return Reply((replace(card, instead=words.LEFT_MOVED),), talk)
    if done.outcome is Outcome.KEPT:
        others = [p for p in meeting.people if p != turn.me.id]
        names = views.names(done.people, others, turn.me.id)
        return say(talk, said.LATE_KEPT.format(minutes=minutes, names=names))
    if done.outcome is Outcome.WAITING:
        return say(talk, said.LATE_WAITING.format(names=blocked))
    if done.outcome is Outcome.BUSY:
        verb = said.LATE_BUSY_VERB[len(done.blocked) > 1 or turn.me.id in done.blocked]
        return say(turn.talk, said.LATE_BUSY.format(names=blocked, busy=verb))
    over = not late.is_near(meeting, turn.now)
    return say(talk, said.LATE_OVER if over else said.LATE_SETTLED.format(time=time))
