"""Access tokens of all grants: in memory only, renewed by one task at a time per grant."""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import TYPE_CHECKING

from adapters.microsoft.errors import PROVIDER
from core.errors import AccessRevoked, NotConnected, NotFound
from core.links import is_delegated

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.microsoft.auth import Access, Entra
    from core.links import Grant
    from core.ports import Grants

MARGIN = 300  # seconds before its end at which a token is renewed
KEPT = 3600  # seconds for which an expired one still says what came after its refresh token


class Tokens:
    """What is known of grants, by a digest of their refresh tokens.

    A grant whose credentials were given anew has another refresh token, so it never meets what
    was known of the old one.
    """

    def __init__(
        self, entra: Entra, grants: Grants, clock: Callable[[], float] = time.time
    ) -> None:
        """Begin with nothing known."""
        self._entra = entra
        self._grants = grants
        self._clock = clock
        self._known: dict[str, Access] = {}
        self._running: dict[str, asyncio.Task[Access]] = {}

    async def of(self, grant: Grant) -> str:
        """Return a token that is good for minutes. Raises ProviderError leaves."""
        access = self._newest(grant)
        if access is None or access.expires_at < self._clock() + MARGIN:
            access = await self._renew(grant, "")
        return access.token

    async def instead(self, grant: Grant, refused: str, claims: str = "") -> str:
        """Return a token in place of one that was refused. Raises ProviderError leaves."""
        access = self._newest(grant)
        if access is None or access.token == refused:
            access = await self._renew(grant, claims)
        return access.token

    def keep(self, access: Access) -> None:
        """Remember what a sign-in gave."""
        self._put(access.refresh_token, access)

    def forget(self, grant: Grant) -> None:
        """Forget what is known of a grant."""
        access = self._newest(grant)
        self._known.pop(_digest(_credential(grant)), None)
        if access is not None:
            self._known.pop(_digest(access.refresh_token), None)

    async def close(self) -> None:
        """Wait for renewals that are under way, so that no new refresh token is lost."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _renew(self, grant: Grant, claims: str) -> Access:
        """Renew in a task of its own: who waits may give up, the new refresh token is kept."""
        key = _digest(_credential(grant))
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._refresh(grant, claims))
            self._running[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(task)

    def _done(self, key: str, task: asyncio.Task[Access]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # seen, also when nobody waits any more

    async def _refresh(self, grant: Grant, claims: str) -> Access:
        known = self._newest(grant)
        old = known.refresh_token if known else _credential(grant)
        try:
            if is_delegated(grant):
                access = await self._entra.application(old)
            else:
                scopes = tuple(grant.secret["scopes"].split())
                access = await self._entra.refresh(old, scopes, claims)
        except AccessRevoked:
            self.forget(grant)
            raise
        if access.refresh_token != old:
            await self._save(grant, access.refresh_token)
        self._put(_credential(grant), access)
        self._put(access.refresh_token, access)
        return access

    async def _save(self, grant: Grant, refresh_token: str) -> None:
        try:
            await self._grants.renewed(grant, {**grant.secret, "refresh_token": refresh_token})
        except NotFound:
            raise NotConnected("the account was disconnected", provider=PROVIDER) from None

    def _newest(self, grant: Grant) -> Access | None:
        """Return what is known, also when the grant was read before its last renewals."""
        access = self._known.get(_digest(_credential(grant)))
        while access is not None:
            later = self._known.get(_digest(access.refresh_token), access)
            if later.expires_at <= access.expires_at:
                return access
            access = later
        return None

    def _put(self, refresh_token: str, access: Access) -> None:
        limit = self._clock() - KEPT
        for key in [key for key, old in self._known.items() if old.expires_at < limit]:
            del self._known[key]
        self._known[_digest(refresh_token)] = access


def _credential(grant: Grant) -> str:
    """Return what access is renewed by: a refresh token, or the tenant that approved us, whose
    people share one access.
    """
    return grant.secret["tenant" if is_delegated(grant) else "refresh_token"]


def _digest(refresh_token: str) -> str:
    return hashlib.sha256(refresh_token.encode()).hexdigest()
