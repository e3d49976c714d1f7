"""What is on and what is open: sessions by person and by week, proposals and whose turn it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part, Style
from bot.converse import questions
from bot.converse.schedule import load_proposal, not_the_asker
from bot.converse.state import PATIENCE
from bot.converse.turn import Reply, say
from bot.converse.when import context_of, echo_of
from bot.message import Outgoing
from bot.speak import agenda_views, times, views, words
from bot.speak import agenda_words as said
from bot.speak import session_words as counted
from bot.understand.read import read
from bot.understand.resolve import resolve
from core.booking.proposal import ProposalState
from core.errors import IllegalStep, NotFound, Refused
from core.ids import PersonId, ProposalId
from core.timing.spans import overlaps
from core.use_cases.list_meetings import agenda
from core.use_cases.remind_invitees import remind_invitees

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ports import Ports
    from core.timing.spans import Span
    from core.use_cases.list_meetings import Agenda

SHOWN = 10
OFFERS = r"(?:proposals?|offers?|requests?|questions?|invitations?)"
STILL = r"(?:open|pending|waiting|unanswered|outstanding)"
OPEN = re.compile(
    rf"^(?:(?:what(?:['’]s| is| are)|show(?: me)?|list|any|do i have(?: any)?)\s+)?"
    rf"(?:(?:my|the|our|any|all(?: the| my)?)\s+)?"
    rf"(?:(?:{STILL}\s+{OFFERS}|{OFFERS}\s+(?:that (?:is|are) )?(?:still )?{STILL})"
    rf"(?:\s+(?:with|from|to) (?P<who>.+?))?|(?:still )?pending)\W*$",
    re.IGNORECASE,
)
TURN = re.compile(
    r"^(?:whose turn(?: is it)?(?: now)?|is it my turn|"
    r"wh(?:o|at) (?:am i|are we|is everybody) (?:still )?waiting (?:for|on)|"
    r"who(?:['’]s| is)? waiting (?:for|on) me|"
    r"(?:what )?do i (?:still )?(?:have|need) to answer(?: anything| anybody)?|"
    r"who (?:has|still has)(?: not|n['’]t)? (?:yet )?(?:answered|replied|to answer|to reply)"
    r"(?: yet)?)\W*$",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"^(?:(?:(?:when|what)(?:['’]s| is)\s+|show(?: me)?\s+)?(?:(?:my|our|the)\s+)?(?:very )?"
    r"next (?:session|meeting|call|one)(?:\s+with .+?)?|"
    r"when (?:do|will|am|are) (?:i|we) (?:next )?(?:see|seeing|meet|meeting)\b.*? next)\W*$",
    re.IGNORECASE,
)
MINE = re.compile(
    r"^(?:show(?: me)? |list )?(?:"
    r"(?:all )?(?:of )?(?:my|our) (?:upcoming |coming |next )?(?:sessions|meetings|calls)"
    r"(?: (?:with|on|in|for|this|next|today|tomorrow)\b.*)?|"
    r"(?:all )?(?:sessions|meetings|calls) (?:this week|next week|today|tomorrow))\W*$",
    re.IGNORECASE,
)
MY_DAYS = re.compile(
    r"^(?:show(?: me)? |what(?:['’]s| is) )?(?:my|our) (?P<days>week|day)\W*$", re.IGNORECASE
)
AS_DATES = {"week": "this week", "day": "today"}
GOES_ON = re.compile(
    r"^(?:and |what about |how about )?(?:(?:this|next) week|today|tomorrow|with .+?)\W*$",
    re.IGNORECASE,
)


async def in_words(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Answer the fixed forms about what is on and what is open; None for any other sentence."""
    if OPEN.match(text) or (TURN.match(text) and not roster.administers):
        return await list_open(ports, turn, read(text, context_of(turn, roster)))
    if NEXT.match(text):
        return await next_session(ports, turn, roster, read(text, context_of(turn, roster)))
    if found := MY_DAYS.match(text):
        text = AS_DATES[found["days"].lower()]
        return await list_meetings(ports, turn, roster, read(text, context_of(turn, roster)))
    if MINE.match(text) or (GOES_ON.match(text) and _was_listed(turn)):
        return await list_meetings(ports, turn, roster, read(text, context_of(turn, roster)))
    return None


def _listed(turn: Turn) -> Conversation:
    """Keep that a list was shown, so that "and next week?" goes on with it."""
    topic = turn.talk.topic
    mark = {"at": turn.now, "after": [topic.get("said_at"), topic.get("proposal")]}
    return replace(turn.talk, topic={**topic, "listed": mark})


