"""The adapter between the stand-in for Slack and a reception that writes down what it got."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp.test_utils import TestServer

from adapters.memory.store import MemoryStore
from adapters.slack.app import Slack
from adapters.slack.config import SlackApp
from adapters.system import SystemClock
from adapters.web.server import application
from bot.card import Card, Text
from bot.channel import ChatPerson
from bot.message import Incoming, Outgoing
from core.people import ChatIdentity
from core.talk import Workspace
from tests.servers.slack.server import TOKEN, SlackServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MAYA = ChatIdentity("slack", "T1", "U1")


@dataclass(slots=True)
class FakeReception:
    """What the bot would be asked and told."""

    got: list[Incoming] = field(default_factory=list)
    forms: dict[str, Card] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    news: list[ChatPerson] = field(default_factory=list)
    installations: list[tuple[str, str, str, ChatPerson]] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def receive(self, incoming: Incoming) -> bool:
        if incoming.event_id in self.seen:
            return False
        self.seen.add(incoming.event_id)
        self.got.append(incoming)
        return True

    async def form(self, incoming: Incoming) -> Card | None:
        return self.forms.get(incoming.action)

    async def problems(self, incoming: Incoming) -> Mapping[str, str]:
        return self.wrong

    async def view(self, who: ChatIdentity, subject: str) -> Outgoing | None:
        return None

    async def home(self, who: ChatIdentity) -> Card:
        return Card("Your sessions", (Text(f"Hello {who.user}"),))

    async def changed(self, person: ChatPerson) -> None:
        self.news.append(person)

    async def installed(
        self,
        kind: str,
        workspace: str,
        name: str,
        installer: ChatPerson,
        *,
        named: bool = False,
    ) -> None:
        self.installations.append((kind, workspace, name, installer))

    async def removed(self, kind: str, workspace: str, page: str = "") -> None:
        self.removals.append(workspace)


@dataclass(slots=True)
class Bench:
    """One running adapter. `post` speaks as Slack does."""

    server: SlackServer
    slack: Slack
    store: MemoryStore
    reception: FakeReception
    url: str
    session: aiohttp.ClientSession

    async def post(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Send a payload in the form that it has: an event, a command, or a button."""
        if "command" in body:
            return await self.signed(urlencode(body).encode(), "application/x-www-form-urlencoded")
        if body.get("type") in ("event_callback", "url_verification", "app_rate_limited"):
            return await self.signed(json.dumps(body).encode(), "application/json")
        sent = urlencode({"payload": json.dumps(body)}).encode()
        return await self.signed(sent, "application/x-www-form-urlencoded")

    async def signed(
        self, raw: bytes, kind: str, *, at: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        stamp = at if at is not None else str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + raw
        signature = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
        usual = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        }
        sent = {name: value for name, value in {**usual, **headers}.items() if value}
        return await self.raw(data=io.BytesIO(raw), headers=sent)

    async def raw(
        self, method: str = "POST", path: str = "/slack/events", **request: Any
    ) -> tuple[int, Any]:
        async with self.session.request(method, self.url + path, **request) as answer:
            text = await answer.text()
            kind = answer.content_type
            return answer.status, json.loads(text) if kind == "application/json" else text


@asynccontextmanager
async def bench(server: SlackServer, *, installed: bool = True, **app: str) -> AsyncIterator[Bench]:
    """An adapter that listens on the loopback interface, installed in T1."""
    store = MemoryStore()
    if installed:
        home = Workspace("slack", "T1", "Harbour", None, {"token": TOKEN, "since": "1000"})
        await store.transact(lambda tx: tx.workspaces.save(home))
    given = SlackApp("http://127.0.0.1", SECRET, "1.2", "client-secret", api=server.api)
    slack = Slack(replace(given, **app), store, SystemClock())
    reception = FakeReception()
    listening = TestServer(application(slack.routes(reception)))
    await listening.start_server()
    try:
        await slack.start()
        async with aiohttp.ClientSession() as session:
            url = str(listening.make_url("")).rstrip("/")
            yield Bench(server, slack, store, reception, url, session)
    finally:
        await slack.close()
        await listening.close()
