"""The Bot Connector's REST interface over aiohttp: token, pace, retries and our own errors.

learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from adapters.teams.errors import Failure, code_of, seconds_to_wait, typed
from adapters.teams.pacing import MEMBERS, SENDS, Pacer
from core.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.teams.config import Endpoints
    from adapters.teams.tokens import Tokens
    from core.ports import Clock

Json = dict[str, Any]

TRIES = 4
LONGEST_WAIT = 10  # seconds that a Retry-After is waited for here; longer ones are the caller's
# What passes by itself (rate-limit, "status code responses").
PASSING = frozenset({412, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an invoke is answered with: an HTTP status and a JSON object, or nothing."""

    status: int
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A conversation to write to, its thread included (";messageid=…")."""

    tenant: str
    service: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `service` is the regional address, `lane` what runs in order."""

    tenant: str
    service: str
    lane: str


class Wire:
    """Talks to the Bot Connector."""

    def __init__(
        self,
        endpoints: Endpoints,
        tokens: Tokens,
        clock: Clock,
        session: Callable[[], aiohttp.ClientSession],
        pacer: Pacer | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Open nothing; `session` gives the open session when it is needed."""
        self._endpoints, self._tokens, self._clock = endpoints, tokens, clock
        self._session, self._sleep = session, sleep
        self._pacer = pacer or Pacer()

    async def post(self, target: Target, conversation: str, activity: Json) -> str:
        """Send an activity; return its id, "" when Teams gives none. Raises ProviderError."""
        path = f"v3/conversations/{_quoted(conversation)}/activities"
        return _id(await self._call("POST", target, path, activity))

    async def put(self, target: Target, conversation: str, ref: str, activity: Json) -> None:
        """Replace an activity. Raises ProviderError leaves, RemoteMissing when it is gone."""
        path = f"v3/conversations/{_quoted(conversation)}/activities/{_quoted(ref)}"
        await self._call("PUT", target, path, activity)

    async def create(self, target: Target, parameters: Json) -> Json:
        """Open a conversation; the same people always get the same one. Raises ProviderError."""
        return await self._call("POST", target, "v3/conversations", parameters)

    async def member(self, target: Target, conversation: str, member: str) -> Json:
        """Return one member of a conversation. Raises ProviderError leaves."""
        path = f"v3/conversations/{_quoted(conversation)}/members/{_quoted(member)}"
        return await self._call("GET", target, path, None)

    async def _call(self, method: str, target: Target, path: str, body: Json | None) -> Json:
        if not self._endpoints.allows(target.service):
            raise InvalidRequest("foreign service address", provider="teams")
        url = f"{target.service.rstrip('/')}/{path}"
        asks = method == "GET"
        lane = f"members|{target.lane}" if asks else target.lane
        async with self._pacer.turn(target.tenant, lane, MEMBERS if asks else SENDS) as step:
            for attempt in range(1, TRIES + 1):
                await step()
                try:
                    return await self._once(method, url, body)
                except Failure as failure:
                    wait = _pause(failure, attempt)
                    if wait is None:
                        raise typed(failure) from None
                await self._sleep(wait)
        raise AssertionError("unreachable")  # the last attempt returns or raises

    async def _once(self, method: str, url: str, body: Json | None) -> Json:
        """Make one request. Raises Failure; a 401 is tried again with a fresh token."""
        token = await self._tokens.get()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            request = self._session().request(
                method, url, data=data, headers=headers, allow_redirects=False
            )
            async with request as answer:
                text = await answer.read()
                status, wait = answer.status, seconds_to_wait(answer.headers, self._clock.now())
        except aiohttp.ClientConnectorError:
            raise Failure(0) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            # A message may have been taken; to ask or to replace twice does no harm.
            raise Failure(0, again=method != "POST") from None
        found = _json(text)
        if 200 <= status < 300:
            return _object(found, text)
        if status == 401:
            self._tokens.drop(token)
        raise Failure(status, code_of(found), wait)


def _pause(failure: Failure, attempt: int) -> float | None:
    """Return the seconds until the next attempt, None when there is none."""
    refused = failure.status == 401 and attempt == 1
    if attempt >= TRIES or not failure.again:
        return None
    if refused:
        return 0.0
    if failure.status and failure.status not in PASSING:
        return None
    if failure.wait is not None:
        return float(failure.wait) if failure.wait <= LONGEST_WAIT else None
    spread = random.uniform(0.5, 1.0)  # noqa: S311  # so that retries do not meet again
    return float(spread * 2 ** (attempt - 1))


def _json(text: bytes) -> object:
    try:
        found: object = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return found


def _object(found: object, text: bytes) -> Json:
    """Return a JSON object; some answers have no body at all."""
    if not text.strip():
        return {}
    if not isinstance(found, dict):
        raise Failure(200, "unreadable", again=False)
    return found


def _id(answer: Json) -> str:
    found = answer.get("id")
    return found if isinstance(found, str) else ""


def _quoted(part: str) -> str:
    """Return one segment of a path; ids of Teams hold ":", "@" and ";"."""
    return quote(part, safe="")
