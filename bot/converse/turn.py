"""One turn of a conversation: what a handler gets and what it gives back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.message import Outgoing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.card import Card
    from bot.converse.state import Conversation
    from bot.doors import Doors
    from bot.message import Incoming
    from bot.understand.second import SecondReader
    from core.people import Person


T = TypeVar("T")
PATIENCE = 0.7  # seconds after which the person is told that something is happening


class Progress(Protocol):
    """Show the person that something is happening."""

    async def __call__(self, text: str) -> None:
        """Show a short text until the next message."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What a handler gets. `now` is the instant of the turn in epoch seconds; `second` reads
    sentences that the rules do not know, where the deployment has such a reader; `doors` makes
    addresses of our own pages, None where no pages are served.
    """

    me: Person
    incoming: Incoming
    now: int
    talk: Conversation
    progress: Progress
    second: SecondReader | None = None
    doors: Doors | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler gives back: messages to the speaker and the conversation as it stands now.

    What concerns other people is never here: it is an effect row, written by the use case.
    """

    messages: tuple[Outgoing, ...]
    talk: Conversation


def say(talk: Conversation, text: str, card: Card | None = None, subject: str = "") -> Reply:
    """Return a reply of one message."""
    return Reply((Outgoing(text, card, subject),), talk)


async def watched(
    turn: Turn, work: Coroutine[object, object, T], text: str | Callable[[], Awaitable[str]]
) -> T:
    """Do something that may take long, and tell the person once when it does.

    A text that costs a look-up is given as a function, called only when it is needed.
    """
    job = asyncio.ensure_future(work)
    await asyncio.wait([job], timeout=PATIENCE)
    if not job.done():
        await turn.progress(text if isinstance(text, str) else await text())
    return await job
