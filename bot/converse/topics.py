"""What a session is about, said after it was asked for: "agenda: career plan", "add to the agenda
with Alex: the talk", "clear the agenda". It goes to what was just talked about, else to the session
that is named, else to the only one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card
from bot.converse import deeds, questions
from bot.converse.deeds import Kind
from bot.converse.state import PATIENCE
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.speak import session_words, times, views, words
from bot.speak import topic_words as said
from bot.understand.cannot import windows_of
from bot.understand.read import read
from bot.understand.resolve import resolve
from core.errors import IllegalStep, NotFound, Refused
from core.ids import MeetingId, ProposalId
from core.setting_text import parse_text
from core.timing.spans import overlaps
from core.undoing import is_recent
from core.use_cases.list_meetings import agenda
from core.use_cases.set_agenda import set_agenda, set_proposed
from core.use_cases.undo import Outcome, undo_agenda

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.deeds import Deed
    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from core.booking.meeting import Meeting
    from core.booking.proposal import Proposal
    from core.ports import Ports
    from core.use_cases.list_meetings import Agenda

_WHOSE = r"(?: (?P<which>(?:for|of|with|on) [^:]+?))?"
_THE = r"(?:the |our |my |its )?(?:agenda|topic|subject)"
ADD = (
    re.compile(rf"^(?:please )?(?:add|put)(?: this| that)? (?:to|on|onto) {_THE}{_WHOSE}\s*:\s*"
               r"(?P<what>\S.*)$", re.IGNORECASE | re.DOTALL),
    re.compile(rf"^(?:please )?(?:add|put) (?P<what>\S.*?) (?:to|on|onto) {_THE}{_WHOSE}\W*$",
               re.IGNORECASE | re.DOTALL),
    re.compile(r"^(?:please )?(?:add|put) (?P<what>\S.*?) (?:to|on|onto) (?:the )?"
               r"(?P<which>[\w ]{2,30}?)['’]?s agenda\W*$", re.IGNORECASE | re.DOTALL),
)  # fmt: skip
SET = (
    re.compile(rf"^(?:please )?(?:(?:set|change|make) )?{_THE}{_WHOSE}(?: is| to)?\s*:\s*"
               r"(?P<what>\S.*)$", re.IGNORECASE | re.DOTALL),
    re.compile(rf"^(?:please )?(?:set|change|make) {_THE}{_WHOSE} to (?P<what>\S.*)$",
               re.IGNORECASE | re.DOTALL),
    re.compile(r"^(?:the |our |my )?(?:agenda|topic|subject) (?P<which>(?:for|of|with|on) [^:?]+?) "
               r"(?:is|will be|should be) (?P<what>[^?]+)$", re.IGNORECASE | re.DOTALL),
)  # fmt: skip
CLEAR = re.compile(
    r"^(?:please )?(?:clear|empty|remove|delete|drop) "
    r"(?:the |our |my |its )?agenda(?: (?P<which>(?:for|of|with|on|from) [^:]+?))?\W*$",
    re.IGNORECASE,
)
SHOWN = 10


async def in_words(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Write an agenda; None for any other sentence."""
    for add, form in (*((True, one) for one in ADD), *((False, one) for one in SET)):
        if found := form.match(text):
            what = parse_text(found["what"].strip(' "“”'))
            return await _write(
                ports, turn, roster, what, found["which"] or "", add=add and what != ""
            )
    if found := CLEAR.match(text):
        return await _write(ports, turn, roster, "", found["which"] or "", add=False)
    return None


async def _write(
    ports: Ports, turn: Turn, roster: Roster, what: str, which: str, *, add: bool
) -> Reply:
    """Find out what is meant, and write it there or ask."""
    found = await agenda(ports, turn.me.id)
    talked_of = str(turn.talk.topic.get("proposal") or "")
    if not which and talked_of:
        asked = await _talked_of(ports, turn, talked_of)
        if asked is not None and asked.is_open and asked.request.asker == turn.me.id:
            return await _propose(ports, turn, asked, what, add=add)
        meant = [m for m in found.meetings if asked is not None and m.id == asked.meeting_id]
        if meant:
            return await _save(ports, turn, meant[0].id, what, add=add)
    meant = _meant(turn, roster, found, which)
    if not meant:
        return say(turn.talk, words.NO_SUCH_MEETING if found.meetings else said.NONE)
    if len({m.series or m.id for m in meant}) == 1:
        alone = len(meant) == 1 < len([m for m in found.meetings if m.series == meant[0].series])
        return await _save(ports, turn, meant[0].id, what, add=add, alone=alone)
    wish = {"text": what, "add": add, "of": [m.id for m in meant], "at": turn.now}
    asked_which = _which(turn, found, meant, what)
    topic = {**asked_which.talk.topic, "agenda": wish}
    return replace(asked_which, talk=replace(asked_which.talk, topic=topic))


async def _talked_of(ports: Ports, turn: Turn, proposal_id: str) -> Proposal | None:
    """Return the proposal that was talked about, if it is this person's to see."""
    try:
        found = await ports.store.read(lambda tx: tx.proposals.get(ProposalId(proposal_id)))
    except NotFound:
        return None
    people = (found.request.asker, *found.request.attendees)
    return found if turn.me.id in people and found.expires_at > turn.now else None


