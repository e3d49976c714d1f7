"""What the bot needs of a chat, and what a chat may ask of the bot.

A turn has a fast part, answered in the chat's own response from our database alone, and a queued
part: `Reception.receive` keeps what came in before it is acknowledged, and the answer is sent or
edited afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.card import Card
    from bot.message import Incoming, Outgoing, Place
    from core.people import ChatIdentity


class ChatChannel(Protocol):
    """One kind of chat. Raises ProviderError leaves when it cannot be reached.

    AccessRevoked means that this person cannot be reached here any more (they blocked or removed
    the assistant, or the workspace did); RateLimited says when to come again.
    """

    async def send(self, to: Place, message: Outgoing) -> str:
        """Post a message; return the reference by which it can be edited."""
        ...

    async def edit(self, to: Place, ref: str, message: Outgoing) -> None:
        """Replace a message in place. Raises RemoteMissing when it is gone."""
        ...

    async def private(self, to: Place, person: ChatIdentity, message: Outgoing) -> None:
        """Show a message to one person only in a place that others read; it is never edited.

        A chat that cannot do that sends it to the person's private conversation.
        """
        ...

    async def progress(self, to: Place, text: str) -> None:
        """Show that something is happening, until the next message."""
        ...

    async def direct(self, person: ChatIdentity) -> Place:
        """Return the private conversation with a person."""
        ...


class HomeChannel(Protocol):
    """A chat that has a page of the assistant for each person."""

    async def home(self, person: ChatIdentity, view: Card) -> None:
        """Replace the page that a person sees."""
        ...


class Standing(StrEnum):
    """What somebody is in a chat."""

    MEMBER = "member"
    GUEST = "guest"  # invited into some channels only
    STRANGER = "stranger"  # of another workspace, in a shared channel
    BOT = "bot"
    GONE = "gone"  # deactivated, or unknown to the chat


@dataclass(frozen=True, slots=True)
class ChatPerson:
    """A chat's own word about somebody.

    `email` is an address that the chat has verified, empty where it has or shows none; `zone` an
    IANA name, `locale` a language tag ("en-GB"), `picture` an https address; each may be empty.
    """

    identity: ChatIdentity
    name: str
    email: str = ""
    zone: str = ""
    locale: str = ""
    picture: str = ""
    standing: Standing = Standing.MEMBER


class Directory(Protocol):
    """Who is who in one kind of chat."""

    async def get(self, identity: ChatIdentity) -> ChatPerson | None:
        """Return what the chat knows; None for nobody. Raises ProviderError leaves."""
        ...


class Reception(Protocol):
    """What a chat hands to the bot. Nothing here asks a calendar or a chat; all of it is quick."""

    async def receive(self, incoming: Incoming) -> bool:
        """Keep what came in, to be answered later; False when it was kept before (a repetition).

        Only after this returns may the chat be told that we have it.
        """
        ...

    async def form(self, incoming: Incoming) -> Card | None:
        """Return the form that a button opens at once; None for a button that opens none."""
        ...

    async def problems(self, incoming: Incoming) -> Mapping[str, str]:
        """Return what is wrong with a form that was sent, by input name; nothing is kept."""
        ...

    async def view(self, who: ChatIdentity, subject: str) -> Outgoing | None:
        """Return a card about a subject as it stands now for this person; None when it says
        nothing to them.
        """
        ...

    async def home(self, who: ChatIdentity) -> Card:
        """Return the page of the assistant for a person."""
        ...

    async def changed(self, person: ChatPerson) -> None:
        """Take over what a chat says anew about somebody: name, zone, language, gone or back."""
        ...

    async def installed(
        self,
        kind: str,
        workspace: str,
        name: str,
        installer: ChatPerson,
        *,
        named: bool = False,
    ) -> None:
        """Take note of a workspace that installed the assistant, or was renamed.

        `named`: the operator's own settings name it, so it is the deployment's own.
        """
        ...

    async def removed(self, kind: str, workspace: str, page: str = "") -> None:
        """Take note of a workspace that removed the assistant: nobody is reached there now.

        `page` is the address by which it is installed anew, where there is one.
        """
        ...
