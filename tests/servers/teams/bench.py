"""The adapter between the stand-in for Microsoft and a reception that writes down what it got."""

import itertools
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from adapters.memory.store import MemoryStore
from adapters.system import SystemClock
from adapters.teams.app import PATH, Teams
from adapters.teams.cards import no_dialog
from adapters.web.server import application
from bot.card import Card
from bot.channel import ChatPerson
from bot.message import Incoming, Outgoing
from core.people import ChatIdentity
from tests.servers.teams.server import TENANT, Connector

USER = "eddfa9d4-346e-4cce-a18f-fa6261ad776b"
ACCOUNT = "29:1ljv6N86roXr5pjPrCJVIz6xHh5QxjI"
BOT = "28:5f1c5c0e-7a5d-4d0e-9f57-0d9a4a1c2b3d"
PERSONAL = "a:1pL6i0oY3C0K8oAj8"
MAYA = ChatIdentity("teams", TENANT, USER)
_numbers = itertools.count(1)


@dataclass(slots=True)
class FakeReception:
    """What the bot would be asked and told."""

    got: list[Incoming] = field(default_factory=list)
    forms: dict[str, Card] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    views: dict[str, Outgoing] = field(default_factory=dict)
    news: list[ChatPerson] = field(default_factory=list)
    installations: list[tuple[str, str, str, ChatPerson]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    error: Exception | None = None

    async def receive(self, incoming: Incoming) -> bool:
        if self.error:
            raise self.error
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
        return self.views.get(subject) if who == MAYA else None

    async def home(self, who: ChatIdentity) -> Card:
        raise AssertionError("Teams has no such page")

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
        raise AssertionError("Teams never says that of a whole tenant")


@dataclass(slots=True)
class Bench:
    """One running adapter. `post` speaks as the Connector does."""

    connector: Connector
    teams: Teams
    reception: FakeReception
    url: str
    session: aiohttp.ClientSession

    async def post(self, activity: Mapping[str, Any], **claims: Any) -> tuple[int, Any]:
        service = activity.get("serviceUrl", self.connector.service)
        token = self.connector.issuer.token(service, **claims)
        return await self.raw(json=activity, headers={"Authorization": f"Bearer {token}"})

    async def raw(self, method: str = "POST", **request: Any) -> tuple[int, Any]:
        async with self.session.request(method, self.url, **request) as answer:
            text = await answer.text()
            kind = answer.content_type
            return answer.status, await answer.json() if kind == "application/json" else text

    def activity(self, kind: str = "message", **more: Any) -> dict[str, Any]:
        """A personal activity of Maya's in the form that Teams sends."""
        made = {
            "type": kind,
            "id": f"f:{next(_numbers)}",
            "channelId": "msteams",
            "serviceUrl": self.connector.service,
            "from": {"id": ACCOUNT, "name": "Maya Rossi", "aadObjectId": USER},
            "recipient": {"id": BOT, "name": "Tandem"},
            "conversation": {
                "conversationType": "personal",
                "tenantId": TENANT,
                "id": PERSONAL,
            },
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "en-GB",
            "localTimezone": "Europe/London",
            **more,
        }
        return {name: value for name, value in made.items() if value is not None}

    def pressed(self, verb: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """An Action.Execute."""
        action = {"type": "Action.Execute", "verb": verb, "data": dict(data or {})}
        trigger = {"trigger": more.pop("trigger")} if "trigger" in more else {}
        value = {"action": action, **trigger}
        return self.activity(
            "invoke", name="adaptiveCard/action", value=value, replyToId="1", **more
        )

    async def meet(self) -> None:
        """Let Maya speak once, so that her address is known."""
        await self.post(self.activity(text="hello"))
        self.reception.got.clear()


@asynccontextmanager
async def bench(
    connector: Connector, *, opens: Callable[[str], bool] = no_dialog
) -> AsyncIterator[Bench]:
    """An adapter that listens on the loopback interface."""
    teams = Teams(
        connector.app,
        MemoryStore(),
        SystemClock(),
        endpoints=connector.endpoints,
        opens=opens,
    )
    reception = FakeReception()
    runner = web.AppRunner(application(teams.routes(reception)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    await teams.start()
    session = aiohttp.ClientSession()
    try:
        yield Bench(connector, teams, reception, f"http://127.0.0.1:{port}{PATH}", session)
    finally:
        await session.close()
        await runner.cleanup()
        await teams.close()


def far(seconds: int) -> int:
    """An instant that many seconds from now."""
    return int(time.time()) + seconds
