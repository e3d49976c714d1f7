"""A proxy in front of a real CalDAV server: errors on demand, and iCloud's refusals."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from tests.contract.calendar_contract import Fault

HOP_HEADERS = frozenset(
    {"connection", "content-length", "content-encoding", "transfer-encoding", "host", "server"}
)
ANSWERS: dict[Fault, Callable[[], web.Response]] = {
    Fault.REVOKED: lambda: web.Response(status=401),
    Fault.FORBIDDEN: lambda: web.Response(status=403),
    Fault.MISSING: lambda: web.Response(status=404),
    Fault.LIMITED: lambda: web.Response(status=429, headers={"Retry-After": "7"}),
    Fault.BROKEN: lambda: web.Response(status=500, text="<html>oops</html>"),
    Fault.REFUSED: lambda: web.Response(status=400),
    Fault.NONSENSE: lambda: web.Response(status=207, text="<html>not what you asked for"),
}
UID = re.compile(rb"^UID:(.*?)\r?$", re.MULTILINE)
UID_CONFLICT = (
    '<?xml version="1.0"?><error xmlns="DAV:"><c:no-uid-conflict'
    ' xmlns:c="urn:ietf:params:xml:ns:caldav"><href>{}</href></c:no-uid-conflict></error>'
)


@dataclass(slots=True)
class Order:
    """The next request (to `path`, when it is given) fails."""

    fault: Fault
    path: str = ""


@dataclass(slots=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Proxy:
    """Passes everything on to `upstream` (`http://host:port`), unless told otherwise.

    `etags` is "strong", "weak", "none", or "not on writes".
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream.rstrip("/")
        self.orders: list[Order] = []
        self.lose = 0
        self.etags = "strong"
        self.asked: list[Asked] = []
        self.ports: list[int] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        for host in ("127.0.0.1", "127.0.0.1"):
            site = web.TCPSite(self._runner, host, 0)
            await site.start()
        self.ports = [address[1] for address in self._runner.addresses]
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address to give to the adapter."""
        return f"http://127.0.0.1:{self.ports[0]}"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked.append(Asked(request.method, request.path, dict(request.headers), body))
        for order in self.orders:
            if request.path.startswith(order.path):
                self.orders.remove(order)
                if order.fault is Fault.SLOW:
                    await asyncio.sleep(30)
                return self._close(ANSWERS[order.fault]())
        answer = await self.answer(request, body)
        if self.lose and request.method in {"PUT", "DELETE"}:
            self.lose -= 1
            if request.transport:
                request.transport.abort()
        return self._close(answer)

    def _close(self, answer: web.Response) -> web.Response:
        # A kept connection would let the HTTP library repeat a lost request by itself.
        answer.force_close()
        return answer

    async def answer(self, request: web.Request, body: bytes) -> web.Response:
        """Answer a request that nothing was ordered for."""
        return await self.forward(request.method, request.raw_path, request, body)

    async def forward(
        self, method: str, path: str, request: web.Request, body: bytes
    ) -> web.Response:
        """Pass a request on and return its answer."""
        sent = {k: v for k, v in request.headers.items() if k.lower() not in HOP_HEADERS}
        async with self._client.request(
            method, f"{self.upstream}{path}", data=body, headers=sent, allow_redirects=False
        ) as answer:
            found = {k: v for k, v in answer.headers.items() if k.lower() not in HOP_HEADERS}
            self._change_etag(found, method)
            return web.Response(status=answer.status, body=await answer.read(), headers=found)

    def _change_etag(self, headers: dict[str, str], method: str) -> None:
        etag = headers.pop("ETag", "")
        hidden = self.etags == "none" or (self.etags == "not on writes" and method == "PUT")
        if etag and not hidden:
            headers["ETag"] = f"W/{etag}" if self.etags == "weak" else etag


class AppleProxy(Proxy):
    """The same with the refusals that iCloud is known for.

    Port 0 knows the principal only; the calendars are on port 1 under another host name.
    """

    def __init__(self, upstream: str, user: str) -> None:
        super().__init__(upstream)
        self.user = user

    @property
    def home(self) -> str:
        """Where the calendars are."""
        return f"http://localhost:{self.ports[1]}/{self.user}/"

    async def answer(self, request: web.Request, body: bytes) -> web.Response:
        """Answer as iCloud does."""
        method = request.method
        if request.url.port == self.ports[0]:
            return await self._principal(request, body)
        if method == "REPORT" and b"free-busy-query" in body:
            return web.Response(status=400)
        if method == "PUT":
            return await self._put(request, body)
        if request.headers.get("If-Match") == "*":
            return web.Response(status=412)
        return await self.forward(method, request.raw_path, request, body)

    async def _principal(self, request: web.Request, body: bytes) -> web.Response:
        """Answer for the account; the password is checked by the server behind."""
        checked = await self.forward("PROPFIND", f"/{self.user}/", request, body)
        if checked.status == 401:
            return checked
        if request.method != "PROPFIND":
            return web.Response(status=404)
        if request.path == "/":
            return self._status(
                "/",
                f"<current-user-principal>{self._href('/1/principal/')}</current-user-principal>",
            )
        if request.headers.get("Depth") != "0":
            return web.Response(status=400)
        home = f"<c:calendar-home-set>{self._href(self.home)}</c:calendar-home-set>"
        addresses = "".join(map(self._href, ("mailto:maya@example.org", "/1/principal/")))
        own = f"<c:calendar-user-address-set>{addresses}</c:calendar-user-address-set>"
        return self._status("/1/principal/", home + own)

    def _href(self, text: str) -> str:
        return f"<href>{text}</href>"

    def _status(self, path: str, properties: str) -> web.Response:
        text = (
            '<?xml version="1.0"?><multistatus xmlns="DAV:"'
            ' xmlns:c="urn:ietf:params:xml:ns:caldav"><response>'
            f"{self._href(path)}<propstat><prop>{properties}</prop>"
            "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
        )
        return web.Response(status=207, text=text, content_type="application/xml")

    async def _put(self, request: web.Request, body: bytes) -> web.Response:
        if b"DTEND" not in body and b"DURATION" not in body:
            return web.Response(status=403)
        exists = await self.forward("HEAD", request.raw_path, request, b"")
        if request.headers.get("If-Match") == "*" and exists.status == 200:
            return web.Response(status=412)
        if other := await self._elsewhere(request, body):
            text = UID_CONFLICT.format(other)
            return web.Response(status=403, text=text, content_type="application/xml")
        return await self.forward("PUT", request.raw_path, request, body)

    async def _elsewhere(self, request: web.Request, body: bytes) -> str:
        """Return where another object of the account has the same UID, "" when nowhere."""
        match = UID.search(body)
        query = (
            '<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>'
            "<getetag/></prop><c:filter><c:comp-filter name='VCALENDAR'>"
            "<c:comp-filter name='VEVENT'><c:prop-filter name='UID'><c:text-match>"
            f"{match[1].decode() if match else ''}</c:text-match></c:prop-filter>"
            "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
        ).encode()
        for calendar in ("work", "personal"):
            path = f"/{self.user}/{calendar}/"
            found = await self.forward("REPORT", path, request, query)
            for href in re.findall(rb"<href>([^<]*\.ics)</href>", found.body or b""):  # type: ignore[arg-type]  # forward() gives bytes
                if unquote(href.decode()) != request.path:
                    return str(href.decode())
        return ""