def _was_listed(turn: Turn) -> bool:
    """Tell whether a list was the last thing that was talked about."""
    topic = turn.talk.topic
    mark = topic.get("listed")
    if not mark or turn.now - mark["at"] > PATIENCE:
        return False
    return bool(mark["after"] == [topic.get("said_at"), topic.get("proposal")])


# --- sessions ---------------------------------------------------------------------------------


async def list_meetings(
    ports: Ports, turn: Turn, roster: Roster, reading: Reading | None = None
) -> Reply:
    """Show the sessions and the open proposals: all to come, with some people, in some days."""
    who = _people(turn, reading)
    windows = _windows(turn, roster, reading)
    found = await agenda(ports, turn.me.id)
    theirs = [m for m in found.meetings if _with(m.people, who)]
    waiting = [p for p in found.proposals if _concerns(p, who, windows)]
    if not theirs and not waiting and not who and not windows:
        return _nothing_at_all(turn, roster)
    listed = agenda_views.heads(theirs)
    if windows:
        listed = [m for m in theirs if overlaps(windows, m.start, m.end)]
    names = await _called(ports, turn, who)
    text = _heading(turn, found, names, windows, listed, theirs)
    card = _card(turn, found, listed, waiting) if listed or waiting else _offer(roster, who)
    return Reply((Outgoing(text, card),), _listed(turn))


def _nothing_at_all(turn: Turn, roster: Roster) -> Reply:
    """Say that there is nothing, and offer the one thing that changes it."""
    if not roster.partners:
        return say(turn.talk, words.NO_MEETINGS_ALONE)
    text = words.NO_MEETINGS.format(partner=roster.example)
    action = Action(f"book:{next(iter(roster.partners))}", "Find a time", Style.PRIMARY)
    return questions.ask(turn, views.plain(text, actions=[action]), yes=action.id)


def _people(turn: Turn, reading: Reading | None) -> list[frozenset[PersonId]]:
    """Return those who were named; of several Alexes each may be meant."""
    mentions = reading.people if reading else ()
    named = [frozenset(map(PersonId, m.candidates)) - {turn.me.id} for m in mentions]
    return [ids for ids in named if ids]


def _with(people: Collection[PersonId], who: Sequence[frozenset[PersonId]]) -> bool:
    """Tell whether all who were named are among some people."""
    return all(not named.isdisjoint(people) for named in who)


async def _called(ports: Ports, turn: Turn, who: Sequence[frozenset[PersonId]]) -> str:
    """Return how those who were named are called: in full where it is clear who."""
    ids = {person for named in who for person in named}
    people = await ports.store.read(lambda tx: tx.people.many(ids))
    names = [
        people[min(named)].first_name if len(named) > 1 else views.names(people, named, turn.me.id)
        for named in who
    ]
    return words.listed(names)


def _windows(turn: Turn, roster: Roster, reading: Reading | None) -> tuple[Span, ...]:
    """Return the days that were named, from now on."""
    constraint = (reading.time or reading.move_from) if reading else None
    if constraint is None or not constraint.options:
        return ()
    found = resolve(constraint, context_of(turn, roster), cut_to_hours=False)
    return tuple(window for window in found.windows if window[1] > turn.now)


def _concerns(item: Proposal, who: Sequence[frozenset[PersonId]], windows: Sequence[Span]) -> bool:
    """Tell whether an offered proposal is with these people and about these days."""
    if item.state is not ProposalState.OFFERED:
        return False
    inside = not windows or any(overlaps(windows, s.start, s.end) for s in item.slots)
    return inside and _with((item.request.asker, *item.request.attendees), who)


def _heading(
    turn: Turn,
    found: Agenda,
    names: str,
    windows: tuple[Span, ...],
    listed: Sequence[Meeting],
    theirs: Sequence[Meeting],
) -> str:
    """Return what the list is of; with nothing in these days, which session is the next."""
    days = echo_of(windows, turn) if windows else ""
    if listed and not (names or windows):
        return words.MEETINGS
    patterns = said.SOME if listed else said.NOTHING
    text = patterns[bool(windows), bool(names)].format(days=days, names=names)
    if listed or not theirs:
        return text
    time, others = _when(turn, theirs[0]), _names(turn, found, theirs[0])
    return f"{text} {said.FIRST_AFTER.format(time=time, names=others)}"


def _card(
    turn: Turn,
    found: Agenda,
    listed: Sequence[Meeting],
    waiting: Sequence[Proposal],
) -> Card:
    """Return the lines of sessions and open proposals with what can be done about them now."""
    first = listed[:SHOWN]
    rows = [(_names(turn, found, m), _row(turn, found, m, listed)) for m in first]
    parts: list[Part] = [Fields(tuple(rows))] if rows else []
    if len(listed) > SHOWN:
        parts.append(Note(said.MORE_SESSIONS.format(count=len(listed) - SHOWN)))
    parts += [Note(agenda_views.waits(found.people, item, turn.me)) for item in waiting]
    names = {m.id: _names(turn, found, m) for m in first}
    actions = agenda_views.session_actions(first, names, turn.me, turn.now)
    for item in waiting[:SHOWN]:
        actions += agenda_views.proposal_actions(found.people, item, turn.me)
    return Card("", tuple(parts), (), tuple(actions))


