"""Access tokens: in memory only, renewed before they end, one renewal at a time per grant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from adapters.google.errors import Failure
from core.links import is_delegated

if TYPE_CHECKING:
    from adapters.google.delegation import Delegate
    from adapters.google.oauth import OAuth
    from core.links import Grant
    from core.ports import Clock, Grants

EARLY = 60  # seconds before its end at which a token is renewed


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the instant it ends."""

    value: str = field(repr=False)
    until: int


class Tokens:
    """Access tokens by the refresh token they came from, which changes when somebody reconnects."""

    def __init__(
        self, oauth: OAuth, grants: Grants, clock: Clock, delegate: Delegate | None = None
    ) -> None:
        """Begin with none; renewed credentials are kept through `grants`, and grants of an IT
        department are opened by `delegate`.
        """
        self._oauth, self._grants, self._clock = oauth, grants, clock
        self._delegate = delegate
        self._known: dict[str, Token] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def access(self, grant: Grant, refused: str = "") -> str:
        """Return a token that opens the account. Raises Failure.

        `refused` is a token that Google did not accept, although its time was not over.
        """
        key = _key(grant)
        async with self._locks.setdefault(key, asyncio.Lock()):
            known = self._known.get(key)
            now = self._clock.now()
            if known and known.until - EARLY > now and known.value != refused:
                return known.value
            self._known.pop(key, None)
            answer = await self._asked(grant)
            self.keep(key, answer)
            newer = answer.get("refresh_token")
            if isinstance(newer, str) and newer != key:
                self.keep(newer, answer)
                await self._grants.renewed(grant, {**grant.secret, "refresh_token": newer})
            return str(answer["access_token"])

    def keep(self, refresh_token: str, answer: dict[str, Any]) -> None:
        """Remember the access token of an answer of the token endpoint. Raises Failure."""
        now, seconds = self._clock.now(), answer.get("expires_in")
        if not isinstance(seconds, int):
            raise Failure(200, "unreadable", again=False)
        self._known = {key: token for key, token in self._known.items() if token.until > now}
        self._known[refresh_token] = Token(str(answer["access_token"]), now + seconds)

    def forget(self, grant: Grant) -> None:
        """Drop the token of a grant that is no longer open."""
        self._known.pop(_key(grant), None)

    async def _asked(self, grant: Grant) -> dict[str, Any]:
        """Ask for an access token by what the grant holds. Raises Failure."""
        if not is_delegated(grant):
            return await self._oauth.refresh(grant.secret["refresh_token"])
        if self._delegate is None:  # the deployment no longer has the key
            raise Failure(403, "unauthorized_client")
        return await self._delegate.token(grant)


def _key(grant: Grant) -> str:
    """Return what an access token belongs to: the refresh token, or a person and the scopes."""
    if is_delegated(grant):
        return f"{grant.secret['subject']} {grant.secret['scopes']}"
    return grant.secret["refresh_token"]
