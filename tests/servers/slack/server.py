"""A stand-in for Slack's Web API: what was called, judged as it comes, and refusals on demand."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.unit.slack.checker import check_message, check_view

Json = dict[str, Any]

TOKEN = "xoxb-T1"


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    token: str
    body: Json


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer without "ok"; `times` says how often it is given."""

    code: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


class SlackServer:
    """Listens on the loopback interface while it is entered."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.refusals: dict[str, list[Refusal]] = {}
        self.members: dict[str, Json] = {}
        self.oauth: Json = {}
        self.violations: list[str] = []
        self.messages: dict[tuple[str, str], Json] = {}
        self.sockets: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self.said: asyncio.Queue[Json] = asyncio.Queue()
        self._numbers = itertools.count(100)
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket", self._socket)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def api(self) -> str:
        return str(self._server.make_url("/api/"))

    def refuse(self, method: str, *refusals: Refusal) -> None:
        self.refusals.setdefault(method, []).extend(refusals)

    def of(self, method: str) -> list[Json]:
        return [call.body for call in self.calls if call.method == method]

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await _body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(method, token, body))
        if self.refusals.get(method):
            refusal = self.refusals[method].pop(0)
            text = refusal.text or json.dumps({"ok": False, "error": refusal.code})
            return web.Response(
                status=refusal.status,
                headers=refusal.headers,
                text=text,
                content_type="application/json",
            )
        try:
            self._judge(method, body)
        except AssertionError as error:
            self.violations.append(f"{method}: {error}")
        return web.json_response({"ok": True, **self._answer(method, body)})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        """Socket Mode: what the app says on it is written down."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.put_nowait(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.said.put_nowait(json.loads(message.data))
        return socket

    def _judge(self, method: str, body: Json) -> None:
        if method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
            check_message(body)
        if method.startswith("views."):
            check_view(body["view"])

    def _answer(self, method: str, body: Json) -> Json:
        match method:
            case "chat.postMessage":
                ts = f"1700000000.{next(self._numbers):06}"
                self.messages[body["channel"], ts] = body
                return {"channel": body["channel"], "ts": ts}
            case "chat.update":
                return self._replace(body)
            case "apps.connections.open":
                return {"url": str(self._server.make_url("/socket")).replace("http", "ws")}
            case "conversations.open":
                return {"channel": {"id": f"D{body['users']}"}}
            case "users.info":
                known = self.members.get(body["user"])
                return {"user": known} if known else {"ok": False, "error": "user_not_found"}
            case "oauth.v2.access":
                return self.oauth
            case "auth.test":
                return {"team_id": "T1", "team": "Harbour", "user_id": "U0BOT"}
            case _:
                return {}

    def _replace(self, body: Json) -> Json:
        key = (body["channel"], body["ts"])
        if key not in self.messages:
            return {"ok": False, "error": "message_not_found"}
        self.messages[key] = body
        return {"channel": key[0], "ts": key[1]}


async def _body(request: web.Request) -> Json:
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return dict(await request.post())
