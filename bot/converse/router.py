"""Incoming -> handler: files and buttons at once, words by their reading.

A sentence is first an answer to an open question or proposal, then a request of its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action
from bot.converse import (
    absent,
    agenda,
    answer_words,
    around,
    asker,
    calendars,
    connect,
    countering,
    doctor,
    following,
    help,  # noqa: A004  # the handler is called as the command
    late,
    meetings,
    partners,
    preferences,
    questions,
    reach,
    schedule,
    series_partly,
    topics,
    why,
    wishing,
)
from bot.converse.admin import (
    admin_answer,
    admin_command,
    admin_file,
    looks_like_command,
)
from bot.converse.buttons import press
from bot.converse.corrections import corrected
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.message import holds_credential, readable
from bot.speak import calendar_words, views, words
from bot.understand.intent import Intent
from bot.understand.intent_changes import KEPT
from bot.understand.intent_plans import PAUSE
from bot.understand.intent_sayings import GOODBYE
from bot.understand.read import NO_HOUR, read
from bot.understand.second import read_again
from core.booking.proposal import ProposalState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from bot.understand.second import SecondReader
    from core.booking.proposal import Proposal
    from core.ports import Ports

LIMIT = 4000  # characters; nobody asks for a session in more
# "/schedule" is the product's name in chat, "schedule a session" is what somebody wants.
COMMAND = re.compile(
    r"^\s*(?:/?tandem|/schedule|schedule(?=\s+(?:admin|status|doctor|help)\b))\s+", re.IGNORECASE
)
ADMIN = re.compile(r"^(?:admin\b|status\b)", re.IGNORECASE)
MY_LINK = re.compile(
    r"^(?:my (?:video |meeting )?(?:link|room) is\s+)?(https?://\S+)\s*$|"
    r"^my (?:video |meeting )?(?:link|room) is\s+(\S+)\s*$",
    re.IGNORECASE,
)
MY_ZONE = re.compile(r"^my (?:time ?)?zone is\s+([\w/+-]+)\W*$", re.IGNORECASE)
MY_CALENDARS = re.compile(
    r"^(?:my calendars?|calendar status|which calendars?( are| is)?.*connected)\W*$", re.IGNORECASE
)


async def respond(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Answer one incoming thing. Raises nothing for what a person can do wrong."""
    incoming = turn.incoming
    if incoming.file_name or incoming.file_text:
        return await admin_file(ports, turn)
    if incoming.action:
        return await press(ports, turn, roster)
    return await _words(ports, turn, roster)


# --- sentences ----------------------------------------------------------------------------------


