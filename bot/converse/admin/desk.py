"""What every handler of administration gets, and the shapes of its replies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from bot.card import Action, Card, Style
from bot.converse.admin import names
from bot.converse.turn import Reply, say
from bot.speak import admin_words as words
from bot.speak import times
from bot.speak.words import count as spoken
from bot.speak.words import listed
from core.errors import NotFound
from core.programme import Programme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.card import Part
    from bot.converse.admin.grammar import Parsed
    from bot.converse.admin.scope import Scope
    from bot.converse.turn import Turn
    from core.ids import PersonId, ProgrammeId
    from core.people import Person
    from core.ports import Ports
    from core.use_cases.administer.future import Canceller
    from core.use_cases.administer.rights import Standing

E = TypeVar("E", bound=StrEnum)

LONGEST_ID = 255
MOST_OPTIONS = 10
QUESTION = "admin"
"""The kind of the open question, while one of administration is open."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer: what the button says, and the action it stands for."""

    label: str
    action: str
    style: Style = Style.DEFAULT


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of one administrator, and what it is about."""

    ports: Ports
    turn: Turn
    actor: Standing
    scope: Scope
    cancel: Canceller

    @property
    def me(self) -> PersonId:
        """The administrator."""
        return self.turn.me.id

    @property
    def zone(self) -> str:
        """The administrator's zone, in which times are said."""
        return self.turn.me.zone

    @property
    def programme(self) -> Programme:
        """The programme it is about. Raises NotFound when it is about none."""
        if self.scope.programme is None:
            raise NotFound("no programme")
        return self.scope.programme

    @property
    def programme_id(self) -> ProgrammeId | None:
        """The programme's id, None for the organisation."""
        return self.scope.programme.id if self.scope.programme else None

    def run(self, text: str) -> str:
        """Return the id of an action that carries out a command in this scope."""
        return f"admin:run:{self.scope.token}:{text}"

    def act(self, *parts: str) -> str:
        """Return the id of another action of administration."""
        return ":".join(("admin", *parts))

    def moment(self, at: int) -> str:
        """Return an instant in words, on the administrator's clock."""
        return times.moment(at, self.zone, self.turn.now)

    def reply(
        self, text: str, parts: Sequence[Part] = (), options: Sequence[Option] = (), title: str = ""
    ) -> Reply:
        """Say something that asks nothing, with buttons for what may come next."""
        return say(self.turn.talk.answered(), text, _card(title, parts, options))

    def ask(
        self, text: str, options: Sequence[Option], parts: Sequence[Part] = (), title: str = ""
    ) -> Reply:
        """Ask something that can be answered by a button or in words."""
        fit = [option for option in options if len(option.action) <= LONGEST_ID]
        data = {"options": [[option.action, option.label] for option in fit]}
        talk = self.turn.talk.asking(QUESTION, data, self.turn.now)
        return say(talk, text, _card(title, parts, fit))

    def more(self, what: str, first: int, total: int) -> list[Option]:
        """Return the button that shows the next page of a list, if there is one."""
        if first >= total:
            return []
        label = f"{words.SHOW_MORE} ({total - first:,})"
        return [Option(label, self.act(what, self.programme.id, str(first)))]

    def leave_it(self) -> Option:
        """Return the way out of every question."""
        return Option(words.LEAVE_IT, self.act("leave"))

    async def person(self, parsed: Parsed, group: str, *, members: bool = True) -> Person | Reply:
        """Return the person whom a word of the command names, or the question to ask first.

        With `members` people of the programme come before others of the same name.
        """
        word = parsed.words[group]
        found = await self.find(word, members=members)
        if len(found.people) == 1:
            return found.people[0]
        if found.people:
            return self.which(word, found, lambda token: parsed.with_word(group, token))
        return self.nobody(word, found)

    async def find(self, word: str, *, members: bool = True) -> names.Matches:
        """Return the people of the organisation whom a word fits."""
        asked = names.Asked(
            self.actor.org_id,
            word,
            self.turn.incoming.who,
            self.programme_id if members else None,
        )
        return await self.ports.store.read(lambda tx: names.find(tx, asked))

    async def people(self, *ids: PersonId) -> Mapping[PersonId, Person]:
        """Return those of some people who exist."""
        return await self.ports.store.read(lambda tx: tx.people.many(ids))

    def which(self, word: str, found: names.Matches, again: Callable[[str], str]) -> Reply:
        """Ask which of several is meant; `again` is the command with a token for the word."""
        count, sides = len(found.people), found.sides or ("",) * len(found.people)
        options = [
            Option(label_of(person, side), self.run(again(f"#{person.id}")))
            for person, side in zip(found.people, sides, strict=False)
        ]
        fit = [option for option in options[:MOST_OPTIONS] if len(option.action) <= LONGEST_ID]
        if count > MOST_OPTIONS or not fit:
            return self.reply(words.WHO_TOO_MANY.format(count=count, word=word))
        number = spoken(count).capitalize()
        return self.ask(words.WHO_MANY.format(count=number, word=word), fit)

    def nobody(self, word: str, found: names.Matches) -> Reply:
        """Nobody fits: say so, with those of a similar name."""
        pattern = words.WHO_NONE_ADDRESS if "@" in word else words.WHO_NONE
        none = pattern.format(word=word)
        if not found.near:
            return self.reply(words.WHO_ADD.format(none=none))
        near = listed([person.name for person in found.near], "or")
        return self.reply(words.WHO_NEAR.format(none=none, names=near))


def _card(title: str, parts: Sequence[Part], options: Sequence[Option]) -> Card | None:
    """Return the card, None when there is nothing to put on it."""
    actions = tuple(
        Action(option.action, option.label, option.style)
        for option in options
        if len(option.action) <= LONGEST_ID
    )
    return Card(title, tuple(parts), (), actions) if parts or actions else None


def label_of(person: Person, side: str = "") -> str:
    """Return a person with what tells them apart: "Alex Chen (New York, Maya's mentor)"."""
    return f"{person.name} ({', '.join(part for part in (times.city(person.zone), side) if part)})"


def number_of(text: str) -> int:
    """Return the number in an action's id. Raises NotFound for anything else."""
    if not text.isdigit() or len(text) > 9:
        raise NotFound(text)
    return int(text)


def member_of(kind: type[E], text: str) -> E:
    """Return the member of an enumeration in an action's id. Raises NotFound."""
    if text not in set(kind):
        raise NotFound(text)
    return kind(text)
