"""One turn from end to end: who is it, what do they want, answer, remember, show.

Turns of one conversation run one after another. The reply to the speaker is sent after the
decision was stored; what concerns others is queued by the use cases and sent by the worker. What
is asked where others read along is answered in private, and the talk goes on there (Y11).
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from bot.acquaint import Acquaintance
from bot.converse import questions
from bot.converse.roster import RosterBook
from bot.converse.router import respond
from bot.converse.state import from_json, key_of
from bot.converse.turn import Turn, say
from bot.mentions import Mentions
from bot.message import Mention, Outgoing
from bot.speak import people_words, times, words
from bot.speak.people_notices import zone_question
from core import presence
from core.errors import (
    AccessRevoked,
    ConsentRequiredByAdmin,
    NotConnected,
    ProviderError,
    RemoteMissing,
    TandemError,
)
from core.people import Person
from core.ports import Post
from core.timing.zones import same_clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from bot.channel import ChatChannel, Directory
    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Reply
    from bot.doors import Doors
    from bot.message import Incoming, Place
    from bot.understand.second import SecondReader
    from core.ids import PersonId
    from core.people import ChatIdentity
    from core.ports import Ports, Tx

log = structlog.get_logger(__name__)

# Nobody is reached there.
SHUT = (AccessRevoked, NotConnected, RemoteMissing, ConsentRequiredByAdmin)
PLAIN = frozenset({words.THANKS, words.ALL_RIGHT, words.OUT_OF_SCOPE})  # tell nothing of anybody


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it was shown: its reference in the chat, and whether it replaced one."""

    ref: str
    message: Outgoing
    edited: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One message on its way to a place; with `only` it is shown to this person alone there."""

    place: Place
    message: Outgoing
    only: ChatIdentity | None = None


@dataclass(slots=True)
class Answer:
    """What a turn has decided: the messages that are still to be shown, and those that were."""

    person_id: PersonId | None
    left: list[Step]
    sent: list[Sent] = field(default_factory=list)


class UndeliveredError(Exception):
    """The turn was decided and stored, but its chat did not take the answer; the cause says why.

    `Switchboard.deliver` sends the rest of it.
    """

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__("undelivered")
        self.answer = answer


class Switchboard:
    """Lead what comes in from any chat to its handler and the answer back."""

    def __init__(
        self,
        ports: Ports,
        channels: Mapping[str, ChatChannel],
        wake: Callable[[], None],
        second: SecondReader | None = None,
        doors: Doors | None = None,
        directories: Mapping[str, Directory] | None = None,
    ) -> None:
        """Keep the ports, the chats by kind, the call that wakes the worker, who reads what the
        rules do not know, if anybody, the addresses of our pages, if there are any, and who is
        who in the chats that can tell.
        """
        self._second = second
        self._doors = doors
        self._ports = ports
        self._channels = channels
        self._wake = wake
        self._rosters = RosterBook()
        self._acquaintance = Acquaintance(ports, directories or {})
        self._mentions = Mentions(ports, directories or {})
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    async def turn(self, incoming: Incoming) -> tuple[Sent, ...]:
        """Answer one incoming thing; return the messages made for the speaker.

        Raises UndeliveredError when the chat fails after the decision was stored, and
        ProviderError leaves when it fails before.
        """
        met = await self._acquaintance.meet(incoming)
        if not isinstance(met, Person):
            self._wake()  # somebody may have to be asked whether they are one person
            only = None if incoming.private else incoming.who
            steps = [Step(incoming.place, message, only) for message in met.messages]
            return await self.deliver(Answer(met.about, steps))
        place = await self._private_place(incoming)
        if place is None:
            return await self.deliver(_only_in_private(incoming))
        there = replace(incoming, place=place, private=True)
        there = await self._mentions.resolved(there, met)
        async with self._one_at_a_time(key_of(place, incoming.who)):
            asked = None if incoming.private or incoming.action else incoming.place
            messages = await self._decide(there, met, asked)
            self._wake()
            try:
                return await self.deliver(Answer(met.id, _steps(incoming, place, messages, met)))
            except UndeliveredError as error:
                if incoming.private or not isinstance(error.__cause__, SHUT):
                    raise
            return await self.deliver(_only_in_private(incoming))

    async def _private_place(self, incoming: Incoming) -> Place | None:
        """Return where the answer goes; None for somebody whom the chat lets nobody write to.

        What came while the chat was away is in a place without a name.
        """
        if incoming.private:
            known = incoming.place
            return known if known.conversation else await self._own_place(incoming.who)
        try:
            return await self._own_place(incoming.who)
        except SHUT:
            return None

    async def _own_place(self, who: ChatIdentity) -> Place:
        """Return somebody's private conversation. Raises ProviderError leaves."""
        return await self._channels[who.kind].direct(who)

    async def _decide(
        self, incoming: Incoming, person: Person, asked: Place | None
    ) -> tuple[Outgoing, ...]:
        """Find the answer and store what the conversation has become.

        `asked` is where others saw the question: there people see no more than that we are at it.
        """
        now, key = self._ports.clock.now(), key_of(incoming.place, incoming.who)
        talk, roster = await self._ports.store.read(
            lambda tx: self._load(tx, incoming, key, person, now)
        )
        if roster is None:
            return (Outgoing(words.INACTIVE_PERSON),)
        reply = await self._answer(incoming, roster, talk, asked)
        reply, zone = await self._with_zone(incoming, reply, person, now)
        if reply.talk != talk or zone:
            data = reply.talk.as_json()

            def keep(tx: Tx) -> None:
                tx.conversations.save(key, data, now)
                if zone:
                    presence.note_asked(tx, person, zone, now)

            await self._ports.store.transact(keep)
        return reply.messages

    def _load(
        self, tx: Tx, incoming: Incoming, key: str, person: Person, now: int
    ) -> tuple[Conversation, Roster | None]:
        """Return what was talked about, and whom the person may mean (None: not active).

        A new thread goes on with what was talked about beside it.
        """
        data = tx.conversations.load(key)
        if data is None and incoming.place.thread:
            beside = incoming.place._replace(thread="")
            data = tx.conversations.load(key_of(beside, incoming.who))
        roster = self._rosters.load(tx, person) if person.active else None
        return from_json(data, now), roster

    async def _with_zone(
        self, incoming: Incoming, reply: Reply, person: Person, now: int
    ) -> tuple[Reply, str]:
        """Ask once besides when the chat says that the person's clock is another one now."""
        zone = incoming.zone
        if not zone or reply.talk.question is not None or same_clock(zone, person.zone, now):
            return reply, ""
        asks = await self._ports.store.read(
            lambda tx: (
                presence.asks_about(tx, person, zone, now)
                and tx.people.get(person.id).zone == person.zone
            )
        )
        if not asks:
            return reply, ""
        city, home = times.city(zone), times.city(person.zone)
        message = zone_question(zone, city, home)
        asked = _asking(message, reply.talk, zone, now)
        return replace(reply, messages=(*reply.messages, message), talk=asked), zone

    async def _answer(
        self, incoming: Incoming, roster: Roster, talk: Conversation, asked: Place | None
    ) -> Reply:
        """Find the answer; a fault of ours is said as such and logged under a reference."""
        channel = self._channels[incoming.place.kind]
        place, now = incoming.place, self._ports.clock.now()

        async def progress(text: str) -> None:
            if asked is not None:
                await channel.progress(asked, people_words.WORKING)
            await channel.progress(place, text)

        turn = Turn(roster.me, incoming, now, talk, progress, self._second, self._doors)
        try:
            reply = await respond(self._ports, turn, roster)
        except Exception as error:  # noqa: BLE001  # whatever it is, the person gets an answer
            return _failed(turn, error)
        return reply

    async def fail(self, incoming: Incoming) -> None:
        """Say that something went wrong, where nothing better can be said any more."""
        reference = secrets.token_hex(4)
        log.error("turn_given_up", reference=reference)
        message = Outgoing(words.FAILED.format(reference=reference))
        only = None if incoming.private else incoming.who
        place = incoming.place
        if not place.conversation:
            place = await self._own_place(incoming.who)
        await self.deliver(Answer(None, [Step(place, message, only)]))

    async def deliver(self, answer: Answer) -> tuple[Sent, ...]:
        """Show what is left of an answer; return all that was shown of it.

        Raises UndeliveredError with the rest.
        """
        try:
            while answer.left:
                await self._take_step(answer, answer.left[0])
                answer.left.pop(0)
        except ProviderError as error:
            raise UndeliveredError(answer) from error
        return tuple(answer.sent)

    async def _take_step(self, answer: Answer, step: Step) -> None:
        """Show one message."""
        if step.only is not None:
            await self._channels[step.place.kind].private(step.place, step.only, step.message)
            return
        answer.sent.append(await self.show(step.place, answer.person_id, step.message))

    async def show(self, place: Place, person_id: PersonId | None, message: Outgoing) -> Sent:
        """Send one message, or replace the card about the same subject in this place."""
        channel = self._channels[place.kind]
        old = await self._old(place, person_id, message.subject)
        if old is not None:
            latest = Outgoing(message.instead) if message.instead else message
            try:
                await channel.edit(place._replace(thread=_thread(old)), old.ref, latest)
            except RemoteMissing:
                pass  # the person deleted it: send it anew
            else:
                if not message.instead:
                    return Sent(old.ref, message, edited=True)
        ref = await channel.send(place, message)
        if message.subject and person_id:
            post = Post(person_id, message.subject, place.kind, _where(place), ref)
            now = self._ports.clock.now()
            await self._ports.store.transact(lambda tx: tx.posts.save(post, now))
        return Sent(ref, message, edited=False)

    async def _old(self, place: Place, person_id: PersonId | None, subject: str) -> Post | None:
        """Return where the card about a subject stands in this conversation, if it does; one in
        the same thread first.
        """
        if not subject or person_id is None:
            return None
        posts = await self._ports.store.read(lambda tx: tx.posts.find(person_id, subject))
        here = [p for p in posts if p.kind == place.kind and _beside(p, place)]
        exact = (p for p in here if p.place == _where(place))
        return next(exact, here[0] if here else None)

    @asynccontextmanager
    async def _one_at_a_time(self, key: str) -> AsyncIterator[None]:
        """Hold the lock of one conversation; locks nobody waits for are dropped."""
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[key]
            if users == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, users - 1)