def _offer(roster: Roster, who: Sequence[frozenset[PersonId]]) -> Card | None:
    """Return the button that finds a time with the one partner who was asked about."""
    partners = [p for named in who for p in named if p in roster.partners]
    known = roster.partners[partners[0]] if len(partners) == len(who) == 1 else None
    if known is None:
        return None
    label = said.FIND.format(name=known.first_name)
    action = Action(f"book:{known.id}", label[: agenda_views.LONGEST_LABEL], Style.PRIMARY)
    return Card(actions=(action,))


def _names(turn: Turn, found: Agenda, meeting: Meeting) -> str:
    return views.others(found.people, meeting.people, turn.me.id)


def _when(turn: Turn, meeting: Meeting) -> str:
    return times.of_meeting(meeting, turn.me, turn.now)


def _row(
    turn: Turn,
    found: Agenda,
    meeting: Meeting,
    listed: Sequence[Meeting],
) -> str:
    """Return when a session is, and which of their sessions it is where these are counted."""
    alone = len([m for m in listed if m.series == meeting.series]) == 1
    time = _when(turn, meeting)
    if alone:  # else each of the series has a line of its own
        time = agenda_views.session_row(found.meetings, meeting, turn.me, turn.now)
    place = found.counts.get(meeting.id)
    if place is None:
        return time
    pattern = counted.COUNT if place.number <= place.limit else counted.COUNT_OVER
    return f"{time}, {pattern.format(**place._asdict())}"


async def next_session(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Show the next session, or the next with somebody, with all that can be done with it."""
    who = _people(turn, reading)
    found = await agenda(ports, turn.me.id)
    meeting = next((m for m in found.meetings if _with(m.people, who)), None)
    if meeting is None:
        return await list_meetings(ports, turn, roster, replace(reading, time=None, move_from=None))
    text = said.THE_NEXT.format(time=_when(turn, meeting), names=_names(turn, found, meeting))
    shown = views.meeting(found.people, meeting, turn.me.id, text)
    names = {meeting.id: _names(turn, found, meeting)}
    more = agenda_views.session_actions([meeting], names, turn.me, turn.now)
    more = [action for action in more if not action.id.startswith("show:")]
    if shown.card is not None and more:
        shown = replace(shown, card=replace(shown.card, actions=(*shown.card.actions, *more)))
    return Reply((replace(shown, subject=""),), _listed(turn))  # an answer stands where it is read


# --- open proposals ---------------------------------------------------------------------------


async def list_open(ports: Ports, turn: Turn, reading: Reading) -> Reply:
    """Show the open proposals, whose turn each is, and what can be done about it."""
    who = _people(turn, reading)
    found = await agenda(ports, turn.me.id)
    waiting = [p for p in found.proposals if _concerns(p, who, ())]
    if not waiting:
        names = await _called(ports, turn, who)
        return say(turn.talk, said.NO_OPEN_WITH.format(names=names) if who else said.NO_OPEN)
    waiting.sort(key=lambda p: turn.me.id not in (p.waiting_for() or (p.request.asker,)))
    lines = [agenda_views.proposal_line(found.people, p, turn.me) for p in waiting[:SHOWN]]
    actions = [
        action
        for p in waiting[:SHOWN]
        for action in agenda_views.proposal_actions(found.people, p, turn.me)
    ]
    return say(turn.talk, said.OPEN, Card("", (Fields(tuple(lines)),), (), tuple(actions)))


async def _remind(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    """Remind those who have not answered a proposal of the one who presses."""
    if len(args) != 1 or not args[0]:
        raise NotFound("button")
    try:
        told = await remind_invitees(ports, ProposalId(args[0]), turn.me.id)
    except Refused:
        return await not_the_asker(ports, turn, await load_proposal(ports, args[0]))
    except IllegalStep:
        return say(turn.talk, said.NOBODY_TO_REMIND)
    sentences = (
        (said.REMINDED, told.reminded),
        (said.REMINDED_TODAY, told.before),
        (said.RESTING, told.resting),
    )
    texts = [
        pattern.format(names=views.names(told.people, people, turn.me.id))
        for pattern, people in sentences
        if people
    ]
    return say(turn.talk, " ".join(texts) or said.NOBODY_TO_REMIND)


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "remind": lambda p, t, _r, a: _remind(p, t, a),
}
