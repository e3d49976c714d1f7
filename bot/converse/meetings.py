"""Sessions that stand: cancel one after asking, look for another time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.card import Action, Card, Input, InputKind, Style
from bot.converse import questions, series, series_change
from bot.converse.because import reason_in
from bot.converse.deeds import Kind, did
from bot.converse.schedule import scene_of, search
from bot.converse.state import PATIENCE
from bot.converse.turn import Reply, say
from bot.converse.when import Wanted, context_of, on_the_clock_there, wanted
from bot.converse.whom import left_out
from bot.message import Outgoing
from bot.speak import session_words as said
from bot.speak import times, views, words
from bot.understand.cannot import windows_of
from bot.understand.constraint import Weekday, Which
from bot.understand.intent import Intent
from bot.understand.intent_actions import MORE_TIME
from bot.understand.read import read
from bot.understand.resolve import resolve
from core.booking.meeting import MeetingState, Rsvp
from core.booking.proposal import MeetingRequest
from core.errors import NotFound, Refused
from core.ids import MeetingId, ProposalId
from core.setting_text import parse_text, spoken
from core.timing.spans import overlaps
from core.timing.zones import day_span, instant, local_date, wall
from core.use_cases import change_meeting
from core.use_cases.list_meetings import agenda

if TYPE_CHECKING:
    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.calling_off import Terms
    from core.ports import Ports
    from core.timing.spans import Span
    from core.use_cases.list_meetings import Agenda

SHOWN = 10
SIZE = re.compile(r"\b(?:longer|shorter)\b", re.IGNORECASE)
PAIR = 2  # people


def _title(turn: Turn, found: Agenda, meeting: Meeting) -> str:
    return views.others(found.people, meeting.people, turn.me.id)


def _when(turn: Turn, meeting: Meeting) -> str:
    return times.of_meeting(meeting, turn.me, turn.now)


async def show(ports: Ports, turn: Turn, meeting_id: str) -> Reply:
    """Show one session with what can be done with it."""
    found = await agenda(ports, turn.me.id)
    meeting = next((m for m in found.meetings if m.id == meeting_id), None)
    if meeting is None:
        return say(turn.talk, words.NO_SUCH_MEETING)
    text = words.YOUR_SESSION.format(time=_when(turn, meeting))
    return Reply((views.meeting(found.people, meeting, turn.me.id, text),), turn.talk)


# --- cancel -------------------------------------------------------------------------------------


async def cancel_in_words(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Find the session that is meant and ask once before cancelling it."""
    found = await agenda(ports, turn.me.id)
    people = _meant(turn, roster, found, replace(reading, move_from=None))
    if series.concerned(reading, people):
        return await series.in_words(ports, turn, roster, reading, people)
    meant = _meant(turn, roster, found, reading)
    reason = reason_in(reading.text)
    if len(meant) == 1:
        return await _sure(ports, turn, found, meant[0], reason)
    asked = _which(turn, found, meant, "cancel")
    return replace(asked, talk=_with_reason(asked.talk, reason))


def _with_reason(talk: Conversation, reason: str) -> Conversation:
    """Keep why something is called off until it is; none forgets an older one."""
    return replace(talk, topic={**talk.topic, "reason": reason})


def _meant(turn: Turn, roster: Roster, found: Agenda, reading: Reading) -> list[Meeting]:
    """Return the upcoming sessions that fit the people and the time that were named."""
    people = {c for mention in reading.people for c in mention.candidates} - {turn.me.id}
    meant = [m for m in found.meetings if not people or people & set(m.people)]
    meant = [m for m in meant if not left_out(reading) & set(m.people)]
    when = reading.move_from
    if when is not None and when.options:
        context = context_of(turn, roster)
        near = resolve(when, context, cut_to_hours=False).windows
        then = [m for m in meant if overlaps(near, m.start, m.end)]
        further = () if then else windows_of(when, context)  # on a Tuesday, the next Tuesday
        meant = then or [m for m in meant if overlaps(further, m.start, m.end)]
    return meant


def _which(turn: Turn, found: Agenda, meant: list[Meeting], verb: str) -> Reply:
    """Ask which session; say so when there is none."""
    if not meant:
        return say(turn.talk, words.NO_SUCH_MEETING)
    actions = [
        Action(
            f"{verb}:{m.id}", f"{_title(turn, found, m)}, {times.begin(m.start, turn.me, turn.now)}"
        )
        for m in meant[:SHOWN]
    ]
    return questions.ask(turn, views.plain(words.WHICH_MEETING, actions=actions))


