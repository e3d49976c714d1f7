"""Slack as a chat: messages, edits, what one person alone sees, and each person's page."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from adapters.slack.blocks import home_of, message_of
from adapters.slack.errors import PROVIDER
from adapters.slack.inbound import KIND
from adapters.slack.inputs import flat
from bot.message import Place
from core.errors import AccessRevoked, BadData, Conflict, ProviderError, RemoteMissing
from core.people import ChatIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.slack.wire import Json, Wire
    from bot.card import Card
    from bot.message import Outgoing
    from core.ports import Store, Tx

GLANCE = 2.0  # seconds that a sign of life may take
MOST_HEARD = 5000  # conversations whose last message, or whose owner, is remembered
DIRECT = "D"  # begins the id of a private conversation
PEOPLE = ("U", "W")  # begin the id of a person
PERSON, PLACE = "dm:", "place:"  # keys of references: by person, and back
LOST_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message"})
K = TypeVar("K")
V = TypeVar("V")
QUIET = {"unfurl_links": False, "unfurl_media": False}


class SlackChannel:
    """The ports `ChatChannel` and `HomeChannel`. Raises ProviderError leaves as they say."""

    def __init__(self, wire: Wire, store: Store) -> None:
        """Send by `wire`; private conversations are remembered in `store`."""
        self._wire, self._store = wire, store
        self._heard: dict[str, str] = {}
        self._noted: dict[ChatIdentity, str] = {}  # private conversations that are stored
        self._working: dict[tuple[str, str], str] = {}  # where progress is shown: its thread
        self._pages: dict[tuple[str, str], Callable[[], object]] = {}

    async def send(self, to: Place, message: Outgoing) -> str:
        """Post a message; return its timestamp, which is its id in the conversation.

        In a private conversation it stands outside of a thread that is gone.
        """
        place = await self._settled(to)
        body = {**message_of(message, place.workspace), **_thread(place), **QUIET}
        try:
            answer = await self._wire.post(
                place.workspace, place.conversation, "chat.postMessage", **body
            )
        except RemoteMissing as error:
            if not place.conversation.startswith(DIRECT):
                raise
            if place.thread and error.detail in LOST_THREAD:
                return await self.send(place._replace(thread=""), message)
            await self._forget(place)
            raise AccessRevoked(error.detail, provider=PROVIDER) from None
        ref = flat(answer.get("ts"))
        if not ref:
            raise BadData("a message without an id", provider=PROVIDER)
        await self._done(place)
        self._answered(place)
        return ref

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        """Replace a message in place. Raises RemoteMissing when it is gone, or no longer ours to
        change.
        """
        if not ref:
            raise RemoteMissing("no such message", provider=PROVIDER)
        place = await self._settled(to)
        shown = message_of(message, place.workspace)
        try:
            await self._wire.post(
                place.workspace, place.conversation, "chat.update", ts=ref, **shown
            )
        except Conflict as error:
            raise RemoteMissing(error.detail, provider=PROVIDER) from None
        await self._done(place._replace(thread=""))  # an edit takes nothing away
        self._answered(place)

    async def private(self, to: Place, person: ChatIdentity, message: Outgoing) -> None:
        """Show a message to one person only, where they are no member privately."""
        if not to.conversation.startswith((DIRECT, *PEOPLE)):
            with suppress(RemoteMissing):  # they or we are not in that channel
                shown = message_of(message, to.workspace)
                body = {**shown, **_thread(to), "user": person.user}
                await self._wire.post(to.workspace, to.conversation, "chat.postEphemeral", **body)
                return
        await self.send(await self.direct(person), message)

    async def progress(self, to: Place, text: str) -> None:
        """Show what is being done under the message that asked (assistant.threads.setStatus).

        An answer never fails or waits because this could not be shown.
        """
        thread = to.thread or self._heard.get(f"{to.workspace}|{to.conversation}", "")
        if thread:
            self._working[to.workspace, to.conversation] = thread
            await self._status(to, thread, text[:200])

    async def direct(self, person: ChatIdentity) -> Place:
        """Return the private conversation with a person, opened when there was none.

        Raises AccessRevoked for somebody whom nothing reaches any more.
        """
        known = await self.known_direct(person)
        if known is not None:
            return known
        try:
            answer = await self._wire.ask(person.workspace, "conversations.open", users=person.user)
        except RemoteMissing as error:
            raise AccessRevoked(error.detail, provider=PROVIDER) from None
        channel = answer.get("channel")
        found = flat(channel.get("id")) if isinstance(channel, dict) else ""
        if not found:
            raise BadData("a conversation without an id", provider=PROVIDER)
        await self._keep_direct(person, found)
        return Place(KIND, person.workspace, found)

    async def home(self, person: ChatIdentity, view: Card) -> None:
        """Replace the page that a person sees."""
        await self._wire.ask(
            person.workspace, "views.publish", user_id=person.user, view=home_of(view)
        )

    # --- for the adapter itself -----------------------------------------------------------------

    async def known_direct(self, person: ChatIdentity) -> Place | None:
        """Return the private conversation as far as it is known; Slack is not asked."""
        data = await self._store.read(
            lambda tx: tx.references.get(KIND, person.workspace, PERSON + person.user)
        )
        found = flat(data.get("id")) if data else ""
        return Place(KIND, person.workspace, found) if found else None

    async def note_direct(self, person: ChatIdentity, conversation: str) -> None:
        """Remember a private conversation that Slack has shown; each message there shows it."""
        if self._noted.get(person) != conversation:
            await self._keep_direct(person, conversation)

    def forget(self, workspace: str) -> None:
        """Forget the people of a workspace that removed us: what was stored of them is gone."""
        for person in [who for who in self._noted if who.workspace == workspace]:
            del self._noted[person]

    def renew_after(self, place: Place, renew: Callable[[], object]) -> None:
        """Call `renew` once, when the next message has gone to a place: the answer to what was
        done on somebody's page stands elsewhere, and the page has to show what became of it.
        """
        _keep(self._pages, (place.workspace, place.conversation), renew)

    def _answered(self, place: Place) -> None:
        renew = self._pages.pop((place.workspace, place.conversation), None)
        if renew is not None:
            renew()

    async def _keep_direct(self, person: ChatIdentity, conversation: str) -> None:
        known = await self.known_direct(person)
        if known is None or known.conversation != conversation:

            def work(tx: Tx) -> None:
                tx.references.put(
                    KIND, person.workspace, PERSON + person.user, {"id": conversation}
                )
                tx.references.put(
                    KIND, person.workspace, PLACE + conversation, {"user": person.user}
                )

            await self._store.transact(work)
        _keep(self._noted, person, conversation)

    def heard(self, place: Place, ts: str) -> None:
        """Remember the last message of a conversation, under which progress is shown."""
        _keep(self._heard, f"{place.workspace}|{place.conversation}", ts)

    async def _done(self, place: Place) -> None:
        """Take away what was shown as progress: Slack does that by itself only for an answer in
        that very thread, and else after minutes.
        """
        thread = self._working.pop((place.workspace, place.conversation), "")
        if thread and thread != place.thread:
            await self._status(place, thread, "")

    async def _status(self, place: Place, thread: str, text: str) -> None:
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(GLANCE):
                await self._wire.ask(
                    place.workspace,
                    "assistant.threads.setStatus",
                    channel_id=place.conversation,
                    thread_ts=thread,
                    status=text,
                )

    async def _settled(self, to: Place) -> Place:
        """Return a place by its own id, where it was named by a person."""
        if not to.conversation.startswith(PEOPLE):
            return to
        person = ChatIdentity(KIND, to.workspace, to.conversation)
        return (await self.direct(person))._replace(thread=to.thread)

    async def _forget(self, place: Place) -> None:
        """A private conversation is gone: the next message opens it anew."""

        def work(tx: Tx) -> None:
            data = tx.references.get(KIND, place.workspace, PLACE + place.conversation)
            tx.references.remove(KIND, place.workspace, PLACE + place.conversation)
            if data:
                tx.references.remove(KIND, place.workspace, PERSON + flat(data.get("user")))

        await self._store.transact(work)
        gone = [who for who, where in self._noted.items() if where == place.conversation]
        for who in gone:
            del self._noted[who]


def _keep(memory: dict[K, V], key: K, value: V) -> None:
    """Remember a value as the newest; the oldest goes when there are many."""
    memory.pop(key, None)
    if len(memory) >= MOST_HEARD:
        memory.pop(next(iter(memory)))
    memory[key] = value


def _thread(place: Place) -> Json:
    return {"thread_ts": place.thread} if place.thread else {}
