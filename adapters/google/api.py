"""Calls of Google Calendar from the event loop: threads, tokens, repetitions, names of errors."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

from adapters.google.calls import Call
from adapters.google.errors import Failure, typed
from adapters.google.threads import Threads
from core.errors import AccessRevoked

if TYPE_CHECKING:
    from adapters.google.retries import Retries
    from adapters.google.tokens import Tokens
    from adapters.google.vendor import Vendor
    from core.links import Grant
    from core.ports import Clock

VENDOR = "adapters.google.vendor"


class Api:
    """Google Calendar for one deployment; every grant's calls go through it."""

    def __init__(
        self, endpoint: str, tokens: Tokens, clock: Clock, timeout: float, retries: Retries
    ) -> None:
        """Talk to `endpoint`; one attempt takes `timeout` seconds at most."""
        self._endpoint, self._timeout = endpoint, timeout
        self._tokens, self._clock, self._retries = tokens, clock, retries
        self._threads = Threads()
        self._vendor: Vendor | None = None
        self._loading = asyncio.Lock()

    async def call(
        self, grant: Grant, resource: str, method: str, etag: str = "", **params: Any
    ) -> dict[str, Any]:
        """Return the answer's object. Raises ProviderError leaves.

        Every call made here may be repeated: writes carry their own id or version. One that
        timed out is not, because then the caller's time is over.
        """
        call = Call(resource, method, params, etag)
        return await self._retries.run(lambda: self._authorised(grant, call))

    async def close(self) -> None:
        """Wait for calls under way and close all connections."""
        await self._threads.close()
        if self._vendor is not None:
            self._vendor.close()

    async def _authorised(self, grant: Grant, call: Call) -> dict[str, Any]:
        """Make the call; a token that is not accepted is renewed once."""
        token = await self._tokens.access(grant)
        try:
            return await self._once(grant, call, token)
        except Failure as failure:
            if not isinstance(typed(failure), AccessRevoked):
                raise
        token = await self._tokens.access(grant, refused=token)
        try:
            return await self._once(grant, call, token)
        except Failure as failure:
            if isinstance(typed(failure), AccessRevoked):
                self._tokens.forget(grant)
            raise

    async def _once(self, grant: Grant, call: Call, token: str) -> dict[str, Any]:
        mailbox = grant.secret.get("sub") or grant.account
        vendor = self._vendor or await self._load()
        now = self._clock.now()
        return await self._threads.run(mailbox, lambda: vendor.send(call, token, now))

    async def _load(self) -> Vendor:
        """Import and build Google's client in a thread, at the first call of all.

        The import takes tenths of a second: only deployments that use it pay for it, and
        never on the event loop.
        """
        async with self._loading:
            if self._vendor is None:
                self._vendor = await self._threads.run("", self._build)
            return self._vendor

    def _build(self) -> Vendor:
        vendor: Vendor = importlib.import_module(VENDOR).Vendor(self._endpoint, self._timeout)
        return vendor
