"""A stand-in for Google Calendar and its OAuth endpoints on this machine, with a memory.

It counts only because Google's own description judges every request and every answer: leaving the
`async with` fails when there was anything to object to.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from adapters.google.oauth import Endpoints
from tests.servers.google import partial
from tests.servers.google.api import Asked, CalendarApi, Refusal
from tests.servers.google.judge import Judge
from tests.servers.google.oauth import Consents
from tests.servers.google.world import Json, World

BASE = "/calendar/v3/"
WRITES = ("events.insert", "events.import", "events.patch", "events.delete")
PAGE = "<!doctype html><title>Sign in to this network</title>"


@dataclass(slots=True)
class Order:
    """What happens to the next request of the API whose name begins with `op`.

    `act`: refuse (with `status`, `reason`, `retry_after`), page (HTML with `status`), slow,
    raw (`body` as it is, with `status` and `headers`), lose (does it, drops the answer), entry
    (free/busy says `entry` about `calendar_id`).
    """

    act: str
    op: str = ""
    status: int = 200
    reason: str = ""
    retry_after: str = ""
    calendar_id: str = ""
    entry: Json | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class GoogleServer:
    """Start with `async with`. `asked`: what came; `orders`: what is to go wrong."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self.world, self.judge = World(), Judge()
        self.api = CalendarApi(self.world)
        self.asked: list[Asked] = []
        self.raw: list[tuple[str, str, bytes]] = []
        self.orders: list[Order] = []
        self.running, self.most = 0, 0
        self.pause = 0.0  # seconds before each answer of the API
        self._ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/auth", self._consent)
        app.router.add_post("/token", self._token)
        app.router.add_post("/revoke", self._revoke)
        app.router.add_route("*", BASE + "{path:.*}", self._call)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.consents = Consents(self.world, self.now, self.url)
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        self._ended.set()
        await self._runner.cleanup()
        if kind is None:
            assert self.judge.violations == []
            assert self.consents.problems == []

    def release(self) -> None:
        """Answer what is kept waiting."""
        self._ended.set()

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(
            auth=f"{self.url}/auth",
            token=f"{self.url}/token",
            revoke=f"{self.url}/revoke",
            api=f"{self.url}{BASE}",
            issuer=self.url,
        )

    # --- OAuth ---

    async def _consent(self, request: web.Request) -> web.Response:
        return self.consents.consent(request.query)

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        status, body = self.consents.token(form)
        return web.json_response(body, status=status)

    async def _revoke(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        status, body = self.consents.revoke(form)
        return web.json_response(body, status=status)

    # --- the API ---

    async def _call(self, request: web.Request) -> web.StreamResponse:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if self.pause:
                await asyncio.sleep(self.pause)
            return await self._answer(request)
        finally:
            self.running -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        text = await request.read()
        self.raw.append((request.method, request.raw_path, text))
        path = request.raw_path.partition("?")[0].removeprefix(BASE)
        matched = self.judge.match(request.method, path)
        if matched is None:
            return web.Response(status=404, text="<html>Not found</html>", content_type="text/html")
        asked = Asked(
            matched,
            list(request.query.items()),
            json.loads(text) if text else None,
            request.headers,
        )
        self.judge.request(matched, asked.query, asked.body)
        self.asked.append(asked)
        order = self._order(asked)
        if order is not None and order.act in ("refuse", "page", "slow", "raw"):
            return await self._trouble(order)
        entry = order if order is not None and order.act == "entry" else None
        answer = self._done(asked, entry)
        if order is not None and order.act == "lose":
            assert request.transport is not None
            request.transport.abort()
        return answer

    def _done(self, asked: Asked, entry: Order | None) -> web.Response:
        try:
            body = self._carry_out(asked)
        except Refusal as refusal:
            return self._refused(refusal)
        if entry is not None and body is not None:
            body["calendars"][entry.calendar_id] = entry.entry
        return web.Response(status=204) if body is None else web.json_response(body)

    def _carry_out(self, asked: Asked) -> Json | None:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        opened = self.world.opened_by(token, self.now())
        if opened is None:
            raise Refusal(401, "authError")
        body = self.api.act(asked, *opened)
        self.judge.answer(asked.matched, body)
        selector = asked.one("fields")
        # As over a wire: what is answered is no longer what is stored.
        copy: Json | None = json.loads(json.dumps(body))
        cut: Json | None = partial.cut(copy, partial.parse(selector)) if selector else copy
        return cut

    def _order(self, asked: Asked) -> Order | None:
        """Take the first order that is meant for a request."""
        for order in self.orders:
            about = {item["id"] for item in (asked.body or {}).get("items", [])}
            if order.act == "lose" and asked.id not in WRITES:
                continue
            if asked.id.startswith(order.op) and (
                not order.calendar_id or order.calendar_id in about
            ):
                self.orders.remove(order)
                return order
        return None

    async def _trouble(self, order: Order) -> web.Response:
        if order.act == "slow":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 30)
        if order.act == "page":
            return web.Response(status=order.status, text=PAGE, content_type="text/html")
        if order.act == "raw":
            headers = {"Content-Type": "application/json; charset=UTF-8", **order.headers}
            return web.Response(status=order.status, body=order.body, headers=headers)
        return self._refused(Refusal(order.status or 503, order.reason), order.retry_after)

    def _refused(self, refusal: Refusal, retry_after: str = "") -> web.Response:
        headers = {"Retry-After": retry_after} if retry_after else {}
        return web.json_response(refusal.body, status=refusal.status, headers=headers)
