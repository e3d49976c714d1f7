"""Preferences for one programme, wishes said in passing, and forgetting what was said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.card import Action, Card, Style
from bot.converse import deeds, preferences, questions, wishes
from bot.converse.turn import Reply, say
from bot.converse.when import context_of
from bot.message import Outgoing
from bot.speak import wish_words, words
from bot.understand.intent import Intent, Preference
from bot.understand.read import read
from core.people import Wishes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.people import Person
    from core.ports import Ports
    from core.programme import Programme

FORGET_THAT = re.compile(
    r"(?:please )?(?:forget|drop) (?:that|it|this|what i (?:just )?said)(?: again)?(?: please)?\W*",
    re.IGNORECASE,
)
FORGET_ALL = re.compile(
    r"(?:please )?(?:forget|delete|clear|reset|remove|drop) (?:all |all of )?my (?:saved )?"
    r"(?:preferences|settings)(?: please)?\W*",
    re.IGNORECASE,
)
SOFT = re.compile(
    r"(?P<first>.+?),? (?:if|when|where)(?:ever)? possible\W*|"
    r"(?:if possible|ideally|preferably),? (?P<last>.+)",
    re.IGNORECASE,
)
UNKNOWN = re.compile(
    r"(?:and |please )*(?:for|in) the (?P<name>[\w' -]{2,40}?) program(?:me)?[,:]? (?P<rest>.+)",
    re.IGNORECASE,
)
# What is not wanted, in other languages; read on it would book exactly that.
ELSEWHERE = re.compile(
    r"^(?:bitte |por favor |alsjeblieft )?(?:keine?n?|pas de|pas d['’]|plus de|geen|nessun[ao]?|"
    r"sin|sem) ?(?:termine?|treffen|sitzung(?:en)?|meetings?|sessions?|réunions?|reunions?|"
    r"rendez-vous|rdv|reuniones|citas|afspraken|incontr[io]|reuniões|reunioes)\b",
    re.IGNORECASE,
)
ONLY = re.compile(r"^(?:please )?only (?:on |in )?(?P<times>.+)$", re.IGNORECASE)


async def in_words(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply | None:
    """Answer a sentence about any of this; None for any other sentence."""
    if FORGET_ALL.fullmatch(text):
        return _ask_to_forget(turn)
    if FORGET_THAT.fullmatch(text) and deeds.last(turn.talk) is None:
        return await _forget_last(ports, turn, roster)
    if ELSEWHERE.match(text):
        return say(turn.talk, words.NOT_SAVED.format(what=wish_words.IN_ENGLISH))
    own = {m.programme_id for m in roster.roles}
    programmes = [p for p in roster.programmes if p.id in own]
    for programme in sorted(programmes, key=lambda p: -len(p.name)):
        reading = _for_programme(turn, roster, programme, text)
        if reading is not None:
            return await preferences.set_preferences(ports, turn, roster, reading, programme)
    if (found := UNKNOWN.fullmatch(text)) and _wish(turn, roster, found["rest"]):
        names = words.listed([p.name for p in programmes]) or wish_words.NO_PROGRAMMES
        return say(turn.talk, wish_words.NO_SUCH.format(name=found["name"], names=names))
    soft = SOFT.fullmatch(text)
    if soft is None or turn.talk.topic.get("proposal") or turn.talk.question:
        return None
    reading = read(f"I prefer {soft['first'] or soft['last']}", context_of(turn, roster))
    if [wish.kind for wish in reading.preferences] != [Preference.PREFER] or reading.people:
        return None
    return await preferences.set_preferences(ports, turn, roster, reading)


def _for_programme(turn: Turn, roster: Roster, programme: Programme, text: str) -> Reading | None:
    """Return what a sentence wants for one programme, None where it wants nothing of the kind."""
    name = re.escape(re.sub(r"(?i)\s+program(?:me)?$", "", programme.name))
    pattern = (
        rf"\b(?:for|in|within) (?:the |my )?{name}(?: program(?:me)?)?"
        r"(?: sessions| meetings)?(?: alone| only(?=\W*$))?(?!\w)[,:]?\s*"
    )
    rest, count = re.subn(pattern, "", text, count=1, flags=re.IGNORECASE)
    return _wish(turn, roster, rest.strip(" ,")) if count else None


def _wish(turn: Turn, roster: Roster, text: str) -> Reading | None:
    """Return the reading of a preference; "only mornings" are hours."""
    only = ONLY.match(text)
    for said in (text, f"my hours are {only['times']}" if only else ""):
        reading = read(said, context_of(turn, roster))
        if reading.intent is Intent.SET_PREFERENCES and reading.preferences:
            return reading
    return None


# --- forgetting -----------------------------------------------------------------------------------


async def _forget_last(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Take the last saved preference back and show what is kept now."""
    undone = await preferences.undo(ports, turn)
    if not turn.talk.topic.get("undo"):
        return undone
    shown = await preferences.show_preferences(ports, replace(turn, talk=undone.talk), roster)
    return Reply((*undone.messages, *shown.messages), shown.talk)


def _ask_to_forget(turn: Turn) -> Reply:
    """Ask before everything is forgotten."""
    forget = Action("wishes:forget", wish_words.FORGET_YES, Style.DANGER)
    keep = Action("wishes:keep", wish_words.FORGET_NO)
    message = Outgoing(wish_words.FORGET_ASK, Card(actions=(forget, keep)))
    return questions.ask(turn, message, yes="wishes:forget", no="wishes:keep")


async def _answered(ports: Ports, turn: Turn, roster: Roster, args: tuple[str, ...]) -> Reply:
    """Forget everything that was said, or nothing."""
    turn = replace(turn, talk=turn.talk.answered())
    if args[:1] == ("country",):
        return await _keep_holidays(ports, turn, args[-1])
    if args[:1] != ("forget",):
        return say(turn.talk, wish_words.FORGET_KEPT)
    saved = await preferences.save_change(ports, turn, _bare, wish_words.FORGOTTEN)
    shown = await preferences.show_preferences(ports, replace(turn, talk=saved.talk), roster)
    return Reply((*saved.messages, *shown.messages), shown.talk)


async def _keep_holidays(ports: Ports, turn: Turn, place: str) -> Reply:
    """Keep the public holidays of the place that a button names."""
    if ports.almanac.name(place) == place:
        return say(turn.talk, words.OLD_BUTTON)
    what = wishes.keep_holidays(turn.me, place, ports.almanac, turn.now)
    return await preferences.save_change(
        ports, turn, lambda person: replace(person, country=place), what
    )


def _bare(person: Person) -> Person:
    """Return the person without anything they said of their hours and sessions."""
    return replace(
        person,
        hours=None,
        buffer=None,
        duration=None,
        wishes=Wishes(),
        apart=(),
        country="",
        tentative=None,
    )


VERBS: dict[str, Callable[[Ports, Turn, Roster, tuple[str, ...]], Awaitable[Reply]]] = {
    "wishes": _answered,
}
