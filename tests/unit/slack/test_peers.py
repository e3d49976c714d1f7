"""The adapter against emulate's imitation of Slack, with scopes as strict as it can be."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from yarl import URL

from adapters.slack.config import REDIRECT_PATH, SCOPES
from bot.channel import Standing
from bot.message import Outgoing, Place
from core.errors import RemoteMissing
from core.people import ChatIdentity
from tests.servers.node.processes import emulate
from tests.servers.slack.bench import Bench, bench
from tests.servers.slack.server import SlackServer
from tests.unit.slack.test_blocks import EVERYTHING

PUBLIC = "http://127.0.0.1"
SEED: dict[str, Any] = {
    "slack": {
        "strict_scopes": True,
        "team": {"name": "Harbour", "domain": "harbour"},
        "users": [{"name": "maya", "real_name": "Maya Rossi", "email": "maya@example.org"}],
        "channels": [{"name": "general", "topic": "All"}],
        "bots": [{"name": "tandem"}],
        "oauth_apps": [
            {
                "client_id": "1.2",
                "client_secret": "client-secret",
                "app_id": "A1",
                "name": "Tandem",
                "redirect_uris": [PUBLIC + REDIRECT_PATH],
                "scopes": list(SCOPES),
            }
        ],
    }
}


@pytest.fixture
async def installed(tmp_path: Path) -> AsyncIterator[tuple[Bench, str]]:
    """The adapter, installed through the consent page by Maya; yields her workspace too."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(json.dumps(SEED))  # JSON is YAML
    async with emulate("slack", seed) as url, SlackServer() as unused:
        settings = {"api": f"{url}/api/", "consent": f"{url}/oauth/v2/authorize"}
        async with bench(unused, installed=False, **settings) as made:
            await consented(made)
            yield made, made.reception.installations[0][1]


async def consented(stage: Bench) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{stage.url}/slack/install") as answer:
            page, base = await answer.text(), answer.url.origin()
        form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Maya" in f)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        action = re.search(r'action="([^"]+)"', form)
        assert action
        async with browser.post(
            base.join(URL(action[1])),
            data={name: unescape(value) for name, value in fields.items()},
            allow_redirects=False,
        ) as answer:
            back = answer.headers["Location"]
        query = dict(parse_qsl(urlsplit(back).query))
        async with browser.get(stage.url + REDIRECT_PATH, params=query) as answer:
            assert answer.status == 200, await answer.text()


async def maya(stage: Bench) -> ChatIdentity:
    return stage.reception.installations[0][3].identity


async def test_a_workspace_installs(installed: tuple[Bench, str]) -> None:
    stage, workspace = installed
    (found,) = stage.reception.installations
    assert (found[0], found[2]) == ("slack", "Harbour")
    assert found[3].name == "Maya Rossi"
    assert found[3].email == "maya@example.org"
    assert workspace.startswith("T")


async def test_messages_go_out_and_are_replaced(installed: tuple[Bench, str]) -> None:
    stage, _ = installed
    channel, who = stage.slack.channel, await maya(stage)
    place = await channel.direct(who)
    ref = await channel.send(place, Outgoing("Here is all.", EVERYTHING))
    await channel.edit(place, ref, Outgoing("Done."))
    again = await channel.send(Place("slack", who.workspace, who.user), Outgoing("One more."))
    assert again != ref
    with pytest.raises(RemoteMissing):
        await channel.edit(place, "1500000000.000001", Outgoing("Too late."))


async def test_pages_and_people(installed: tuple[Bench, str]) -> None:
    stage, _ = installed
    who = await maya(stage)
    await stage.slack.channel.home(who, EVERYTHING)
    found = await stage.slack.directory.get(who)
    assert found
    assert found.standing is Standing.MEMBER
    nobody = ChatIdentity("slack", who.workspace, "U404404")
    assert await stage.slack.directory.get(nobody) is None
