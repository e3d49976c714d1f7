"""Three chats with one face: people speak and press in the chat's own formats, and read what its
adapter was made to send. The product in between is the real one.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from adapters.local.api import LocalApi, PlainSurroundings
from adapters.local.channel import LocalChannel
from adapters.web.server import application
from tests.chats import reading
from tests.chats.screens import Item, Screens
from tests.chats.slack_medium import SlackMedium, Workshop
from tests.chats.teams_medium import Office, TeamsMedium
from tests.talks.stage import CHAT, MEDIUM

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Mapping

    from bot.channel import ChatChannel, Directory
    from bot.message import Incoming
    from core.people import Person
    from core.ports import Ports
    from tests.talks.stage import Chats, Medium, Stage

Json = dict[str, Any]

KINDS = ("local", "slack", "teams", "mixed")
IN_TEAMS = frozenset({"maya", "sam", "dana", "lee"})  # of the mixed medium; the others: Slack


class LocalMedium:
    """The chat in the browser, by its JSON API; live events tell in which order things came."""

    everybody: tuple[str, str] | None = CHAT

    def __init__(self, closing: AsyncExitStack) -> None:
        self._closing = closing
        self.screens = Screens()
        self.chats: Chats = self.screens.chats
        self._queues: dict[str, asyncio.Queue[tuple[str, Json]]] = {}
        self._url = ""

    def build(
        self, ports: Ports
    ) -> tuple[Mapping[str, ChatChannel], Mapping[str, Directory]]:  # fmt: skip
        self.channel = LocalChannel(ports.store, ports.clock, ports.ids)
        return {CHAT[0]: self.channel}, {}

    def attach(self, stage: Stage) -> None:
        around = PlainSurroundings(stage.store)
        self.api = LocalApi(stage.store, self.channel, stage.inbox.answer, around)

    async def meets(self, person: Person) -> None:
        self._listen(person.id)
        await self._get(person.id)

    async def take(self, incoming: Incoming) -> None:
        data = {"person": incoming.who.user, "event": incoming.event_id}
        if incoming.action:
            sent = {**data, "action": incoming.action, "values": dict(incoming.values)}
            await self._post("actions", sent)
        else:
            await self._post("messages", {**data, "text": incoming.text})

    async def settle(self) -> None:
        for who, queue in self._queues.items():
            while not queue.empty():
                kind, data = queue.get_nowait()
                if kind == "progress":
                    self.chats.progressed.append(data["text"])
                elif kind == "message" and not data["own"]:
                    self._shown(who, data)
        for who in self._queues:
            stands = {i.ref: i.reading for i in self.screens.items.get(who, [])}
            assert stands == {m["id"]: reading.of_local(m) for m in await self._get(who)}

    def _shown(self, who: str, data: Json) -> None:
        read, ref = reading.of_local(data), data["id"]
        if any(i.ref == ref for i in self.screens.items.get(who, [])):
            self.screens.edit(who, ref, data, read)
        else:
            self.screens.show(who, Item(ref, who, data, read))

    def _listen(self, who: str) -> None:
        if who not in self._queues:
            self._queues[who] = self._closing.enter_context(self.channel.listening(who))

    async def _get(self, who: str) -> list[Json]:
        await self._open()
        async with self._session.get(f"{self._url}/inbox", params={"person": who}) as answer:
            assert answer.status == 200, await answer.text()
            found: list[Json] = (await answer.json())["messages"]
            return found

    async def _post(self, what: str, data: Json) -> None:
        await self._open()
        async with self._session.post(f"{self._url}/{what}", json=data) as answer:
            assert answer.status == 200, await answer.text()

    async def _open(self) -> None:
        if not self._url:
            server = TestServer(application(self.api.routes()))
            await self._closing.enter_async_context(server)
            self._session = await self._closing.enter_async_context(ClientSession())
            self._url = str(server.make_url("/local/api"))


class MixedMedium:
    """Slack and Teams at once: whoever shares a proposal or a session is in another chat."""

    everybody: tuple[str, str] | None = None

    def __init__(self, workshop: Workshop, office: Office, closing: AsyncExitStack) -> None:
        self.screens = Screens()
        self.chats: Chats = self.screens.chats
        self.slack = SlackMedium(workshop, closing, self.screens)
        self.teams = TeamsMedium(office, closing, self.screens)

    def build(
        self, ports: Ports
    ) -> tuple[Mapping[str, ChatChannel], Mapping[str, Directory]]:  # fmt: skip
        channels, directories = self.slack.build(ports)
        more, others = self.teams.build(ports)
        return {**channels, **more}, {**directories, **others}

    def attach(self, stage: Stage) -> None:
        self.slack.attach(stage)
        self.teams.attach(stage)

    async def meets(self, person: Person) -> None:
        await (self.teams if person.id in IN_TEAMS else self.slack).meets(person)

    async def take(self, incoming: Incoming) -> None:
        here: Medium = self.slack if incoming.who.kind == "slack" else self.teams
        await here.take(incoming)

    async def settle(self) -> None:
        await self.slack.settle()
        await self.teams.settle()


@asynccontextmanager
async def opened(kind: str) -> AsyncIterator[None]:
    """Let the stages that are made meanwhile talk by one kind of chat."""
    async with AsyncExitStack() as closing:
        violations: list[str] = []
        make = await maker(kind, closing, violations)
        token = MEDIUM.set(make)
        try:
            yield
        finally:
            MEDIUM.reset(token)
    assert not violations, "\n".join(violations)


async def maker(
    kind: str, closing: AsyncExitStack, violations: list[str]
) -> Callable[[], Medium]:  # fmt: skip
    """Start what a kind of chat needs; return what makes the medium of one stage."""
    if kind == "local":
        return lambda: LocalMedium(closing)
    workshop = await closing.enter_async_context(Workshop())
    office = await closing.enter_async_context(Office())
    workshop.violations = office.violations = violations
    if kind == "slack":
        return lambda: SlackMedium(workshop, closing)
    if kind == "teams":
        return lambda: TeamsMedium(office, closing)
    return lambda: MixedMedium(workshop, office, closing)
