"""Microsoft Graph over aiohttp: one request, its answer, patience, pages and batches.

At most three requests of one mailbox are under way at once; the service allows four
(learn.microsoft.com/graph/throttling-limits). The token goes to the configured address only;
redirects are not followed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import random
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from weakref import WeakValueDictionary

import aiohttp
import structlog
from yarl import URL

from adapters.microsoft.errors import PROVIDER, Reply, TooSlow, failure
from core.errors import BadData, ProviderError, RateLimited, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from adapters.microsoft.tokens import Tokens
    from core.links import Grant

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 3
# At once, over all mailboxes: searches of many people must not queue for one another.
MOST_CONNECTIONS = 500
MOST_IN_BATCH = 20
LONGEST_REPLY = 10_000_000
MOST_PAGES = 40
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 8.0  # seconds
# Ids that stay when an item is moved (learn.microsoft.com/graph/outlook-immutable-id), and times
# in UTC.
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'
CLAIMS = re.compile(r'claims="([A-Za-z0-9+/=_-]+)"')


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: seconds for one answer, and how often and how long to wait for another.

    A wait that the service asks for is kept up to `longest_wait` seconds; a longer one is left
    to whoever called.
    """

    answer: float = 30.0
    retries: int = 3
    longest_wait: float = 5.0


@dataclass(slots=True, weakref_slot=True)
class Gate:
    """What limits the requests of one mailbox; a batch takes every place."""

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SIDE_BY_SIDE))
    whole: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def enter(self, places: int) -> None:
        """Wait for one place or for all of them."""
        if places == 1:
            await self.places.acquire()
            return
        taken = 0
        async with self.whole:  # two that want all never hold a part each
            try:
                while taken < places:
                    await self.places.acquire()
                    taken += 1
            except asyncio.CancelledError:
                self.leave(taken)
                raise

    def leave(self, places: int) -> None:
        """Give places back."""
        for _ in range(places):
            self.places.release()