async def _sure(ports: Ports, turn: Turn, found: Agenda, meeting: Meeting, reason: str) -> Reply:
    """Ask once, what follows from it first (A25), with room for a reason."""
    terms = await change_meeting.cancel_terms(ports, meeting.id, turn.me.id)
    names, time = _title(turn, found, meeting), _when(turn, meeting)
    texts = [*_consequences(terms), words.CANCEL_SURE.format(names=names, time=time)]
    actions: tuple[Action, ...] = (
        Action(f"cancel:{meeting.id}:yes", "Cancel the session", Style.DANGER),
        Action(f"cancel:{meeting.id}:no", "Keep it"),
    )
    mine = meeting.attendee(turn.me.id)
    if mine is not None and len(meeting.people) > PAIR and not terms.leads:
        alone = Action(f"mailed:{meeting.id}:{Rsvp.DECLINED.value}", said.ONLY_ME, Style.PRIMARY)
        actions = (*actions, alone)
    entry = Input(
        "reason", said.REASON, InputKind.TEXT, reason, hint=said.REASON_HINT, required=False
    )
    message = Outgoing(" ".join(texts), Card("", (), (entry,), actions))
    asked = questions.ask(turn, message, yes=actions[0].id, no=actions[1].id)
    return replace(asked, talk=_with_reason(asked.talk, reason))


def _consequences(terms: Terms) -> list[str]:
    """Return what calling a session off costs, where it costs anything."""
    if not terms.late:
        return []
    notice = spoken(terms.notice)
    texts = [said.LATE_FREE.format(notice=notice)] if terms.leads else []
    if terms.counts:
        pattern = said.LATE_COUNTS if terms.sessions else said.LATE_COUNTS_PLAIN
        pattern = said.LATE_COUNTS_ONLY if terms.sessions == 1 else pattern
        texts = [pattern.format(notice=notice, sessions=terms.sessions)]
    return texts if terms.may_move else [*texts, said.LATE_NOT_MOVED]


async def cancel(ports: Ports, turn: Turn, meeting_id: str, sure: str = "") -> Reply:
    """Cancel a session; without `sure` ask first."""
    if sure == "no":
        return say(turn.talk, words.KEPT)
    if sure != "yes":
        found = await agenda(ports, turn.me.id)
        meant = [m for m in found.meetings if m.id == meeting_id]
        if not meant:
            return await _gone(ports, turn, meeting_id)
        reason = str(turn.talk.topic.get("reason") or "")
        return await _sure(ports, turn, found, meant[0], reason)
    reason = parse_text(turn.incoming.values.get("reason", turn.talk.topic.get("reason") or ""))
    try:
        changed = await change_meeting.cancel(ports, MeetingId(meeting_id), turn.me.id, reason)
    except (Refused, NotFound):
        return say(turn.talk, words.NOT_YOUR_MEETING)
    if not changed.fresh:
        return say(turn.talk, _as_it_is(changed.meeting))
    names = views.names(
        changed.people, [p for p in changed.meeting.people if p != turn.me.id], turn.me.id
    )
    text = words.CANCELLED.format(names=names, time=_when(turn, changed.meeting))
    if changed.terms is not None and changed.terms.counts:
        text = f"{text} {said.CANCELLED_COUNTS}"
    talk, undo = _with_reason(turn.talk, ""), None
    if changed.meeting.attendee(turn.me.id):  # an administrator books nothing for others so
        talk = did(talk, Kind.CANCELLING, (meeting_id,), turn.now)
        undo = Card(actions=(Action(f"undo:{meeting_id}", said.UNDO),))
    news = Outgoing(text, undo, f"meeting:{meeting_id}", words.LEFT_CANCELLED)
    return Reply((news,), talk)


def _as_it_is(meeting: Meeting) -> str:
    """Return why a session cannot be changed any more."""
    cancelled = meeting.state is MeetingState.CANCELLED
    return words.ALREADY_CANCELLED if cancelled else said.IS_OVER


async def _gone(ports: Ports, turn: Turn, meeting_id: str) -> Reply:
    """Say why there is nothing to cancel."""
    try:
        meeting = await ports.store.read(lambda tx: tx.meetings.get(MeetingId(meeting_id)))
    except NotFound:
        return say(turn.talk, words.NO_SUCH_MEETING)
    if meeting.attendee(turn.me.id) is None:
        return say(turn.talk, words.NOT_YOUR_MEETING)
    return say(turn.talk, _as_it_is(meeting))