def _where(place: Place) -> str:
    """Return the part of a place that a post is found by."""
    return f"{place.workspace}|{place.conversation}|{place.thread}"


def _asking(message: Outgoing, talk: Conversation, zone: str, now: int) -> Conversation:
    """Return the conversation with the question of the clock open, to be answered in words."""
    options = questions.options_of(message)
    data = {"options": options, "yes": f"zone:always:{zone}", "no": "zone:no"}
    return talk.asking(questions.KIND, data, now)


def _beside(post: Post, place: Place) -> bool:
    """Tell whether a post stands in a conversation, in whichever thread."""
    return post.place.rpartition("|")[0] == _where(place).rpartition("|")[0]


def _thread(post: Post) -> str:
    return post.place.rpartition("|")[2]


def _only_in_private(incoming: Incoming) -> Answer:
    """Say before others that the answer is for one person, to whom nobody can write."""
    return Answer(None, [Step(incoming.place, Outgoing(people_words.OPEN_PRIVATE))])


def _steps(
    incoming: Incoming, place: Place, messages: tuple[Outgoing, ...], speaker: Person
) -> list[Step]:
    """Return where each message goes: what was asked before others is answered in private, with
    a short word there that it was. What tells nothing of anybody may stand there.
    """
    if incoming.private:
        return [Step(place, message) for message in messages]
    if all(message.card is None and message.text in PLAIN for message in messages):
        return [Step(incoming.place, message) for message in messages]
    text = people_words.ANSWERED_PRIVATELY.format(name=speaker.name)
    word = Outgoing(text, mentions=(Mention(0, speaker.name, (incoming.who,)),))
    only = incoming.who if incoming.action else None  # a press is nothing that others saw
    return [*(Step(place, message) for message in messages), Step(incoming.place, word, only)]


def _failed(turn: Turn, error: Exception) -> Reply:
    """Say that something went wrong, with a reference that is in the log."""
    reference = secrets.token_hex(4)
    kind = type(error).__name__
    if isinstance(error, TandemError):
        log.warning("turn_failed", reference=reference, error=kind)
    else:
        log.error("turn_failed", reference=reference, error=kind, exc_info=error)
    if kind == "StorageFull":
        return say(turn.talk, words.STORAGE_FULL)
    return say(turn.talk, words.FAILED.format(reference=reference))
