"""The adapter in the vendor's own playground, on request alone: its licence is for evaluation.

TANDEM_PLAYGROUND names the program (`agentsplayground` of npm's @microsoft/m365agentsplayground
0.2.28, installed anywhere but here).
"""

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.memory.store import MemoryStore
from adapters.system import SystemClock
from adapters.teams.app import PATH, Teams
from adapters.teams.config import TeamsApp
from adapters.web.server import application
from bot.channel import Standing
from bot.message import Incoming, Outgoing
from tests.servers.teams.bench import FakeReception
from tests.unit.teams.test_cards import EVERYTHING
from tests.unit.teams.test_turns import FORM, VIEW

PROGRAM = os.environ.get("TANDEM_PLAYGROUND", "")
pytestmark = pytest.mark.skipif(
    not PROGRAM or not shutil.which(PROGRAM), reason="TANDEM_PLAYGROUND names no program"
)
PATIENCE = 30.0
ME = {"id": "user-id-0"}


@dataclass(slots=True)
class Play:
    """The playground's REST interface, and the adapter that it talks to."""

    teams: Teams
    reception: FakeReception
    url: str
    session: aiohttp.ClientSession
    config: dict[str, Any]

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.session.post(f"{self.url}/_conversation/v1/{path}", json=body) as answer:
            text = await answer.text()
            assert answer.status < 300, text
            return await answer.json() if text else None

    async def invoke(self, verb: str, ref: str, trigger: str = "manual", **data: Any) -> Any:
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        body = {
            "name": "adaptiveCard/action",
            "conversation": {"id": self.config["personalChat"]["id"]},
            "replyToId": ref,
            "from": ME,
            "value": {"action": action, "trigger": trigger},
        }
        return await self.post("invoke", body)

    async def say(self, text: str) -> Incoming:
        chat = self.config["personalChat"]["id"]
        said = {"text": text, "textFormat": "plain", "from": ME}
        await self.post(f"conversations/{chat}/messages", said)
        return await self.next()

    async def next(self) -> Incoming:
        """The oldest thing that came in; the playground answers before it sends."""
        for _ in range(int(PATIENCE / 0.05)):
            if self.reception.got:
                break
            await asyncio.sleep(0.05)
        return self.reception.got.pop(0)


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    teams = Teams(TeamsApp("", "", "", development=True), MemoryStore(), SystemClock())
    reception = FakeReception()
    runner = web.AppRunner(application(teams.routes(reception)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await teams.start()
    endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    try:
        async with playground(endpoint) as url, aiohttp.ClientSession() as session:
            config = await reached(session, url)
            yield Play(teams, reception, url, session, config)
    finally:
        await runner.cleanup()
        await teams.close()


@asynccontextmanager
async def playground(endpoint: str) -> AsyncIterator[str]:
    """Run the program in a group of processes of its own, and end that group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"APPLICATION_INSIGHTS_NO_STATSBEAT": "1", "TEAMSAPPTESTER_BROWSER": "none"}
    options = ["start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *options,
            cwd=folder,
            env={**os.environ, **quiet},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            await process.wait()


async def reached(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """Wait for the playground; return whom and what it plays."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/_internal/v1/config") as answer:
                    found: dict[str, Any] = (await answer.json())["config"]
                    return found
            await asyncio.sleep(0.2)


async def test_a_talk_in_the_playground(play: Play) -> None:
    said = await play.say("hello")
    assert (said.text, said.private, said.who.kind) == ("hello", True, "teams")

    person = await play.teams.directory.get(said.who)
    assert person
    assert (person.email, person.standing) == ("alexw@example.com", Standing.MEMBER)

    await play.teams.channel.progress(said.place, "…")
    ref = await play.teams.channel.send(said.place, Outgoing("Here", EVERYTHING, "proposal:7"))
    await play.teams.channel.edit(said.place, ref, Outgoing("Changed", EVERYTHING))
    assert await play.teams.channel.direct(said.who) == said.place

    answer = await play.invoke("accept:7", ref, _subject="proposal:7")
    assert answer["type"] == "application/vnd.microsoft.activity.message"
    assert (await play.next()).ref == ref

    play.reception.forms["connect:apple"] = FORM
    answer = await play.invoke("connect:apple", ref)
    assert answer["value"]["fallbackText"] == "Connect a calendar"


async def test_a_button_that_is_submitted(play: Play) -> None:
    place = (await play.say("hello")).place
    ref = await play.teams.channel.send(place, Outgoing("Here", EVERYTHING))
    body = {
        "conversation": {"id": place.conversation},
        "replyToId": ref,
        "from": ME,
        "value": {"verb": "save:1", "many[]": "a%2C1,b%25"},
    }
    await play.post("submit", body)
    pressed = await play.next()
    assert (pressed.action, pressed.values, pressed.ref) == ("save:1", {"many": "a,1\nb%"}, ref)


async def test_a_mention_in_a_group(play: Play) -> None:
    bot, group = play.config["bot"], play.config["groupChats"][0]["id"]
    tag = f"<at>{bot['name']}</at>"
    await play.post(
        f"conversations/{group}/messages",
        {
            "text": f"{tag} find us 30 minutes",
            "textFormat": "plain",
            "from": ME,
            "mentions": [{"text": tag, "mentioned": {"id": bot["id"]}}],
        },
    )
    said = await play.next()
    assert (said.text, said.private) == ("find us 30 minutes", False)
    assert await play.teams.channel.send(said.place, VIEW)