async def _words(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Answer a sentence."""
    text = COMMAND.sub("", readable(turn.incoming.text)).strip()
    if not text:
        return say(turn.talk, words.EMPTY.format(partner=roster.example))
    if holds_credential(text):
        action = Action("connect:form:caldav", "Open the private form")
        return Reply((views.plain(calendar_words.CREDENTIAL_IN_CHAT, actions=[action]),), turn.talk)
    if len(text) > LIMIT:
        return say(turn.talk, words.TOO_LONG.format(limit=LIMIT))
    open_now = await answer_words.open_proposals(ports, turn)
    done = (
        await _answered(ports, turn, roster, text, open_now)
        or await reach.in_words(ports, turn, roster, text)
        or await around.in_words(ports, turn, roster, text)
        or await wishing.in_words(ports, turn, roster, text)
        or await topics.in_words(ports, turn, roster, text)
        or await agenda.in_words(ports, turn, roster, text)
        or await _command(ports, turn, roster, text)
        or await _plain(ports, turn, roster, text)
        or await series_partly.in_words(ports, turn, roster, text, open_now)
    )
    if done is not None:
        return done
    context = context_of(turn, roster)
    reading = read(text, context)
    if open_now:
        starts = tuple(sorted(slot.start for slot in open_now[0].slots))
        answering = read(text, context_of(turn, roster, starts))
        reading = answer_words.meant(reading, answering, open_now)
    countered = await countering.in_words(ports, turn, roster, reading, open_now)
    if countered is not None:
        return countered
    second = _second(turn, roster, reading, open_now)
    reading = await read_again(second, reading, context)
    return await _by_intent(ports, turn, roster, reading, open_now)


async def _answered(
    ports: Ports, turn: Turn, roster: Roster, text: str, open_now: tuple[Proposal, ...]
) -> Reply | None:
    """Do what a typed answer to the open question names; None for what is no answer to it."""
    action = questions.chosen(turn.talk, text)
    if action is None:
        return None
    asked = any(p.state is ProposalState.OFFERED for p in open_now)
    if asked and questions.is_yes_or_no(text):
        return say(turn.talk, words.WHICH_QUESTION)
    if not action:
        return say(turn.talk.answered(), words.ALL_RIGHT)
    question = turn.talk.question
    keeps = question is not None and question.kind == "who"  # the handler goes on with it
    talk = turn.talk if keeps else turn.talk.answered()
    pressed = replace(turn.incoming, text="", action=action)
    return await press(ports, replace(turn, incoming=pressed, talk=talk), roster)


def _second(
    turn: Turn, roster: Roster, reading: Reading, open_now: tuple[Proposal, ...]
) -> SecondReader | None:
    """Return who may read a sentence that leads nowhere, where the organisation wants that."""
    if turn.second is None or roster.policy is None or not roster.policy.llm:
        return None
    named = turn.talk.question is not None and bool(reading.people)
    if reading.intent is not Intent.UNKNOWN or named or _continues(turn, reading):
        return None
    return turn.second if corrected(turn, roster, reading, open_now) is None else None


async def _command(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Carry out an administrator's command or answer; None for any other sentence."""
    if ADMIN.match(text):
        if text.lower().startswith("status") and not roster.administers:
            return await _own_status(ports, turn, roster)
        return await admin_command(ports, turn, re.sub(r"(?i)^admin\s*", "", text))
    answered = await admin_answer(ports, turn)
    if answered is None and roster.administers and looks_like_command(text, roster.programmes):
        return await admin_command(ports, turn, text)
    return answered


async def _plain(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Answer the few fixed forms that need no reading."""
    if found := MY_LINK.match(text):
        return await preferences.save_link(ports, turn, found[1] or found[2])
    if found := MY_ZONE.match(text):
        return await preferences.save_zone(ports, turn, found[1])
    if whose := partners.asked(text):
        return partners.show(turn, roster, whose)
    if doctor.is_asked(text):
        return await doctor.show(ports, turn, roster)
    if MY_CALENDARS.match(text):
        return await calendars.show_status(ports, turn)
    return None


async def _by_intent(
    ports: Ports,
    turn: Turn,
    roster: Roster,
    reading: Reading,
    open_now: tuple[Proposal, ...],
) -> Reply:
    """Lead a reading to its handler."""
    intent = reading.intent
    question = turn.talk.question
    if question and question.kind == "who" and reading.people and _only_names(reading):
        return await _who_answer(ports, turn, roster, reading)
    if reading.choice and open_now:
        return await answer_words.in_words(ports, turn, reading, open_now)
    followed = await following.in_words(ports, turn, roster, reading, open_now)
    if followed is not None:
        return followed
    if intent in (Intent.ACCEPT, Intent.DECLINE):
        return await answer_words.in_words(ports, turn, reading, open_now)
    if intent is Intent.MORE_TIMES and turn.talk.topic.get("proposal"):
        return await asker.more(ports, turn, turn.talk.topic["proposal"])
    if intent in BOOKING or (intent is Intent.UNKNOWN and _continues(turn, reading)):
        return await doctor.asking(ports, turn, await schedule.book(ports, turn, roster, reading))
    simple = SIMPLE.get(intent)
    if simple is not None:
        return await simple(ports, turn, roster, reading)
    return _nothing(turn, roster, reading)


def _nothing(turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Say that a sentence leads nowhere."""
    if help.pries(reading):
        return help.only_busy(turn, roster)
    told = {NO_HOUR: words.NO_SUCH_HOUR, KEPT: words.KEPT, PAUSE: words.NO_PAUSE}
    if reading.reason in told:
        return say(turn.talk, told[reading.reason])
    pattern = words.OUT_OF_SCOPE if reading.intent is Intent.OUT_OF_SCOPE else words.NOT_UNDERSTOOD
    letters = [c for c in reading.text if c.isalpha()]
    if letters and not any("LATIN" in unicodedata.name(c, "") for c in letters):
        pattern = words.OTHER_ALPHABET
    return say(turn.talk, pattern.format(partner=roster.example))


BOOKING = frozenset({Intent.BOOK, Intent.AVAILABILITY, Intent.COUNTER, Intent.MORE_TIMES})


def _only_names(reading: Reading) -> bool:
    """Tell whether a sentence is nothing but a name, as an answer to "who?" is."""
    return reading.time is None and reading.intent in (Intent.UNKNOWN, Intent.BOOK, Intent.ACCEPT)


async def _who_answer(ports: Ports, turn: Turn, roster: Roster, reading: Reading) -> Reply:
    """Take a typed name as the answer to the open question."""
    found = [c for mention in reading.people for c in mention.candidates]
    if len(set(found)) != 1:
        return await schedule.book(ports, turn, roster, reading)
    return await asker.picked(ports, turn, roster, "0", found[0])


def _continues(turn: Turn, reading: Reading) -> bool:
    """Tell whether a bare time ("Thursday afternoon?") goes on with what was talked about."""
    said = reading.time is not None and bool(reading.time.options)
    return said or (bool(reading.people) and bool(turn.talk.topic.get("partner")))


async def _status(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Show administrators their programme, and everybody else their own things."""
    if roster.administers:
        return await admin_command(ports, turn, "status")
    return await _own_status(ports, turn, roster)


async def _own_status(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Show somebody's calendars and what they have got."""
    connected = await calendars.show_status(ports, turn)
    listed = await agenda.list_meetings(ports, turn, roster)
    return Reply((*connected.messages, *listed.messages), listed.talk)


async def _now(reply: Reply) -> Reply:
    """Make a finished reply awaitable, so that all handlers have one shape."""
    return reply


SIMPLE: dict[Intent, Callable[[Ports, Turn, Roster, Reading], Awaitable[Reply]]] = {
    Intent.LIST_MEETINGS: lambda p, t, r, x: (
        _now(help.only_busy(t, r)) if help.pries(x) else agenda.list_meetings(p, t, r, x)
    ),
    Intent.CANCEL: meetings.cancel_in_words,
    Intent.RESCHEDULE: absent.move_in_words,
    Intent.WHY: why.why,
    Intent.CONNECT: connect.connect,
    Intent.DISCONNECT: lambda p, t, _r, _x: calendars.disconnect(p, t),
    Intent.SET_PREFERENCES: reach.set_preferences,
    Intent.SHOW_PREFERENCES: lambda p, t, r, _: preferences.show_preferences(p, t, r),
    Intent.ADMIN: lambda p, t, _r, x: admin_command(p, t, x.text),
    Intent.STATUS: lambda p, t, r, _: _status(p, t, r),
    Intent.RUNNING_LATE: late.in_words,
    Intent.HELP: lambda p, t, r, _: help.show_help(p, t, r),
    Intent.GREETING: lambda _p, t, r, _: _now(help.greet(t, r)),
    Intent.THANKS: lambda _p, t, _r, x: _now(
        say(t.talk, words.GOODBYE if x.reason == GOODBYE else words.THANKS)
    ),
    Intent.TALK_TO_HUMAN: lambda p, t, r, x: help.talk_to_human(p, t, r, x.text),
}
