"""WebDAV over aiohttp: one request, its answer, and what each failure means.

Every address is checked before it is asked, every redirect again; credentials never go to another
registrable domain, nor from https to http. Answers are read up to a limit. Nothing of an address,
a header or a body is ever put into an error.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from adapters.caldav.guard import PROVIDER, CheckedResolver, Guard, registrable
from adapters.caldav.xml import preconditions
from core.errors import (
    AccessRevoked,
    BadData,
    Conflict,
    FullResync,
    InvalidRequest,
    NotConnected,
    PreconditionFailed,
    ProviderError,
    RateLimited,
    RemoteMissing,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_REPLY = 5_000_000
# At once, over all accounts: searches of many people must not queue for one another.
MOST_CONNECTIONS = 500
MOST_REDIRECTS = 5
READERS = 2
DEFAULT_WAIT = 60
LONGEST_WAIT = 86_400
READS = frozenset({"REPORT", "PROPFIND"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNREACHABLE = "the calendar server cannot be reached"


@dataclass(frozen=True, slots=True)
class Login:
    """An account name and app password, and what to say when they are not accepted."""

    username: str = field(repr=False)
    password: str = field(repr=False)
    hint: str = "the account name or the app password is not accepted"

    @property
    def basic(self) -> str:
        """The value of an Authorization header (RFC 7617); a name with a colon cannot be sent."""
        if ":" in self.username:
            raise InvalidRequest("an account name has no colon", provider=PROVIDER)
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {b64encode(pair).decode()}"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: headers by lower-case name, the address that gave it after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: URL = field(repr=False)

    @property
    def etag(self) -> str:
        """The entity tag, "" when the server gave none."""
        return self.headers.get("etag", "").strip()


class HungUp(Unavailable):
    """The server closed the connection instead of answering."""


class MovedAway(InvalidRequest):
    """The server redirects to another domain, where the credentials must not follow."""


class Dav:
    """Sends requests through one shared session, opened at the first of them."""

    def __init__(self, guard: Guard, timeout: float = 15.0) -> None:
        """Wait at most `timeout` seconds for an answer."""
        self.guard = guard
        # Long answers are read in threads: more of them at once would only take time from the
        # event loop, because one of all threads runs at any moment.
        self.reading = asyncio.Semaphore(READERS)
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(timeout, 8.0))
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=CheckedResolver(self.guard), limit=MOST_CONNECTIONS
                ),
                # Cookies of one account must not travel with another's requests.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout,
                headers={"User-Agent": "Tandem"},
            )
        return self._session

    async def close(self) -> None:
        """Close the session; a later request opens a new one."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(
        self,
        login: Login,
        method: str,
        url: str | URL,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request and return the answer if it is a success (2xx).

        Follows redirects inside the registrable domain. Raises the ProviderError leaf that
        `failure` names.
        """
        at = self.guard.check(str(url))
        for _ in range(MOST_REDIRECTS):
            reply = await self._sent(login, method, at, body, headers or {})
            if reply.status not in REDIRECTS:
                break
            at = self._next(at, reply)
        if not 200 <= reply.status < 300:
            raise failure(reply, login.hint)
        return reply

    def _next(self, at: URL, reply: Reply) -> URL:
        """Return where a redirect leads, if credentials may go there."""
        try:
            to = self.guard.check(str(at.join(URL(reply.headers.get("location", "")))))
        except (ValueError, InvalidRequest) as error:
            raise BadData("the calendar server redirects to nowhere", provider=PROVIDER) from error
        foreign = registrable(to.host or "") != registrable(at.host or "")
        if foreign or (at.scheme == "https" and to.scheme != "https"):
            raise MovedAway(
                "the server sends us to another domain: please give that address", provider=PROVIDER
            )
        return to

    async def _sent(
        self, login: Login, method: str, url: URL, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        """Send a request; one that only reads is sent once more over a new connection when the
        server has just closed the one that was kept. The HTTP library does so for GET alone.
        """
        try:
            return await self._once(login, method, url, body, headers)
        except HungUp:
            if method not in READS:
                raise
            return await self._once(login, method, url, body, headers)

    async def _once(
        self, login: Login, method: str, url: URL, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        """Send one request and read its answer. Raises Unavailable or BadData."""
        sent = {"Authorization": login.basic, **headers}
        if body:
            sent.setdefault("Content-Type", "application/xml; charset=utf-8")
        try:
            async with self._open().request(
                method,
                url,
                data=body or None,
                headers=sent,
                allow_redirects=False,
            ) as response:
                found = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, found, await _read(response), url)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The cause may name internal addresses; it is not carried along.
            raise failure(error) from None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read a body up to the limit. Raises BadData beyond it."""
    parts: list[bytes] = []
    size = 0
    async for part in response.content.iter_chunked(65_536):
        size += len(part)
        if size > LONGEST_REPLY:
            raise BadData("the calendar server's answer is too long", provider=PROVIDER)
        parts.append(part)
    return b"".join(parts)