def _meant(turn: Turn, roster: Roster, found: Agenda, which: str) -> list[Meeting]:
    """Return the sessions that fit the people and the time that are named; all without any."""
    if not which:
        return list(found.meetings)
    reading = read(f"cancel the session {which}", context_of(turn, roster))
    people = {c for mention in reading.people for c in mention.candidates} - {turn.me.id}
    meant = [m for m in found.meetings if not people or people & set(m.people)]
    when = reading.move_from
    if when is not None and when.options:
        context = context_of(turn, roster)
        near = resolve(when, context, cut_to_hours=False).windows
        then = [m for m in meant if overlaps(near, m.start, m.end)]
        further = () if then else windows_of(when, context)  # on a Tuesday, the next Tuesday
        return then or [m for m in meant if overlaps(further, m.start, m.end)]
    return meant if people else []


def _which(turn: Turn, found: Agenda, meant: list[Meeting], what: str) -> Reply:
    """Ask for which session the words are."""
    heads = {m.series or m.id: m for m in sorted(meant, key=lambda m: -m.start)}
    actions = [
        Action(
            f"agenda:{m.id}", f"{_names(turn, found, m)}, {times.begin(m.start, turn.me, turn.now)}"
        )
        for m in sorted(heads.values(), key=lambda m: m.start)[:SHOWN]
    ]
    text = said.WHICH.format(agenda=what) if what else said.WHICH_CLEAR
    return questions.ask(turn, views.plain(text, actions=actions))


def _names(turn: Turn, found: Agenda, meeting: Meeting) -> str:
    return views.names(found.people, [p for p in meeting.people if p != turn.me.id], turn.me.id)


async def _propose(ports: Ports, turn: Turn, asked: Proposal, what: str, *, add: bool) -> Reply:
    """Write it into what is proposed; who is asked sees it there."""
    try:
        after = await set_proposed(ports, asked.id, turn.me.id, what, add=add)
    except IllegalStep:
        return say(turn.talk, words.OLD_BUTTON)
    line, was = after.request.agenda, asked.request.agenda
    text = said.NOTED.format(agenda=line) if line else said.NOTED_EMPTY
    if line == was:
        return say(turn.talk, text)
    return say(deeds.did(turn.talk, Kind.NOTED, (line, asked.id, was), turn.now), text, _undo(turn))


def _undo(turn: Turn) -> Card:
    return Card(actions=(Action(f"undo:{turn.now}", "Undo"),))


async def _save(
    ports: Ports, turn: Turn, meeting_id: str, what: str, *, add: bool, alone: bool = False
) -> Reply:
    """Write it into a session that stands, and say so."""
    talk = replace(turn.talk, topic={**turn.talk.topic, "agenda": None})
    try:
        written = await set_agenda(
            ports, MeetingId(meeting_id), turn.me.id, what, add=add, alone=alone
        )
    except Refused:
        return say(talk, words.NOT_YOUR_MEETING)
    except IllegalStep:
        return say(talk, said.OVER)
    meeting = written.meeting
    line = meeting.agenda
    if not written.fresh:
        return say(talk, said.SAME.format(agenda=line) if line else said.SAME_EMPTY)
    names = views.names(written.people, [p for p in meeting.people if p != turn.me.id], turn.me.id)
    time = times.begin(meeting.start, turn.me, turn.now)
    one, whole = (said.SAVED, said.SAVED_SERIES) if line else (said.CLEARED, said.CLEARED_SERIES)
    text = (whole if written.whole else one).format(names=names, time=time, agenda=line)
    if meeting.series and not written.whole:
        text = f"{text} {said.OWN}"
    pairs = [part for pair in written.before.items() for part in pair]
    return say(deeds.did(talk, Kind.AGENDA, (line, *pairs), turn.now), text, _undo(turn))


async def undo(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Let sessions say again what they said before, unless somebody has written to it since."""
    line, *pairs = deed.ids
    before = dict(zip(map(MeetingId, pairs[::2]), pairs[1::2], strict=True))
    done = await undo_agenda(ports, turn.me.id, before, line, deed.at)
    talk, meeting = deeds.forget(turn.talk), done.meeting
    if meeting is None or done.outcome is Outcome.ALREADY:
        return say(talk, session_words.ALREADY)
    names = views.others(done.people, done.people, turn.me.id)
    if done.outcome is Outcome.LATE:
        return say(talk, session_words.TOO_LONG_AGO)
    if done.outcome is not Outcome.UNDONE:
        return say(talk, said.WRITTEN_SINCE)
    if len(before) > 1:
        return say(talk, said.BACK_SERIES.format(names=names))
    pattern = said.BACK if meeting.agenda else said.BACK_EMPTY
    time = times.begin(meeting.start, turn.me, turn.now)
    return say(talk, pattern.format(names=names, time=time, agenda=meeting.agenda))


async def undo_noted(ports: Ports, turn: Turn, deed: Deed) -> Reply:
    """Let a proposal say again what it is about."""
    line, proposal_id, was = deed.ids
    talk = deeds.forget(turn.talk)
    if not is_recent(deed.at, turn.now):
        return say(talk, session_words.TOO_LONG_AGO)
    asked = await _talked_of(ports, turn, proposal_id)
    if asked is None or not asked.is_open or asked.request.agenda != line:
        return say(talk, session_words.ALREADY)
    await set_proposed(ports, asked.id, turn.me.id, was)
    return say(talk, said.BACK_NOTED.format(agenda=was) if was else said.NOTED_EMPTY)


async def _picked(ports: Ports, turn: Turn, meeting_id: str) -> Reply:
    """Write what was said before it was asked for which session it is."""
    wish = turn.talk.topic.get("agenda") or {"of": ()}
    if meeting_id not in wish["of"] or turn.now - wish["at"] > PATIENCE:
        raise NotFound(meeting_id)
    return await _save(ports, turn, meeting_id, str(wish["text"]), add=bool(wish["add"]))


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "agenda": lambda p, t, _r, a: _picked(p, t, a[0] if a else ""),
}