class Graph:
    """Sends requests through one shared session, opened at the first of them."""

    def __init__(
        self,
        base: str,
        tokens: Tokens,
        patience: Patience | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Ask the service at `base`; `sleep` and `chance` (0 to 1) are the waits between tries."""
        self._base = base.rstrip("/")
        self._tokens = tokens
        self._patience = patience or Patience()
        self._sleep = sleep
        self._chance = chance
        self._session: aiohttp.ClientSession | None = None
        self._gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()

    async def close(self) -> None:
        """Close the session; a later request opens a new one."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, grant: Grant, path: str) -> dict[str, Any]:
        """Return the object at a path. Raises ProviderError leaves."""
        return (await self.send(grant, "GET", path)).json()

    async def send(
        self,
        grant: Grant,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        places: int = 1,
        tried: int = 0,
    ) -> Reply:
        """Send a request and return the answer if it is a success; try again where that helps.

        `tried` is how often it was sent already. Raises the ProviderError leaf that `failure`
        names. A request that writes must be safe to repeat.
        """
        for attempt in range(tried, self._patience.retries + 1):
            try:
                reply = await self._signed(grant, method, path, payload, headers or {}, places)
                if reply.ok:
                    return reply
                raise failure(reply)
            except (RateLimited, Unavailable) as error:
                await self._pause(error, attempt)
        raise AssertionError  # pragma: no cover - the last pause raises

    async def pages(self, grant: Grant, path: str, first: Reply | None = None) -> list[Any]:
        """Return the items of a collection, page by page. Raises ProviderError leaves.

        The first page may be there already, out of a batch.
        """
        found: list[Any] = []
        reply = first or await self.send(grant, "GET", path)
        for _ in range(MOST_PAGES):
            page = reply.json()
            if not isinstance(page.get("value"), list):
                raise BadData("the answer is not a collection", provider=PROVIDER)
            found += page["value"]
            following = page.get("@odata.nextLink")
            if not following:
                return found
            reply = await self.send(grant, "GET", self._inside(following))
        raise BadData("the collection has no end", provider=PROVIDER)

    async def batch(self, grant: Grant, paths: Sequence[str]) -> list[Reply | ProviderError]:
        """Read several paths in one request (at most 20); each answer is for its own path.

        The service works on four at once, so a batch has the mailbox for itself. Parts that
        were throttled or broken are asked for again, alone. Raises what concerns the whole.
        """
        numbered = dict(enumerate(paths))
        parts = [
            {"id": str(n), "method": "GET", "url": _of(grant, path), "headers": {"Prefer": PREFER}}
            for n, path in numbered.items()
        ]
        payload = {"requests": parts}
        answer = await self.send(grant, "POST", "/$batch", payload, places=SIDE_BY_SIDE)
        replies = _parts(answer.json())
        missing = BadData("the batch does not answer everything", provider=PROVIDER)
        found = [replies.get(str(n), missing) for n in numbered]
        return list(
            await asyncio.gather(
                *(self._settled(grant, path, one) for path, one in zip(paths, found, strict=True))
            )
        )

    async def _settled(
        self, grant: Grant, path: str, found: Reply | ProviderError
    ) -> Reply | ProviderError:
        """Return a part of a batch if it is a success, or ask for it again where that helps."""
        if isinstance(found, ProviderError) or found.ok:
            return found
        try:
            await self._pause(failure(found), 0)
            return await self.send(grant, "GET", path, tried=1)
        except ProviderError as error:
            return error

    async def _pause(self, error: ProviderError, attempt: int) -> None:
        """Wait before the next try. Raises the error when there is none, or not in this call."""
        if attempt >= self._patience.retries or isinstance(error, TooSlow):
            raise error
        if isinstance(error, RateLimited) and error.retry_after <= self._patience.longest_wait:
            await self._sleep(error.retry_after + self._chance())
        elif isinstance(error, Unavailable):
            # Full jitter, so that many who failed together do not come back together.
            await self._sleep(self._chance() * min(FIRST_BACKOFF * 2**attempt, LONGEST_BACKOFF))
        else:
            raise error

    async def _signed(
        self,
        grant: Grant,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        places: int,
    ) -> Reply:
        """Send with a token; one that is not accepted is renewed once."""
        token = await self._tokens.of(grant)
        reply = await self._once(grant, token, method, path, payload, headers, places)
        if reply.status == 401:
            token = await self._tokens.instead(grant, token, _claims(reply))
            reply = await self._once(grant, token, method, path, payload, headers, places)
        return reply

    async def _once(
        self,
        grant: Grant,
        token: str,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        places: int,
    ) -> Reply:
        sent = {
            "Authorization": f"Bearer {token}",
            "Prefer": PREFER,
            "client-request-id": str(uuid.uuid4()),
            **headers,
        }
        gate = self._gates.setdefault(grant.secret["home_account"], Gate())
        await gate.enter(places)
        try:
            async with self._open().request(
                method,
                URL(f"{self._base}{_of(grant, path)}", encoded=True),
                json=payload,
                headers=sent,
                allow_redirects=False,
            ) as response:
                found = {name.lower(): value for name, value in response.headers.items()}
                reply = Reply(response.status, found, await _read(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The cause may name addresses; it is not carried along.
            raise failure(error) from None
        finally:
            gate.leave(places)
        _note(reply, sent["client-request-id"])
        return reply

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS),
                # Cookies of one account must not travel with another's requests.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._patience.answer),
                headers={"User-Agent": "Tandem", "Accept": "application/json"},
            )
        return self._session

    def _inside(self, link: Any) -> str:
        """Return the path of a link to the next page. Raises BadData for one that leads away."""
        if not isinstance(link, str) or not link.startswith(f"{self._base}/"):
            raise BadData("the next page is elsewhere", provider=PROVIDER)
        return link.removeprefix(self._base)


def _of(grant: Grant, path: str) -> str:
    """Return a path in a grant's mailbox: an application has no "me", and names the person."""
    subject = grant.secret.get("subject", "")
    if not subject or not path.startswith("/me/"):
        return path
    return f"/users/{quote(subject, safe='')}/{path.removeprefix('/me/')}"


def path_of(*parts: str, **query: str) -> str:
    """Return a path below the base: each part quoted, `select="..."` as `$select`."""
    path = "".join(f"/{quote(part, safe='')}" for part in parts)
    named = {f"${name}" if name in _SYSTEM else name: value for name, value in query.items()}
    return f"{path}?{urlencode(named, quote_via=quote, safe='$,')}" if named else path


_SYSTEM = frozenset({"select", "filter", "expand", "top"})


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read a body up to the limit. Raises BadData beyond it."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(65_536):
        size += len(part)
        if size > LONGEST_REPLY:
            raise BadData("the answer is too long", provider=PROVIDER)
        parts.append(part)
    return b"".join(parts)


def _parts(answer: Mapping[str, Any]) -> dict[str, Reply]:
    """Return the answers of a batch by their ids; those without sense are left out."""
    found: dict[str, Reply] = {}
    listed = answer.get("responses")
    for part in listed if isinstance(listed, list) else []:
        if isinstance(part, dict) and isinstance(part.get("status"), int):
            headers = part.get("headers")
            pairs = headers.items() if isinstance(headers, dict) else ()
            body = json.dumps(part.get("body") or {}).encode()
            lower = {str(name).lower(): str(value) for name, value in pairs}
            found[str(part.get("id"))] = Reply(part["status"], lower, body)
    return found


def _claims(reply: Reply) -> str:
    """Return what the sign-in service shall be told after a 401 (continuous access evaluation):
    JSON, which WWW-Authenticate carries in base64.
    """
    named = CLAIMS.search(reply.headers.get("www-authenticate", ""))
    if not named:
        return ""
    try:
        text = named[1].replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _note(reply: Reply, request_id: str) -> None:
    """Log a refusal by its ids, which Microsoft's support asks for; nothing of what it says."""
    if not reply.ok:
        theirs = reply.headers.get("request-id", "")[:64]
        log.info("graph_refused", status=reply.status, ours=request_id, theirs=theirs)