# --- move ---------------------------------------------------------------------------------------


async def move_in_words(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Find the session that is meant, and times for it where it was wished."""
    if SIZE.search(reading.text) and not reading.duration_minutes and reading.time is None:
        return say(turn.talk, said.HOW_LONG)
    found = await agenda(ports, turn.me.id)
    people = _meant(turn, roster, found, replace(reading, move_from=None))
    if series.concerned(reading, people):
        return await series_change.in_words(ports, turn, roster, reading, people)
    meant = _meant(turn, roster, found, reading)
    return await move_one_of(ports, turn, roster, found, meant, reading)


async def move_one_of(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    found: Agenda,
    meant: list[Meeting],
    reading: Reading,
) -> Reply:
    """Look for another time for the session that is meant, or ask which one it is."""
    if len(meant) != 1:
        asked = _which(turn, found, meant, "move")
        wish = {"text": reading.text, "of": [m.id for m in meant], "at": turn.now}
        return replace(asked, talk=replace(asked.talk, topic={**asked.talk.topic, "wish": wish}))
    return await _move_as_said(ports, turn, roster, meant[0], reading)


async def move_to(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    meeting: Meeting,
    reading: Reading,
    replaces: ProposalId | None = None,
) -> Reply:
    """Look for times for one session as a sentence wishes them; which one of a series is asked.

    `replaces` are times that were found for it before and that nobody else has seen.
    """
    if meeting.series is not None and replaces is None:
        return await move_in_words(ports, turn, roster, replace(reading, intent=Intent.RESCHEDULE))
    return await _move_as_said(ports, turn, roster, meeting, reading, replaces)


async def _move_as_said(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    meeting: Meeting,
    reading: Reading,
    replaces: ProposalId | None = None,
) -> Reply:
    policy = roster.policies.get(meeting.programme_id)
    if reading.reason == MORE_TIME and reading.duration_minutes:
        longer = reading.duration_minutes + (meeting.end - meeting.start) // 60
        reading = replace(reading, duration_minutes=longer)
    there = on_the_clock_there(_around_it(turn, meeting, reading), reading, policy)
    want = _resized(meeting, reading) or wanted(reading, there, policy)
    if isinstance(want, str):
        return say(turn.talk, want)
    minutes = None if reading.shift_minutes else reading.duration_minutes
    length = (meeting.end - meeting.start) // 60
    if want.starts == (meeting.start,) and minutes in (None, length):
        return await _there_already(ports, turn, meeting)
    reply = await _move(ports, turn, meeting, want, minutes, replaces)
    topic = {**reply.talk.topic, "wished": [*turn.talk.topic.get("wished", ()), reading.text]}
    return replace(reply, talk=replace(reply.talk, topic=topic))


async def _there_already(ports: Ports, turn: Turn, meeting: Meeting) -> Reply:
    """Say that a session is at the wished time, and what can be done with it."""
    people = await ports.store.read(lambda tx: tx.people.many(meeting.people))
    names = views.others(people, meeting.people, turn.me.id)
    text = said.THERE_ALREADY.format(names=names, time=_when(turn, meeting))
    message = views.plain(text, actions=views.meeting_actions(meeting))
    return Reply((message,), turn.talk)


def _around_it(turn: Turn, meeting: Meeting, reading: Reading) -> Turn:
    """Return the turn by which a wished time is read: "move it to 4pm" means its own day, and
    "move the one on 24 November to Wednesday" the Wednesday of that week.
    """
    day = local_date(meeting.start, meeting.zone)
    if reading.time is not None and all(span.dates is None for span in reading.time.options):
        then = turn.me.during(meeting.span)
        return replace(turn, me=then, now=max(turn.now, day_span(day, then.zone)[0]))
    named = reading.move_from is not None and bool(reading.move_from.options)
    bare = reading.time is not None and all(
        isinstance(span.dates, Weekday) and span.dates.which is Which.BARE
        for span in reading.time.options
    )
    if not (named and bare):
        return turn
    monday = day_span(day - timedelta(days=day.weekday()), turn.me.zone)[0]
    return replace(turn, now=max(turn.now, monday))


def _wish(turn: Turn, meeting_id: str) -> str:
    """Return the sentence after which it was asked which session is to be moved."""
    wish = turn.talk.topic.get("wish") or {"of": ()}
    fresh = meeting_id in wish["of"] and turn.now - wish["at"] <= PATIENCE
    return str(wish["text"]) if fresh else ""


def _resized(meeting: Meeting, reading: Reading) -> Wanted | None:
    """Return the time that "an hour later" or "45 minutes long" means for a session."""
    if reading.time is None and reading.duration_minutes and not reading.shift_minutes:
        end = meeting.start + reading.duration_minutes * 60
        return Wanted(((meeting.start, end),), (meeting.start,))
    if not reading.shift_minutes:
        return None
    days = int(reading.shift_minutes / (24 * 60))  # towards zero: an hour earlier is no day
    minutes = reading.shift_minutes - days * 24 * 60
    there = wall(meeting.start, meeting.zone)
    day = there.date() + timedelta(days=days)  # a week later is at the same hour of its day
    start = instant(day, there.time(), meeting.zone) + minutes * 60
    return Wanted(((start, start + meeting.end - meeting.start),), (start,))


async def pick_to_move(ports: Ports, turn: Turn, roster: Roster, meeting_id: str) -> Reply:
    """Look for another time: the one that was wished before it was asked which session."""
    wish, found = _wish(turn, meeting_id), await agenda(ports, turn.me.id)
    meeting = next((m for m in found.meetings if m.id == meeting_id), None)
    if not wish or meeting is None:
        return await move(ports, turn, meeting_id)
    reading = read(wish, context_of(turn, roster))
    return await _move_as_said(ports, turn, roster, meeting, reading)


async def move(ports: Ports, turn: Turn, meeting_id: str, to: Span | None = None) -> Reply:
    """Look for another time in the two weeks to come, or whether one certain time works."""
    found = await agenda(ports, turn.me.id)
    meeting = next((m for m in found.meetings if m.id == meeting_id), None)
    if meeting is None:
        return await _gone(ports, turn, meeting_id)
    if to is not None:
        return await _move(ports, turn, meeting, Wanted((to,), to[:1]), (to[1] - to[0]) // 60)
    start = max(turn.now, meeting.start - 7 * 86_400)
    return await _move(ports, turn, meeting, Wanted(((start, start + 14 * 86_400),)), None)


async def _not_moved(ports: Ports, turn: Turn, meeting: Meeting, terms: Terms) -> Reply:
    """Say that a session stays where it is, because it is too late to move it."""
    programme = await ports.store.read(lambda tx: tx.programmes.get(meeting.programme_id))
    text = said.CANNOT_MOVE.format(
        notice=spoken(terms.notice), time=_when(turn, meeting), programme=programme.name
    )
    action = Action(f"cancel:{meeting.id}", "Cancel", Style.DANGER)
    return Reply((views.plain(text, actions=[action]),), turn.talk)


async def _move(
    ports: Ports,
    turn: Turn,
    meeting: Meeting,
    want: Wanted,
    minutes: int | None,
    replaces: ProposalId | None = None,
) -> Reply:
    """Search for a new time of a meeting; its own old time does not block it (A26)."""
    terms = await change_meeting.cancel_terms(ports, meeting.id, turn.me.id)
    if not terms.may_move:
        return await _not_moved(ports, turn, meeting, terms)
    request = MeetingRequest(
        programme_id=meeting.programme_id,
        asker=turn.me.id,
        attendees=meeting.people,
        minutes=minutes or (meeting.end - meeting.start) // 60,
        windows=want.windows,
        zone=turn.me.zone,
        starts=want.starts,
        title=meeting.title,
        moves=meeting.id,
        optional=tuple(a.person_id for a in meeting.attendees if a.optional),
    )
    resized = request.minutes * 60 != meeting.end - meeting.start
    without = frozenset[int]() if resized else frozenset({meeting.start})
    finding = await search(ports, turn, request, without=without, replaces=replaces)
    if isinstance(finding, Reply):
        return finding
    intro = [words.MOVE_FROM.format(time=_when(turn, meeting)), *want.notes]
    message = views.found(scene_of(finding, turn.me.id), finding, intro, echo=want.echo)
    talk = turn.talk.about(
        partner=list(request.invitees),
        programme=request.programme_id,
        proposal=finding.proposal.id if finding.proposal else "",
        wish=None,
        wished=[],
        said="",  # a correction must not go back to what was asked before this
    )
    return Reply((message,), talk)
