"""The local chat as a channel: messages in our own store, shown live to the open pages."""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.message import Outgoing, Place
from core.errors import RemoteMissing
from core.ids import PersonId
from core.ports import LocalMessage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.people import ChatIdentity
    from core.ports import Clock, Ids, Store

KIND = WORKSPACE = "local"
Event = tuple[str, dict[str, Any]]


def place_of(person_id: str) -> Place:
    """Return the private conversation of a person."""
    return Place(KIND, WORKSPACE, person_id)


def body_of(message: Outgoing) -> str:
    """Return the stored form of a message."""
    return json.dumps(
        {"text": message.text, "card": message.card.as_json() if message.card else None}
    )


def shown(message: LocalMessage) -> dict[str, Any]:
    """Return a message as the API gives it."""
    return {"id": message.id, **json.loads(message.body), "own": message.own, "at": message.at}


class LocalChannel:
    """A complete chat: send, edit, progress, and the pages that listen."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._listeners: dict[str, set[asyncio.Queue[Event]]] = {}

    async def send(self, to: Place, message: Outgoing) -> str:
        """Append a message of the assistant."""
        return (await self._add(to.conversation, body_of(message), own=False)).id

    async def add_own(self, person_id: str, text: str) -> None:
        """Append what the person wrote."""
        await self._add(person_id, json.dumps({"text": text, "card": None}), own=True)

    async def _add(self, person_id: str, body: str, *, own: bool) -> LocalMessage:
        now = self._clock.now()
        message = LocalMessage(self._ids.new(), PersonId(person_id), own, body, now)
        await self._store.transact(lambda tx: tx.local.add(message))
        self.announce(person_id, "message", shown(message))
        return message

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        """Replace a message in place. Raises RemoteMissing when there is none."""
        edited = await self._store.transact(lambda tx: tx.local.edit(ref, body_of(message)))
        if edited is None:
            raise RemoteMissing("no such message", provider=KIND)
        self.announce(to.conversation, "message", shown(edited))

    async def private(self, to: Place, _person: ChatIdentity, message: Outgoing) -> None:
        """Send it: nobody else reads a conversation here."""
        await self.send(to, message)

    async def progress(self, to: Place, text: str) -> None:
        """Show that something is happening."""
        self.announce(to.conversation, "progress", {"text": text})

    async def direct(self, person: ChatIdentity) -> Place:
        """Return the private conversation with a person."""
        return place_of(person.user)

    def announce(self, person_id: str, kind: str, data: dict[str, Any]) -> None:
        """Tell the open pages of a person; a page that does not keep up loses events."""
        for queue in self._listeners.get(person_id, ()):
            if not queue.full():
                queue.put_nowait((kind, data))

    @contextmanager
    def listening(self, person_id: str) -> Iterator[asyncio.Queue[Event]]:
        """Give a queue of events as long as a page is open."""
        queue: asyncio.Queue[Event] = asyncio.Queue(maxsize=1000)
        self._listeners.setdefault(person_id, set()).add(queue)
        try:
            yield queue
        finally:
            self._listeners[person_id].discard(queue)
            if not self._listeners[person_id]:
                del self._listeners[person_id]
