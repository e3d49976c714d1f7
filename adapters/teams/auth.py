"""Who may post activities here: only the Bot Connector, by its signed token.

learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication,
"Authenticate requests from the Bot Connector service to your bot". The SDK's own check fetches
keys with blocking calls, fails for a day after keys were changed, and ends in errors of ours for
headers that are none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import jwt
import structlog

from core.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.teams.config import Endpoints, TeamsApp
    from core.ports import Clock

FRESH = 24 * 3600  # seconds that fetched keys are used without asking again
PATIENCE = 300  # seconds between two fetches for key ids that nobody knows
IMPATIENCE = 2  # the same while there is none at all
KEPT = 5 * 24 * 3600  # seconds after which keys of an earlier process are believed no more
WAITS = (1.0, 2.0, 3.0, 3.0)  # seconds between two looks for the first keys
LONGEST_WAIT = 12.0  # seconds in all, fetching included: the Connector gives up after about 15
MOST_WAITING = 100  # requests that wait for the first keys at once
LEEWAY = 300  # seconds that clocks may differ (the vendor's rule)
BRIEFLY = aiohttp.ClientTimeout(total=4)
LONGEST = 16_000
CHANNEL = "msteams"
_WRONG = (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError)

log = structlog.get_logger(__name__)


class DeniedError(Exception):
    """A request that is not the Connector's. `reason` is for the log; it names no content."""

    def __init__(self, reason: str, status: int = 401) -> None:
        """Keep the status that is answered."""
        super().__init__(reason)
        self.reason = reason
        self.status = status


class NoKeysError(Exception):
    """The signing keys cannot be fetched now, so nobody can be let in; asking again may help."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the channels that it may speak for."""

    key: Any
    endorsements: frozenset[str]


class Shelf(Protocol):
    """Where the keys lie that were fetched last, for the next process; they are public."""

    async def load(self) -> tuple[int, list[Mapping[str, Any]]]:
        """Return when they were fetched (epoch seconds) and the keys; none at first."""
        ...

    async def save(self, at: int, keys: list[Mapping[str, Any]]) -> None:
        """Replace them."""
        ...


class Keys:
    """The Connector's signing keys, fetched when they are old or one is unknown.

    While they cannot be fetched those of the last time are believed, also by a process that was
    started since; where there are none at all a request waits some seconds for them.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        clock: Clock,
        session: Callable[[], aiohttp.ClientSession],
        shelf: Shelf,
    ) -> None:
        """Fetch nothing yet."""
        self._endpoints, self._clock, self._session = endpoints, clock, session
        self._shelf, self._waiting = shelf, 0
        self._lock = asyncio.Lock()
        self._keys: dict[str, SigningKey] = {}
        self._fetched = self._tried = -FRESH

    async def find(self, key_id: str) -> SigningKey | None:
        """Return a key, None when the Connector has none of that id. Raises NoKeysError."""
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return await self._awaited(key_id)
        except TimeoutError:
            raise NoKeysError from None

    async def _awaited(self, key_id: str) -> SigningKey | None:
        for wait in (*WAITS, 0.0):
            try:
                return await self._find(key_id)
            except NoKeysError:
                if not wait or self._waiting >= MOST_WAITING:
                    raise
            self._waiting += 1
            try:
                await asyncio.sleep(wait)
            finally:
                self._waiting -= 1
        raise NoKeysError

    async def _find(self, key_id: str) -> SigningKey | None:
        async with self._lock:
            now = self._clock.now()
            old = now - self._fetched >= FRESH
            if (old or key_id not in self._keys) and now - self._tried >= PATIENCE:
                await self._fetch(now)
            if not self._keys:
                raise NoKeysError
            return self._keys.get(key_id)

    async def warm(self) -> None:
        """Fetch the keys before the first request needs them; a failure is only logged."""
        async with self._lock:
            if not self._keys:
                await self._fetch(self._clock.now())

    async def _fetch(self, now: int) -> None:
        """Replace the keys; when that fails the old ones stay and it is tried again later."""
        try:
            metadata = await self._get(self._endpoints.openid)
            found = await self._get(str(metadata["jwks_uri"]))
            entries = [entry for entry in found["keys"] if _signs(entry)]
            keys = dict(_key(entry) for entry in entries)
        except (aiohttp.ClientError, TimeoutError, OSError, *_WRONG) as error:
            log.warning("teams_keys_not_fetched", error=type(error).__name__)
            if not self._keys:
                await self._recall(now)
            ended = self._clock.now()  # a service that hangs is not asked by each in turn
            self._tried = ended if self._keys else ended - PATIENCE + IMPATIENCE
            return
        self._tried = self._fetched = now
        if keys:
            self._keys = keys
            with suppress(TandemError):  # it helps the next process only
                await self._shelf.save(now, [_public(entry) for entry in entries])

    async def _recall(self, now: int) -> None:
        """Believe what an earlier process fetched not long ago."""
        try:
            at, entries = await self._shelf.load()
            if now - at < KEPT:
                self._keys = dict(_key(entry) for entry in entries)
        except (TandemError, *_WRONG) as error:
            log.warning("teams_keys_not_recalled", error=type(error).__name__)

    async def _get(self, url: str) -> dict[str, Any]:
        # Everybody who comes in waits for this.
        request = self._session().get(url, allow_redirects=False, timeout=BRIEFLY)
        async with request as answer:
            answer.raise_for_status()
            body: dict[str, Any] = await answer.json(content_type=None)
            return body


def _signs(entry: Mapping[str, Any]) -> bool:
    return entry.get("kty") == "RSA" and isinstance(entry.get("kid"), str)


def _public(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("kty", "kid", "n", "e", "endorsements") if name in entry}


def _key(entry: Mapping[str, Any]) -> tuple[str, SigningKey]:
    endorsements = frozenset(str(e) for e in entry.get("endorsements") or ())
    return entry["kid"], SigningKey(jwt.PyJWK(dict(entry), "RS256").key, endorsements)


@dataclass(frozen=True, slots=True)
class Passport:
    """What a good token says: its claims, and the channels that its key may speak for."""

    claims: Mapping[str, Any]
    endorsements: frozenset[str]

    def check(self, channel: str, service_url: str) -> None:
        """Hold it against an activity. Raises DeniedError."""
        if channel not in self.endorsements:
            raise DeniedError("channel_not_endorsed", 403)
        claimed = self.claims.get("serviceurl")
        if not isinstance(claimed, str) or not claimed or _bare(claimed) != _bare(service_url):
            raise DeniedError("service_url", 403)


class Doorkeeper:
    """Lets in whom the Connector's token vouches for."""

    def __init__(self, app: TeamsApp, endpoints: Endpoints, keys: Keys) -> None:
        """Check for this app."""
        self._app, self._endpoints, self._keys = app, endpoints, keys

    async def check(self, header: str) -> Passport:
        """Return what a header's token says. Raises DeniedError and NoKeysError."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or token.count(".") != 2 or len(token) > LONGEST:
            raise DeniedError("no_bearer_token")
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except _WRONG:
            raise DeniedError("malformed_token") from None
        key = await self._keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise DeniedError("unknown_key")
        return Passport(self._claims(token, key), key.endorsements)

    def _claims(self, token: str, key: SigningKey) -> Mapping[str, Any]:
        """Return the claims of a token that this key signed for us (RFC 7519 4.1)."""
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app.app_id,
                issuer=self._endpoints.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except _WRONG as error:
            raise DeniedError(type(error).__name__) from None
        return claims if isinstance(claims, Mapping) else {}


def _bare(url: str) -> str:
    return url.rstrip("/").lower()
