"""Who is speaking: a known person, or what to tell somebody who is none (Y21).

A chat's directory is asked outside of transactions, and only about those nobody knows yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.card import Card, Note
from bot.channel import Standing
from bot.converse.questions import NO, YES
from bot.message import Outgoing
from bot.speak import people_words, words
from bot.speak.same_person import both_said, buttons
from core import presence
from core.errors import NotFound
from core.use_cases import identify
from core.use_cases.identify import Met, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channel import ChatPerson, Directory
    from bot.message import Incoming
    from core.ids import PersonId
    from core.people import ChatIdentity, Person
    from core.ports import Ports, Tx

SAME = "same"  # the verb of the buttons under the question whether two are one person


@dataclass(frozen=True, slots=True)
class Unmet:
    """What is said to somebody who is nobody here yet; `about` is whom they say to be, whose
    cards these are.
    """

    messages: tuple[Outgoing, ...]
    about: PersonId | None = None


class Acquaintance:
    """Knows people again, and gets to know new ones."""

    def __init__(self, ports: Ports, directories: Mapping[str, Directory]) -> None:
        """Keep the ports, and who is who in each kind of chat."""
        self._ports = ports
        self._directories = directories

    async def meet(self, incoming: Incoming) -> Person | Unmet:
        """Return the person who speaks, else what to say. Raises ProviderError leaves."""
        who = incoming.who

        def look(tx: Tx) -> tuple[Person | None, bool]:
            person = presence.known(tx, who)
            if person is None or not person.active:
                return person, True
            return person, presence.has_spoken(tx, person, who)

        person, noted = await self._ports.store.read(look)
        if person is None:
            found = await self._find(incoming)
            if isinstance(found, Unmet):
                return found
            person, noted = found, False
        if not noted:
            spoken = person
            await self._ports.store.transact(lambda tx: presence.note_spoken(tx, spoken, who))
        return person

    async def _find(self, incoming: Incoming) -> Person | Unmet:
        """Look somebody up where their chat has a directory."""
        directory = self._directories.get(incoming.place.kind)
        if directory is None:
            return Unmet((Outgoing(words.UNKNOWN_PERSON.format(contact="")),))
        if incoming.action.startswith(f"{SAME}:"):
            _, ask_id, said, *_ = (*incoming.action.split(":"), "", "")
            return await self._said(incoming.who, ask_id, yes=said == "yes")
        profile = await directory.get(incoming.who)
        if profile is None or profile.standing not in (Standing.MEMBER, Standing.GUEST):
            is_bot = profile is not None and profile.standing is Standing.BOT
            return Unmet(() if is_bot else (Outgoing(people_words.STRANGER),))
        met = await identify.meet(self._ports, as_profile(profile))
        if met.standing is identify.Standing.KNOWN and met.person is not None:
            return met.person
        if met.standing is identify.Standing.ASKED:
            word = " ".join(incoming.text.casefold().split()).strip(" .!")
            if word in YES | NO:
                return await self._said(incoming.who, met.ask, yes=word in YES)
        return Unmet((_told(met),))

    async def _said(self, who: ChatIdentity, ask_id: str, *, yes: bool) -> Unmet:
        """Take the newcomer's word on whether they are a known person."""
        try:
            asked = await identify.answer_same(self._ports, who, ask_id, yes=yes)
        except NotFound:
            return Unmet((Outgoing(words.OLD_BUTTON),))

        def load(tx: Tx) -> tuple[Person, tuple[str, ...]]:
            person = tx.people.get(asked.person_id)
            return person, identify.contacts_of(tx, person.org_id)

        person, contacts = await self._ports.store.read(load)
        subject = f"same:{ask_id}"
        text = people_words.SAME_NOT_YOU.format(name=person.name, ask=whom(contacts))
        if asked.here and asked.there:
            text = both_said(person, asked)
        elif asked.here and asked.there is None:
            text = people_words.SAME_YES.format(other=people_words.chat(asked.other))
        return Unmet((Outgoing(text, None, subject),), person.id)


def as_profile(person: ChatPerson) -> Profile:
    """Return a chat's word about somebody as the core takes it."""
    return Profile(
        person.identity, person.name, person.email, person.zone, person.locale, person.picture
    )


def whom(contacts: tuple[str, ...]) -> str:
    """Return whom an unknown person may ask."""
    if not contacts:
        return people_words.ASK_PLAIN
    return people_words.ASK_NAMED.format(contacts=words.listed(contacts, "or"))


def _told(met: Met) -> Outgoing:
    """Return what somebody is told who is nobody here yet."""
    if met.standing is identify.Standing.ASKED and met.person is not None:
        other = people_words.chat(met.other)
        text = people_words.SAME_HERE.format(name=met.person.name, other=other)
        note = Note(people_words.SAME_HERE_NOTE.format(other=other))
        return Outgoing(text, Card("", (note,), (), buttons(met.ask)), f"same:{met.ask}")
    if met.standing is identify.Standing.DENIED and met.person is not None:
        name = met.person.name
        return Outgoing(people_words.SAME_NOT_YOU.format(name=name, ask=whom(met.contacts)))
    if met.standing is identify.Standing.UNLINKED:
        ask = people_words.ASK_PLAIN
        if met.contacts:
            ask = people_words.ASK_INSTALLER.format(contacts=met.contacts[0])
        return Outgoing(people_words.UNLINKED.format(ask=ask))
    return Outgoing(people_words.UNKNOWN.format(ask=whom(met.contacts)))
