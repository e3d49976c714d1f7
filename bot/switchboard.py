"""One turn from end to end: who is it, what do they want, answer, remember, show.

Turns of one conversation run one after another. The reply to the speaker is sent after the
decision was stored; what concerns others is queued by the use cases and sent by the worker.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.converse.roster import RosterBook
from bot.converse.router import respond
from bot.converse.state import from_json, key_of
from bot.converse.turn import Turn, say
from bot.message import Outgoing
from bot.speak import words
from core.errors import RemoteMissing, TandemError
from core.ports import Post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from bot.channel import ChatChannel
    from bot.converse.roster import Roster
    from bot.converse.state import Conversation
    from bot.converse.turn import Reply
    from bot.doors import Doors
    from bot.message import Incoming, Place
    from bot.understand.second import SecondReader
    from core.ids import PersonId
    from core.people import Person
    from core.ports import Ports, Tx

log = structlog.get_logger(__name__)

EVENTS = 5000  # the last events that are known again; a chat repeats one within minutes


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it was shown: its reference in the chat, and whether it replaced one."""

    ref: str
    message: Outgoing
    edited: bool


class Switchboard:
    """Lead what comes in from any chat to its handler and the answer back."""

    def __init__(
        self,
        ports: Ports,
        channels: Mapping[str, ChatChannel],
        wake: Callable[[], None],
        second: SecondReader | None = None,
        doors: Doors | None = None,
    ) -> None:
        """Keep the ports, the chats by kind, the call that wakes the worker, who reads what the
        rules do not know, if anybody, and the addresses of our pages, if there are any.
        """
        self._second = second
        self._doors = doors
        self._ports = ports
        self._channels = channels
        self._wake = wake
        self._rosters = RosterBook()
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}
        self._events: dict[tuple[str, str, str], None] = {}

    async def turn(self, incoming: Incoming) -> tuple[Sent, ...]:
        """Answer one incoming thing; return the messages made for the speaker."""
        key = key_of(incoming.place, incoming.who)
        async with self._one_at_a_time(key):
            if self._is_repeated(incoming):
                return ()
            now = self._ports.clock.now()
            person, talk, roster = await self._ports.store.read(
                lambda tx: self._load(tx, incoming, key, now)
            )
            if person is None or roster is None:
                text = words.INACTIVE_PERSON if person else words.UNKNOWN_PERSON.format(contact="")
                return await self._show(incoming.place, None, (Outgoing(text),))
            reply = await self._answer(incoming, roster, talk, now)
            if reply.talk != talk:
                data = reply.talk.as_json()
                await self._ports.store.transact(lambda tx: tx.conversations.save(key, data, now))
            self._wake()
            return await self._show(incoming.place, person.id, reply.messages)

    def _is_repeated(self, incoming: Incoming) -> bool:
        """Tell whether a chat sends an event again, as it does without a quick answer (A42)."""
        if not incoming.event_id:
            return False
        event = (incoming.place.kind, incoming.place.workspace, incoming.event_id)
        known = event in self._events
        self._events[event] = None
        while len(self._events) > EVENTS:
            del self._events[next(iter(self._events))]
        return known

    def _load(
        self, tx: Tx, incoming: Incoming, key: str, now: int
    ) -> tuple[Person | None, Conversation, Roster | None]:
        """Return who speaks, what was talked about, and whom they may mean (None: nobody)."""
        person = tx.people.by_identity(incoming.who)
        talk = from_json(tx.conversations.load(key), now)
        known = person is not None and person.active
        return person, talk, self._rosters.load(tx, person) if person and known else None

    async def _answer(
        self, incoming: Incoming, roster: Roster, talk: Conversation, now: int
    ) -> Reply:
        """Find the answer; a fault of ours is said as such and logged under a reference."""
        channel = self._channels[incoming.place.kind]
        place = incoming.place

        async def progress(text: str) -> None:
            await channel.progress(place, text)

        turn = Turn(roster.me, incoming, now, talk, progress, self._second, self._doors)
        try:
            reply = await respond(self._ports, turn, roster)
        except Exception as error:  # noqa: BLE001  # whatever it is, the person gets an answer
            return _failed(turn, error)
        return reply

    async def _show(
        self, place: Place, person_id: PersonId | None, messages: tuple[Outgoing, ...]
    ) -> tuple[Sent, ...]:
        """Send or edit each message; remember where editable ones stand."""
        return tuple([await self.show(place, person_id, message) for message in messages])

    async def show(self, place: Place, person_id: PersonId | None, message: Outgoing) -> Sent:
        """Send one message, or replace the card about the same subject in this place."""
        channel = self._channels[place.kind]
        old = await self._old(place, person_id, message.subject)
        if old is not None:
            latest = Outgoing(message.instead) if message.instead else message
            try:
                await channel.edit(place, old.ref, latest)
            except RemoteMissing:
                pass  # the person deleted it: send it anew
            else:
                if not message.instead:
                    return Sent(old.ref, message, edited=True)
        ref = await channel.send(place, message)
        if message.subject and person_id:
            post = Post(person_id, message.subject, place.kind, _where(place), ref)
            await self._ports.store.transact(lambda tx: tx.posts.save(post))
        return Sent(ref, message, edited=False)

    async def _old(self, place: Place, person_id: PersonId | None, subject: str) -> Post | None:
        if not subject or person_id is None:
            return None
        posts = await self._ports.store.read(lambda tx: tx.posts.find(person_id, subject))
        return next((p for p in posts if p.kind == place.kind and p.place == _where(place)), None)

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
