"""Incoming -> handler: buttons by their verb, words by their reading.

The table of verbs is the only place that knows which button leads where. A sentence is first
an answer to an open question or proposal, then a request of its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action
from bot.converse import (
    agenda,
    answer,
    around,
    asker,
    calendars,
    connect,
    countering,
    doctor,
    help,  # noqa: A004  # the handler is called as the command
    late,
    mailed,
    meetings,
    preferences,
    questions,
    reach,
    schedule,
    series,
    series_change,
    series_partly,
    topics,
    unlocking,
    why,
    wishing,
)
from bot.converse.admin import (
    admin_action,
    admin_answer,
    admin_command,
    admin_file,
    looks_like_command,
)
from bot.converse.corrections import corrected
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.message import holds_credential, readable
from bot.speak import calendar_words, views, words
from bot.understand.intent import Intent
from bot.understand.read import read
from bot.understand.second import read_again
from core.booking.proposal import ProposalState
from core.errors import IllegalStep, NotFound, Refused
from core.ids import EffectId, PersonId
from core.people import Person
from core.setting_text import parse_link
from core.timing.zones import zone_of
from core.use_cases.change_meeting import set_place
from core.use_cases.retry_delivery import retry_own
from core.use_cases.set_preferences import change_person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from bot.understand.second import SecondReader
    from core.booking.proposal import Proposal
    from core.ports import Ports

LIMIT = 4000
LONGEST_NUMBER = 15  # digits of an id or instant; longer ones are no number of ours
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
        return await _act(ports, turn, roster)
    return await _words(ports, turn, roster)


# --- buttons ------------------------------------------------------------------------------------


async def _act(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Act on a button; one that makes no sense any more says so."""
    verb, *rest = turn.incoming.action.split(":")
    args = tuple(rest)
    handler = VERBS.get(verb)
    if handler is None:
        return say(turn.talk, words.OLD_BUTTON)
    try:
        return await handler(ports, turn, roster, args)
    except (NotFound, IllegalStep, OldFormError):
        return say(turn.talk, words.OLD_BUTTON)
    except Refused:
        return say(turn.talk, words.NOT_YOURS)


