"""Help, status, a human, and first words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.card import Action, Card, Fields, Note, Part, Style
from bot.converse.turn import Reply, say
from bot.mentions import spoken
from bot.speak import help_words, times, words
from bot.understand.intent import Intent
from core.notices import Notice, NoticeKind, as_effect
from core.programme import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.converse.roster import Roster
    from bot.converse.turn import Turn
    from bot.understand.intent import Reading
    from core.ids import PersonId
    from core.ports import Ports, Tx

# What somebody else does, in so many words; what they do together with the speaker is no secret.
_TELL = re.compile(r"\b(?:what|what[’']?s|show|tell|who|list|give|read|see)\b", re.IGNORECASE)
_DOES = re.compile(
    r"\b(?:doing|up to|calendars?|agenda|diary|events?|appointments?|titles?|meetings?|meeting|"
    r"sessions?)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:i|i[’']m|my|we|us|our|with)\b", re.IGNORECASE)
_ASKED_SO = frozenset({Intent.LIST_MEETINGS, Intent.OUT_OF_SCOPE, Intent.UNKNOWN})


async def show_help(ports: Ports, turn: Turn, roster: Roster) -> Reply:
    """Say what Tandem can do, with sentences to try, and who can help (R71, Y19)."""
    rows = tuple(
        (name, example.format(partner=roster.example)) for name, example in help_words.HELP_LINES
    )
    parts: list[Part] = [Fields(rows)]
    administers = [
        p.name
        for p in roster.programmes
        if roster.me.is_admin
        or any(m.programme_id == p.id and m.role is Role.ADMIN for m in roster.roles)
    ]
    if administers:
        parts.append(Note(help_words.HELP_ADMIN.format(programmes=words.listed(administers[:5]))))
    contacts = [p.contacts for p in roster.policies.values() if p.contacts]
    names = await ports.store.read(lambda tx: _named(tx, responsible(tx, roster)))
    if contacts:
        parts.append(
            Note(help_words.HELP_CONTACTS.format(contacts="; ".join(dict.fromkeys(contacts))))
        )
    elif names:
        parts.append(Note(help_words.HELP_NO_CONTACTS.format(names=words.listed(names[:3], "or"))))
    return say(turn.talk, help_words.HELP, Card("", tuple(parts)))


def greet(turn: Turn, roster: Roster) -> Reply:
    """Answer a greeting with the two things people want first."""
    text = words.HELLO.format(name=turn.me.first_name)
    partner = next(iter(roster.partners), None)
    actions = [Action("help", "What can you do?")]
    if partner:
        label = f"Find a time with {roster.example}"
        actions.insert(0, Action(f"book:{partner}", label, Style.PRIMARY))
    note = Note(words.WELCOME_ZONE.format(zone=times.city(turn.me.zone)))
    return say(turn.talk, text, Card("", (note,), (), tuple(actions)))


def pries(reading: Reading) -> bool:
    """Tell whether a sentence asks what somebody else does, which nobody is told (A41, R59)."""
    if reading.intent not in _ASKED_SO or not any(m.candidates for m in reading.people):
        return False
    text = reading.text
    return bool(_TELL.search(text) and _DOES.search(text)) and not _OURS.search(text)


def only_busy(turn: Turn, roster: Roster) -> Reply:
    """Say what is known of other people's time, and what it is good for."""
    return say(turn.talk, words.ONLY_BUSY.format(partner=roster.example))


async def talk_to_human(ports: Ports, turn: Turn, roster: Roster, text: str) -> Reply:
    """Pass a message on to the people who administer the programme (Y19)."""
    message = spoken(text).partition(":")[2].strip()
    if not message:
        return say(turn.talk, words.TALK_WHAT)

    def work(tx: Tx) -> list[str]:
        people = responsible(tx, roster)
        for person_id in people:
            facts = {"by": turn.me.id, "text": message[:1000]}
            notice = Notice(person_id, NoticeKind.MESSAGE, "", facts)
            tx.effects.add(as_effect(notice, f"{turn.me.id}:{turn.now}", turn.now))
        return _named(tx, people)

    names = await ports.store.transact(work)
    if not names:
        return say(turn.talk, words.TALK_NOBODY)
    return say(turn.talk, words.TALK_SENT.format(names=words.listed(names[:5])))


def _named(tx: Tx, people: Sequence[PersonId]) -> list[str]:
    return [person.name for person in tx.people.many(people).values()]


def responsible(tx: Tx, roster: Roster) -> list[PersonId]:
    """Return the administrators of a person's programmes, else the global ones."""
    found: list[PersonId] = []
    for programme in roster.programmes:
        members = tx.programmes.members(programme.id)
        found += [m.person_id for m in members if m.role is Role.ADMIN]
    if not found:
        found = [p.id for p in tx.people.of(roster.me.org_id) if p.is_admin and p.active]
    return [p for p in dict.fromkeys(found) if p != roster.me.id]
