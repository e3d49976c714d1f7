"""Access tokens: in memory only, renewed before they end, one renewal at a time per grant."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from adapters.google.errors import Failure

if TYPE_CHECKING:
    from adapters.google.oauth import OAuth
    from core.links import Grant
    from core.ports import Clock, Grants

EARLY = 60  # seconds before its end at which a token is renewed (google.md section 2)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the instant it ends."""

    value: str = field(repr=False)
    until: int


class Tokens:
    """Access tokens by the refresh token they came from, which changes when somebody reconnects."""

    def __init__(self, oauth: OAuth, grants: Grants, clock: Clock) -> None:
        """Begin with none; renewed credentials are kept through `grants`."""
        self._oauth, self._grants, self._clock = oauth, grants, clock
        self._known: dict[str, Token] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def access(self, grant: Grant, refused: str = "") -> str:
        """Return a token that opens the account. Raises Failure.

        `refused` is a token that Google did not accept, although its time was not over.
        """
        key = grant.secret["refresh_token"]
        async with self._locks.setdefault(key, asyncio.Lock()):
            known = self._known.get(key)
            now = self._clock.now()
            if known and known.until - EARLY > now and known.value != refused:
                return known.value
            self._known.pop(key, None)
            answer = await self._oauth.refresh(key)
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
        self._known.pop(grant.secret["refresh_token"], None)
