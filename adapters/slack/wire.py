"""Slack's Web API by the vendor's client: tokens, waits and our own errors.

The client does not retry: a message that was sent in vain is sent again by whoever planned it.
Only what never left is tried once more.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from adapters.slack.errors import DEAD, Failure, typed
from adapters.slack.pacing import Pacer
from core.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

Json = dict[str, Any]

# These take forms, no JSON (docs.slack.dev/apis/web-api, "POST bodies").
ASKED = frozenset({"users.info", "team.info"})


class Caller(Protocol):
    """One request to Slack, by the vendor's client (`adapters.slack.vendor`)."""

    async def call(
        self, method: str, token: str, body: Mapping[str, object], *, asks: bool
    ) -> Json:
        """Return the answer. Raises Failure."""
        ...


class Tokens(Protocol):
    """The tokens of workspaces."""

    async def of(self, workspace: str) -> str:
        """Return one that is good for now. Raises AccessRevoked and Unavailable."""
        ...

    async def lost(self, workspace: str, token: str) -> None:
        """Take note that Slack believes a token no more."""
        ...


class Wire:
    """Talks to Slack for each workspace with its own token."""

    def __init__(
        self, caller: Callable[[], Awaitable[Caller]], tokens: Tokens, pacer: Pacer | None = None
    ) -> None:
        """Open nothing; `caller` gives the vendor's client when it is needed."""
        self._caller, self._tokens = caller, tokens
        self._pacer = pacer or Pacer()

    async def ask(self, workspace: str, method: str, **body: object) -> Json:
        """Call a method. Raises ProviderError leaves."""
        self._pacer.check(workspace, method)
        token = await self._tokens.of(workspace)
        try:
            return await self._twice(method, token, body)
        except Failure as failure:
            error = typed(failure)
            if isinstance(error, RateLimited):
                self._pacer.shut(workspace, method, error.retry_after)
            if failure.code in DEAD:
                await self._tokens.lost(workspace, token)
            raise error from None

    async def post(self, workspace: str, conversation: str, method: str, **body: object) -> Json:
        """Call a method that writes into a conversation, one after the other there."""
        async with self._pacer.turn(workspace, conversation):
            return await self.ask(workspace, method, channel=conversation, **body)

    async def _twice(self, method: str, token: str, body: Mapping[str, object]) -> Json:
        caller = await self._caller()
        try:
            return await caller.call(method, token, body, asks=method in ASKED)
        except Failure as failure:
            if not failure.unsent:
                raise
        await asyncio.sleep(0.2)
        return await caller.call(method, token, body, asks=method in ASKED)
