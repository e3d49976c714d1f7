"""What the bot needs of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.message import Outgoing, Place
    from core.people import ChatIdentity


class ChatChannel(Protocol):
    """One kind of chat. Raises ProviderError leaves when it cannot be reached."""

    async def send(self, to: Place, message: Outgoing) -> str:
        """Post a message; return the reference by which it can be edited."""
        ...

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        """Replace a message in place. Raises RemoteMissing when it is gone."""
        ...

    async def progress(self, to: Place, text: str) -> None:
        """Show that something is happening, until the next message."""
        ...

    async def direct(self, person: ChatIdentity) -> Place:
        """Return the private conversation with a person."""
        ...