def failure(problem: Reply | BaseException, hint: str = "") -> ProviderError:
    """Return what a refusal or a broken connection means: the only place that knows statuses.

    `hint` is said of a login that is not accepted.
    """
    if isinstance(problem, BaseException):
        # A certificate that is not believed is a ValueError, too, but may be put right.
        certificate = isinstance(problem, aiohttp.ClientConnectorCertificateError)
        if isinstance(problem, ValueError) and not certificate:
            return InvalidRequest("the request cannot be sent", provider=PROVIDER)
        hung_up = isinstance(problem, aiohttp.ServerDisconnectedError | ConnectionResetError)
        return (HungUp if hung_up else Unavailable)(UNREACHABLE, provider=PROVIDER)
    status = problem.status
    if status in MEANINGS:
        kind, detail = MEANINGS[status]
        return kind(hint if kind is AccessRevoked and hint else detail, provider=PROVIDER)
    if status == 429 or (status == 503 and "retry-after" in problem.headers):
        wait = retry_after(problem.headers)
        return RateLimited("the server asks us to wait", provider=PROVIDER, retry_after=wait)
    if status in {403, 409, 412}:
        return _refusal(status, preconditions(problem.body))
    kind = Unavailable if status >= 500 else InvalidRequest if status >= 400 else BadData
    return kind(f"the calendar server answers with status {status}", provider=PROVIDER)


MEANINGS: Mapping[int, tuple[type[ProviderError], str]] = {
    401: (AccessRevoked, "the account name or the app password is not accepted"),
    404: (RemoteMissing, "it is not at the calendar server"),
    408: (Unavailable, "the calendar server did not wait for us"),
    410: (RemoteMissing, "it is no longer at the calendar server"),
    423: (Unavailable, "the event is locked just now"),
    507: (InvalidRequest, "the calendar is full"),
}


def _refusal(status: int, named: Mapping[str, list[str]]) -> ProviderError:
    """Return what a refusal with named preconditions means (RFC 4791 5.3.2.1, RFC 6578 3.2)."""
    if "valid-sync-token" in named:
        return FullResync("the change cursor is dead", provider=PROVIDER)
    if "no-uid-conflict" in named:
        return UidConflict(named["no-uid-conflict"])
    if status == 412:
        return PreconditionFailed("the event was changed meanwhile", provider=PROVIDER)
    if status == 409:
        return RemoteMissing("the calendar is not at the server", provider=PROVIDER)
    if not named or "need-privileges" in named:
        return NotConnected("no right to do that in this calendar", provider=PROVIDER)
    return InvalidRequest(f"the server refuses the event: {_named(named)}", provider=PROVIDER)


def _named(named: Mapping[str, list[str]]) -> str:
    """Return the names of preconditions, which come from the server, in a harmless form."""
    words = [name for name in named if name.replace("-", "").isalpha() and len(name) < 40]
    return ", ".join(sorted(words)[:3])


def retry_after(headers: Mapping[str, str]) -> int:
    """Return the seconds to wait (RFC 9110 10.2.3): a number, or a date by the server's clock."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(max(int(text[:9]), 1), LONGEST_WAIT)
    try:
        until, now = (parsedate_to_datetime(at) for at in (text, headers.get("date", "")))
        return min(max(int((until - now).total_seconds()), 1), LONGEST_WAIT)
    except (TypeError, ValueError):
        return DEFAULT_WAIT


class UidConflict(Conflict):
    """The UID is in use; `hrefs` are where the server says it is, possibly none."""

    def __init__(self, hrefs: list[str]) -> None:
        """Keep where the other event is."""
        super().__init__("an event with this UID exists already", provider=PROVIDER)
        self.hrefs = hrefs
