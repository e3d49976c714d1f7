"""Slack's Web API and Teams' Connector for the benchmarks of the chats, in a process of their own.

    python -m tests.bench.chat_services

Prints one line of JSON with its `url` and a `token` of the Connector, and listens until standard
input ends. `POST /orders` says how slow it is and whom it refuses, `POST /posts` gives every
message that it has taken, in order. Instants are seconds of the machine's monotonic clock, which
all processes share.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bench.chat_people import address, number_of
from tests.servers.teams.issuer import ISSUER, Issuer

WAIT = 1  # seconds that a refused caller is asked to wait


@dataclass(slots=True)
class Orders:
    """What messages meet: seconds before they are answered; of `conversation` every `every`-th is
    refused (0: none).
    """

    delay: float = 0.0
    conversation: str = ""
    every: int = 0


@dataclass(slots=True)
class Seen:
    """What came: the messages taken, and how often one was refused or came too early."""

    posts: list[tuple[str, str, float]] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    early: int = 0
    shut_until: float = 0.0


class Services:
    """Both services; a conversation of either is named by its own id."""

    def __init__(self) -> None:
        self.issuer = Issuer()
        self.url = ""
        self._orders, self._seen = Orders(), Seen()
        self._numbers = itertools.count(1)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/orders", self._order)
        app.router.add_post("/posts", self._report)
        app.router.add_route("*", "/api/{method}", self._slack)
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_post("/connector/v3/conversations/{id}/activities", self._activity)
        # The SDK's own client names the message that it answers.
        app.router.add_post("/connector/v3/conversations/{id}/activities/{to}", self._activity)
        app.router.add_get("/connector/v3/conversations/{id}/members/{who}", self._member)
        return app

    async def _order(self, request: web.Request) -> web.Response:
        """Obey from now on, and begin to count anew."""
        self._orders, self._seen = Orders(**await request.json()), Seen()
        return web.json_response({})

    async def _report(self, request: web.Request) -> web.Response:
        """Give what was seen, or only how many messages of some `texts` there were."""
        seen, asked = self._seen, await request.json()
        if texts := asked.get("texts"):
            many = sum(seen.texts[text] for text in texts)
            return web.json_response({"count": many})
        found = {"posts": seen.posts, "refused": seen.refused, "early": seen.early}
        return web.json_response(found)

    async def _take(self, conversation: str, text: str) -> bool:
        """Take a message after its time; False for one that is refused."""
        now, seen, orders = time.monotonic(), self._seen, self._orders
        seen.asked[conversation] += 1
        if orders.every and conversation == orders.conversation:
            seen.early += now < seen.shut_until
            if now < seen.shut_until or seen.asked[conversation] % orders.every == 0:
                seen.refused += 1
                seen.shut_until = now + WAIT
                return False
        seen.posts.append((conversation, text, now))
        seen.texts[text] += 1
        await asyncio.sleep(orders.delay)
        return True

    # --- Slack ----------------------------------------------------------------------------------

    async def _slack(self, request: web.Request) -> web.Response:
        workspace = request.headers.get("Authorization", "").rpartition("-")[2] or "T0"
        sent = await _body(request)
        method = request.match_info["method"]
        if method == "chat.postMessage" and not await self._take(sent["channel"], sent["text"]):
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(WAIT)})
        return web.json_response({"ok": True, **self._answer(method, workspace, sent)})

    def _answer(self, method: str, workspace: str, sent: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "chat.postMessage":
                ts = f"1700000000.{next(self._numbers):06}"
                return {"channel": sent["channel"], "ts": ts, "message": {"ts": ts}}
            case "users.info":
                profile = {"real_name": sent["user"], "email": _address(sent["user"])}
                member = {"id": sent["user"], "team_id": workspace, "tz": "Europe/London"}
                return {"user": {**member, "profile": profile}}
            case "auth.test":
                bot = {"user_id": "U0BOT", "bot_id": "B0BOT", "url": self.url}
                return {"team_id": workspace, "team": "Harbour", **bot}
            case _:
                return {}

    # --- Teams ----------------------------------------------------------------------------------

    async def _openid(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(self.issuer.key_set())

    async def _token(self, _: web.Request) -> web.Response:
        found = {"token_type": "Bearer", "expires_in": 3599, "access_token": "connector"}
        return web.json_response(found)

    async def _activity(self, request: web.Request) -> web.Response:
        sent = await request.json()
        taken = sent.get("type") != "message" or await self._take(
            request.match_info["id"], sent.get("text", "")
        )
        if not taken:
            body = {"error": {"code": "Throttled", "message": "wait"}}
            return web.json_response(body, status=429, headers={"Retry-After": str(WAIT)})
        return web.json_response({"id": str(next(self._numbers))}, status=201)

    async def _member(self, request: web.Request) -> web.Response:
        who = request.match_info["who"]
        email = _address(who)
        member = {"id": who, "name": who, "email": email, "userPrincipalName": email}
        return web.json_response({**member, "userRole": "user"})


def _address(user: str) -> str:
    """Return the verified address of an account in either chat."""
    return address(number_of(user))


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    return dict(await request.post())


async def serve() -> None:
    """Listen until standard input ends."""
    services = Services()
    runner = web.AppRunner(services.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    services.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    token = services.issuer.token(f"{services.url}/connector/")
    print(json.dumps({"url": services.url, "token": token}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
