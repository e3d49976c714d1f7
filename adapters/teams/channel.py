"""Teams as a chat: messages, edits and private conversations by the addresses last seen.

Teams shows nothing to one person only, so what is private goes to their own conversation.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from adapters.teams.cards import Rendering, message_of, no_dialog
from adapters.teams.errors import PROVIDER
from adapters.teams.references import KIND, AddressBook, Contact, Spot
from adapters.teams.wire import Address
from bot.message import Place
from core.errors import AccessRevoked, BadData, ProviderError, RemoteMissing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.teams.cards import Json
    from adapters.teams.config import Endpoints
    from bot.message import Outgoing
    from core.people import ChatIdentity

THREAD = ";messageid="
GLANCE = 2.0  # seconds that a sign of life may take


class Sender(Protocol):
    """What carries messages to Teams (`adapters.teams.bridge`, which loads the vendor's SDK)."""

    async def send(self, address: Address, message: Json) -> str:
        """Send a message and return its id."""
        ...

    async def update(self, address: Address, ref: str, message: Json) -> None:
        """Replace a message."""
        ...

    async def create(self, tenant: str, service: str, member: str) -> str:
        """Open a private conversation and return its id."""
        ...


class TeamsChannel:
    """The port `ChatChannel`. Raises ProviderError leaves as it says."""

    def __init__(
        self,
        sender: Callable[[], Awaitable[Sender]],
        book: AddressBook,
        endpoints: Endpoints,
        opens: Callable[[str], bool] = no_dialog,
    ) -> None:
        """Send by `sender`; buttons whose id `opens` knows open a dialog."""
        self._sender, self._book, self._endpoints = sender, book, endpoints
        self._opens = opens

    async def send(self, to: Place, message: Outgoing) -> str:
        """Post a message; return its id."""
        address, rendering = await self._address(to)
        sent = await (await self._sender()).send(address, message_of(message, rendering))
        if not sent:
            raise BadData("a message without an id", provider=PROVIDER)
        return sent

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        """Replace a message in place. Raises RemoteMissing when it is gone."""
        if not ref:
            raise RemoteMissing("no such message", provider=PROVIDER)
        address, rendering = await self._address(to)
        await (await self._sender()).update(address, ref, message_of(message, rendering))

    async def private(self, _to: Place, person: ChatIdentity, message: Outgoing) -> None:
        """Send it to the person's private conversation."""
        await self.send(await self.direct(person), message)

    async def progress(self, to: Place, _text: str) -> None:
        """Show that the assistant is typing; Teams has no words for it.

        An answer never fails or waits because this could not be shown.
        """
        address, _ = await self._address(to)
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(GLANCE):
                await (await self._sender()).send(address, {"type": "typing"})

    async def direct(self, person: ChatIdentity) -> Place:
        """Return the private conversation with a person, opened when there was none.

        Raises AccessRevoked for somebody who has removed the assistant or never had it.
        """
        known = await self._book.contact(person.workspace, person.user) or Contact()
        if known.gone:
            raise AccessRevoked("removed by the person", provider=PROVIDER)
        if known.conversation:
            return Place(KIND, person.workspace, known.conversation)
        service = await self._service(person.workspace)
        member = known.account or person.user
        found = await (await self._sender()).create(person.workspace, service, member)
        if not found:
            raise BadData("a conversation without an id", provider=PROVIDER)
        await self._book.save(
            person.workspace,
            users={person.user: replace(known, conversation=found)},
            places={found: Spot(service, known.account)},
        )
        return Place(KIND, person.workspace, found)

    async def _address(self, to: Place) -> tuple[Address, Rendering]:
        """Return where a place is, and how its cards are made.

        They do not refresh by themselves: a client does that as soon as it shows a card, and what
        this very message says beyond the state of things (whom was taken for "Alex", who could
        not be checked) would be gone before it is read. What changes is edited anyway.
        """
        spot = await self._book.spot(to.workspace, to.conversation) or Spot()
        service = spot.service or await self._service(to.workspace)
        conversation = f"{to.conversation}{THREAD}{to.thread}" if to.thread else to.conversation
        return Address(to.workspace, service, conversation), Rendering(
            opens=self._opens, tenant=to.workspace
        )

    async def _service(self, tenant: str) -> str:
        return await self._book.service(tenant) or self._endpoints.service
