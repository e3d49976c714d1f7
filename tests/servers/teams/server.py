"""A stand-in for Microsoft: sign-in, signing keys and the Bot Connector on one loopback port."""

import asyncio
import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from adapters.teams.config import Endpoints, TeamsApp
from tests.servers.teams.issuer import APP_ID, ISSUER, Issuer
from tests.servers.teams.judge import Exchange, judge, parts
from tests.unit.teams.card_judge import CARD, judged

PASSWORD = "the right one"
TENANT = "b28fdbfd-2b78-4f93-b0f8-8881793f0f8f"
SERVICE_PATH = "/connector/"


@dataclass(slots=True)
class Order:
    """What the next calls are answered instead. `seconds` is waited before; `cut` hangs up."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    seconds: float = 0.0
    cut: bool = False


def refusal(status: int, code: str = "", **headers: str) -> Order:
    body = {"error": {"code": code, "message": "no"}} if code else None
    return Order(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


class Connector:
    """Keeps conversations, activities and members; every exchange is judged."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.url = ""
        self.tokens_given = 0
        self.key_fetches = 0
        self.good_tokens: set[str] = set()
        self.refuse_secret = False
        self.keys_broken = False
        self.orders: list[Order] = []
        self.activities: dict[tuple[str, str], dict[str, Any]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.members: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.bodies: list[str] = []  # the texts in the order in which they came
        self.violations: list[str] = []
        self.together = self.most_together = 0
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    @property
    def service(self) -> str:
        return self.url + SERVICE_PATH

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints(
            login=self.url,
            openid=f"{self.url}/openid",
            service=self.service,
            hosts=(),
            loopback=True,
        )

    @property
    def app(self) -> TeamsApp:
        return TeamsApp(APP_ID, PASSWORD, TENANT)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_route("*", "/connector/{rest:.*}", self._connector)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner
        await self._runner.cleanup()

    # --- sign-in and keys -----------------------------------------------------------------------

    def mend(self) -> None:
        """Show the keys again."""
        self.keys_broken = False

    async def _openid(self, _request: web.Request) -> web.Response:
        if self.keys_broken:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        self.key_fetches += 1
        return web.json_response(self.issuer.key_set())

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        good = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        if request.match_info["tenant"] != TENANT or dict(form) != good or self.refuse_secret:
            return web.json_response({"error": "invalid_client"}, status=401)
        self.tokens_given += 1
        token = f"token-{self.tokens_given}"
        self.good_tokens.add(token)
        return web.json_response(
            {"token_type": "Bearer", "expires_in": 3599, "access_token": token}
        )

    # --- the Connector --------------------------------------------------------------------------

    async def _connector(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path.removeprefix("/connector")
        self.calls.append((request.method, path))
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        try:
            sent = await request.json() if request.can_read_body else None
            self.bodies.append((sent or {}).get("text", ""))
            answer = await self._ordered(request) or self._answer(request, path, sent)
        finally:
            self.together -= 1
        answered = None
        if answer.content_type == "application/json" and isinstance(answer.body, bytes):
            answered = json.loads(answer.body)
        if (found := judge()) is not None:
            exchange = Exchange(request.method, path, sent, answer.status, answered)
            self.violations += found.problems(exchange)
        for attachment in (sent or {}).get("attachments") or ():
            if attachment.get("contentType") == CARD:
                self.violations += judged(json.dumps(attachment["content"]))
        return answer

    async def _ordered(self, request: web.Request) -> web.Response | None:
        if not self.orders:
            return None
        order = self.orders[0]
        order.times -= 1
        if order.times <= 0:
            self.orders.pop(0)
        await asyncio.sleep(order.seconds)
        if order.cut:
            assert request.transport
            request.transport.close()
        if order.body is None or isinstance(order.body, str):
            return web.Response(status=order.status, text=order.body, headers=order.headers)
        return web.json_response(order.body, status=order.status, headers=order.headers)

    def _answer(self, request: web.Request, path: str, sent: Any) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.good_tokens:
            return _refused(401, "Unauthorized")
        match [request.method, *parts(path)[2:]]:
            case ["POST"]:
                return web.json_response({"id": f"a:{sent['members'][0]['id']}"}, status=201)
            case ["POST", conversation, "activities"]:
                return self._post(conversation, sent)
            case ["PUT", conversation, "activities", ref]:
                if (conversation, ref) not in self.activities:
                    return _refused(404, "ActivityNotFoundInConversation")
                self.activities[conversation, ref] = sent
                return web.json_response({"id": ref})
            case ["GET", _, "members", member]:
                if member not in self.members:
                    return _refused(404, "MemberNotFoundInConversation")
                return web.json_response(self.members[member])
        return _refused(404, "NotFound")

    def _post(self, conversation: str, sent: dict[str, Any]) -> web.Response:
        ref = str(1_790_000_000_000 + next(self._numbers))
        self.sent.append((conversation, sent))
        if sent["type"] == "message":
            self.activities[conversation, ref] = sent
        return web.json_response({"id": ref}, status=201)


def _refused(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "no"}}, status=status)