async def _book_button(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Look for times with one person, as the button under a welcome or a cancellation asks."""
    partner = await ports.store.read(lambda tx: tx.people.get(PersonId(_one(args))))
    if partner.org_id != turn.me.org_id:
        raise NotFound(partner.id)
    talk = turn.talk.about(partner=[partner.id])
    reading = read("book", context_of(turn, roster))
    reading = replace(reading, intent=Intent.BOOK, people=(), time=None)
    turn = replace(turn, talk=talk)
    return await doctor.asking(ports, turn, await schedule.book(ports, turn, roster, reading))


async def _link_button(ports: Ports, turn: Turn, args: tuple[str, ...]) -> Reply:
    if args and args[0] == "skip":
        return say(turn.talk, words.LINK_SKIPPED)
    return await _save_link(ports, turn, turn.incoming.values.get("link", ""))


async def _retry_button(ports: Ports, turn: Turn, effect_id: str) -> Reply:
    """Try a delivery again, for whom it concerns and for administrators."""
    if not effect_id.isdecimal() or len(effect_id) > LONGEST_NUMBER:
        raise OldFormError
    revived = await retry_own(ports, turn.me.id, EffectId(int(effect_id)))
    if revived is None:
        return await admin_action(ports, turn, ("retry", effect_id))
    return say(turn.talk, words.RETRIED if revived else words.RETRIED_ALREADY)


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "offer": lambda p, t, _r, a: answer.offer(p, t, *_two(a)),
    "offers": lambda p, t, _r, a: answer.offer_many(p, t, _one(a).split(",")),
    "accept": lambda p, t, _r, a: answer.accept(p, t, *_at(a)),
    "decline": lambda p, t, _r, a: answer.decline(p, t, _one(a)),
    "most": lambda p, t, _r, a: answer.ask_most(p, t, *_at(a)),
    "settle": lambda p, t, _r, a: answer.settle(p, t, *_at(a)),
    "withdraw": lambda p, t, _r, a: answer.withdraw(p, t, _one(a)),
    "more": lambda p, t, _r, a: asker.more(p, t, _one(a)),
    "none": lambda p, t, _r, a: asker.none_of_these(p, t, _one(a)),
    "other": lambda p, t, r, a: asker.read_otherwise(p, t, r, _one(a)),
    "else": lambda p, t, _r, a: asker.somebody_else(p, t, _one(a)),
    "pick": lambda p, t, r, a: asker.picked(p, t, r, *_two(a)),
    "book": _book_button,
    "show": lambda p, t, _r, a: meetings.show(p, t, _one(a)),
    "cancel": lambda p, t, _r, a: meetings.cancel(p, t, _one(a), *a[1:2]),
    "move": lambda p, t, r, a: meetings.pick_to_move(p, t, r, _one(a)),
    "connect": lambda p, t, r, a: connect.action(p, t, r, (_one(a), *a[1:])),
    "disconnect": lambda p, t, _r, a: calendars.disconnect(p, t, *a[:2]),
    "nudge": lambda p, t, _r, a: calendars.nudge(p, t, _one(a)),
    "doctor": lambda p, t, r, _a: doctor.show(p, t, r),
    "link": lambda p, t, _r, a: _link_button(p, t, a),
    "help": lambda p, t, r, _a: help.show_help(p, t, r),
    "retry": lambda p, t, _r, a: _retry_button(p, t, _one(a)),
    "admin": lambda p, t, _r, a: admin_action(p, t, a),
    "series": lambda p, t, _r, a: series.action(p, t, a),
    "rest": lambda p, t, r, a: series_change.picked(p, t, r, _one(a), a[1:]),
    **reach.VERBS,
    **agenda.VERBS,
    **topics.VERBS,
    **around.VERBS,
    **wishing.VERBS,
    **mailed.VERBS,
    **unlocking.VERBS,
}


class OldFormError(Exception):
    """A button of an earlier version, whose arguments are others."""


def _one(args: tuple[str, ...]) -> str:
    """Return the first argument of a button."""
    if not args or not args[0]:
        raise OldFormError
    return args[0]


def _two(args: tuple[str, ...]) -> tuple[str, str]:
    """Return the two arguments of a button."""
    if len(args) != 2:
        raise OldFormError
    return args[0], args[1]


def _at(args: tuple[str, ...]) -> tuple[str, int]:
    """Return an id and a start in epoch seconds."""
    first, second = _two(args)
    if not second.isdecimal() or len(second) > LONGEST_NUMBER:
        raise OldFormError
    return first, int(second)


async def _now(reply: Reply) -> Reply:
    """Make a finished reply awaitable, so that all handlers have one shape."""
    return reply


# --- words --------------------------------------------------------------------------------------


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
    open_now = await answer.open_proposals(ports, turn)
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
        reading = answer.meant(reading, answering, open_now)
    countered = await countering.in_words(ports, turn, roster, reading, open_now)
    if countered is not None:
        return countered
    reading = await read_again(_second(turn, roster, reading), reading, context)
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
    return await _act(ports, replace(turn, incoming=pressed, talk=talk), roster)


def _second(turn: Turn, roster: Roster, reading: Reading) -> SecondReader | None:
    """Return who may read a sentence that leads nowhere, where the organisation wants that."""
    if turn.second is None or roster.policy is None or not roster.policy.llm:
        return None
    named = turn.talk.question is not None and bool(reading.people)
    if reading.intent is not Intent.UNKNOWN or named or _continues(turn, reading):
        return None
    return turn.second if corrected(turn, roster, reading) is None else None


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
        return await _save_link(ports, turn, found[1] or found[2])
    if found := MY_ZONE.match(text):
        return await _save_zone(ports, turn, found[1])
    if doctor.is_asked(text):
        return await doctor.show(ports, turn, roster)
    if MY_CALENDARS.match(text):
        return await calendars.show_status(ports, turn)
    return None


async def _save_zone(ports: Ports, turn: Turn, zone: str) -> Reply:
    try:
        zone_of(zone)
    except ValueError:
        return say(turn.talk, words.BAD_ZONE.format(zone=zone))
    return await preferences.save_change(
        ports, turn, lambda person: replace(person, zone=zone), words.ZONE_SAVED.format(zone=zone)
    )


async def _save_link(ports: Ports, turn: Turn, link: str) -> Reply:
    """Keep the owner's link and give it to the sessions that have none (Y13)."""
    try:
        address = parse_link(link)
    except ValueError:
        address = ""
    if not address:
        return say(turn.talk, words.LINK_BAD)

    def change(person: Person) -> Person:
        return replace(person, meeting_link=address)

    await change_person(ports, turn.me.id, change)
    changed = await set_place(ports, turn.me.id, address)
    pattern = words.LINK_ADDED[len(changed) > 1] if changed else words.LINK_SAVED
    text = pattern.format(link=address, count=words.count(len(changed)))
    return say(turn.talk, text)


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
        return await answer.in_words(ports, turn, reading, open_now)
    correction = corrected(turn, roster, reading)
    if correction is not None:
        talked_of = turn.talk.topic.get("proposal", "")
        return await schedule.book(
            ports, turn, roster, correction.reading, correction.picks, talked_of, correction.fixes
        )
    if intent in (Intent.ACCEPT, Intent.DECLINE):
        return await answer.in_words(ports, turn, reading, open_now)
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


SIMPLE: dict[Intent, Callable[[Ports, Turn, Roster, Reading], Awaitable[Reply]]] = {
    Intent.LIST_MEETINGS: lambda p, t, r, x: (
        _now(help.only_busy(t, r)) if help.pries(x) else agenda.list_meetings(p, t, r, x)
    ),
    Intent.CANCEL: meetings.cancel_in_words,
    Intent.RESCHEDULE: meetings.move_in_words,
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
    Intent.THANKS: lambda _p, t, _r, _x: _now(say(t.talk, words.THANKS)),
    Intent.TALK_TO_HUMAN: lambda p, t, r, x: help.talk_to_human(p, t, r, x.text),
}
