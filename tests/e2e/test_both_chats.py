"""The whole product between stand-ins for Slack and Teams, made by settings alone."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
import re
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from adapters.demo.mail_sink import MailSink
from adapters.slack.config import SCOPES
from adapters.storage.sealing import new_key
from adapters.system import SystemClock
from bot.app import Tandem, build
from bot.settings import Settings
from tests.e2e.house import free_port
from tests.servers.slack.bench import SECRET
from tests.servers.slack.server import SlackServer
from tests.servers.teams.issuer import APP_ID
from tests.servers.teams.server import PASSWORD, TENANT, Connector, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

Json = dict[str, Any]
T = TypeVar("T")

PEOPLE = b"""name,email,zone,role,mentor
Maya Lind,maya@example.com,Europe/London,mentee,alex@example.org
Alex Chen,alex@example.org,Europe/London,mentor,
"""
FORM = "application/x-www-form-urlencoded"
numbers = itertools.count(1)


@dataclass
class Town:
    """The product, and what is around it."""

    slack: SlackServer
    teams: Connector
    sink: MailSink
    settings: Settings
    http: aiohttp.ClientSession
    tandem: Tandem = field(init=False)

    async def start(self) -> None:
        self.tandem = build(self.settings)
        await self.tandem.start()

    # --- Slack --------------------------------------------------------------------------------

    async def post(self, body: Json, kind: str = FORM) -> tuple[int, str]:
        raw = (json.dumps(body) if kind != FORM else urlencode(body)).encode()
        stamp = str(int(time.time()))
        signed = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256)
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        url = f"{self.settings.public_url}/slack/events"
        async with self.http.post(url, data=io.BytesIO(raw), headers=headers) as answer:
            return answer.status, await answer.text()

    async def event(self, inner: Json, event_id: str = "") -> None:
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": event_id or f"Ev{next(numbers)}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
            "event": inner,
        }
        assert await self.post(body, "application/json") == (200, "")

    async def says(self, user: str, text: str) -> None:
        stamp = f"1700000000.{next(numbers):06}"
        about = {"type": "message", "channel_type": "im", "channel": f"D{user}", "ts": stamp}
        await self.event({**about, "user": user, "team": "T1", "text": text})

    async def presses(self, user: str, action: str, ref: str, stamp: str) -> None:
        pressed = {"type": "button", "action_id": action, "action_ts": stamp}
        place = {"type": "message", "message_ts": ref, "channel_id": f"D{user}"}
        who = {"user": {"id": user, "team_id": "T1"}, "team": {"id": "T1"}}
        body = {**who, "type": "block_actions", "container": place, "actions": [pressed]}
        assert (await self.post({"payload": json.dumps(body)}))[0] == 200

    async def in_slack(self, user: str, test: Callable[[str], object]) -> tuple[str, Json]:
        """Wait for what stands in a conversation; return its id and what it is."""

        def look() -> tuple[str, Json] | None:
            here = [(ts, m) for (c, ts), m in self.slack.messages.items() if c == f"D{user}"]
            return next(((ts, m) for ts, m in reversed(here) if test(json.dumps(m))), None)

        return await self.waits(look)

    async def install(self) -> None:
        """Install by the pages, as an administrator does in the browser."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            url = f"{self.settings.public_url}/slack/"
            async with browser.get(f"{url}install", allow_redirects=False) as answer:
                asked = parse_qs(urlsplit(answer.headers["Location"]).query)
            self.slack.oauth = {
                "access_token": "xoxb-secret-of-T1",
                "bot_user_id": "U0BOT",
                "scope": ",".join(SCOPES),
                "team": {"id": "T1", "name": "Harbour"},
                "authed_user": {"id": "UADA"},
            }
            back = {"state": asked["state"][0], "code": "c"}
            async with browser.get(f"{url}oauth_redirect", params=back) as answer:
                assert answer.status == 200

    # --- Teams --------------------------------------------------------------------------------

    async def in_teams(self, **more: Any) -> None:
        activity = {
            "type": "message",
            "id": f"f:{next(numbers)}",
            "channelId": "msteams",
            "serviceUrl": self.teams.service,
            "from": {"id": "29:alex", "name": "Alex Chen", "aadObjectId": "a1ec"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Tandem"},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": "a:alex"},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }
        headers = {"Authorization": f"Bearer {self.teams.issuer.token(self.teams.service)}"}
        url = f"{self.settings.public_url}/api/messages"
        async with self.http.post(url, json=activity, headers=headers) as answer:
            assert answer.status in (200, 201)

    async def shown(self, test: Callable[[str], object]) -> tuple[str, Json]:
        """Wait for what stands in Alex's conversation in Teams."""

        def look() -> tuple[str, Json] | None:
            here = reversed(list(self.teams.activities.items()))
            return next(((ref, m) for (_, ref), m in here if test(json.dumps(m))), None)

        return await self.waits(look)

    # --- both ---------------------------------------------------------------------------------

    async def waits(self, look: Callable[[], T | None]) -> T:
        for _ in range(300):
            if (found := look()) is not None:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError((self.slack.messages, self.teams.activities))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Town]:
    """Start everything; Ada has installed it in Slack and handed the people in."""
    sink = MailSink(SystemClock())
    await sink.start()
    async with SlackServer() as slack, Connector() as teams, aiohttp.ClientSession() as http:
        people = {"UADA": ("Ada North", "ada@example.com"), "UMAYA": ("Maya", "maya@example.com"),
                  "UALEX": ("Alex", "alex@example.org")}  # fmt: skip
        for user, (name, email) in people.items():
            profile = {"real_name": name, "email": email}
            slack.members[user] = {"id": user, "team_id": "T1", "profile": profile}
        teams.members["29:alex"] = {"email": "alex@example.org", "name": "Alex", "tenantId": TENANT}
        town = Town(slack, teams, sink, _settings(folder, slack, teams, sink), http)
        await town.start()
        try:
            await town.install()
            await town.says("UADA", "admin create programme Aurora")
            await town.says("UADA", "upload page")
            _, page = await town.in_slack("UADA", lambda m: "/upload/" in m)
            url = re.search(r"http://[^\"]+/upload/[\w.-]+", json.dumps(page))
            assert url is not None
            sent = aiohttp.FormData()
            sent.add_field("file", io.BytesIO(PEOPLE), filename="people.csv")
            async with http.post(url[0], data=sent) as answer:
                assert answer.status == 200
            await town.in_slack("UADA", lambda m: "2 people added" in m)
            yield town
        finally:
            await town.tandem.stop()
            await sink.stop()
        assert not slack.violations
        assert not teams.violations


def _settings(folder: Path, slack: SlackServer, teams: Connector, sink: MailSink) -> Settings:
    port = free_port()
    return Settings.model_validate(
        {
            "keys": new_key("test"),
            "assistant_address": "assistant@tandem.example.org",
            "smtp_url": f"smtp://127.0.0.1:{sink.port}",
            "organisation": "Ridge",
            "admin_name": "Ada North",
            "admin_email": "ada@example.com",
            "database_url": f"sqlite:///{folder / 'tandem.db'}",
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "slack_signing_secret": SECRET,
            "slack_client_id": "1.2",
            "slack_client_secret": "client-secret",
            "slack_api_url": slack.api,
            "teams_app_id": APP_ID,
            "teams_app_password": PASSWORD,
            "teams_tenant": TENANT,
            "teams_login_url": teams.url,
            "teams_openid_url": f"{teams.url}/openid",
            "teams_service_url": teams.service,
        }
    )


async def offered(town: Town) -> str:
    """Let Maya ask for Alex by a mention and offer all times; return what she pressed."""
    command = {"command": "/schedule", "text": "with <@UALEX> next week", "team_id": "T1"}
    asked = await town.post({**command, "user_id": "UMAYA", "trigger_id": "1.t"})
    assert "private" in json.loads(asked[1])["text"]
    ref, card = await town.in_slack("UMAYA", lambda m: ":all" in m)
    found = re.search(r"offer:\w+:all", json.dumps(card))
    assert found is not None
    await asyncio.gather(*(town.presses("UMAYA", found[0], ref, "7.7") for _ in range(5)))
    return ref


async def test_one_proposal_lives_in_slack_and_in_teams(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.in_teams(text="hello")
        await town.shown(lambda m: "Hello Alex" in m)
        ref = await offered(town)
        card_ref, card = await town.shown(lambda m: "accept:" in m)
        await town.tandem.stop()
        await town.start()  # between the question and the answer
        verb = re.search(r"accept:\w+:\d+", json.dumps(card))
        assert verb is not None
        action = {"type": "Action.Execute", "verb": verb[0], "data": {}}
        value = {"action": action}
        for _ in range(2):
            await town.in_teams(type="invoke", name="adaptiveCard/action", value=value, id="f:once",
                                replyToId=card_ref)  # fmt: skip
        await town.in_slack("UMAYA", lambda m: "with Alex Chen. The invitation comes" in m)
        there = town.teams.activities
        await town.waits(lambda: "accept:" not in json.dumps(there["a:alex", card_ref]) or None)
        await town.waits(lambda: "Booked" in town.slack.messages["DUMAYA", ref]["text"] or None)
        everything = json.dumps([call.body for call in town.slack.calls])
        assert everything.count("Offered to Alex Chen") == 2, "its text and its block, once"


async def test_who_installs_it_in_teams_is_greeted_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        added = {"type": "conversationUpdate", "membersAdded": [{"id": f"28:{APP_ID}"}]}
        await town.in_teams(**added)
        for _ in range(2):
            await town.in_teams(type="installationUpdate", action="add")
        await town.shown(lambda m: "Hello Alex! I am Tandem" in m)
        await town.in_teams(text="thanks")
        await town.shown(lambda m: "With pleasure" in m)
        assert len(town.teams.activities) == 2


async def test_whoever_blocks_the_bot_answers_by_mail(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.in_teams(text="hello")
        await town.shown(lambda m: "Hello Alex" in m)
        town.teams.orders.append(refusal(403, "MessageWritesBlocked"))
        await offered(town)
        await town.in_slack("UMAYA", lambda m: "your times were sent by mail" in m)
        (mail,) = [m for m in town.sink.mails() if "offers you" in m.subject]
        link = re.search(r"http://\S+/answer/[\w.-]+", mail.text)
        assert link is not None
        async with town.http.get(link[0]) as page:
            (first, *_) = re.findall(r'name="time" value="(\d+)"', await page.text())
        answers = await asyncio.gather(
            *(town.http.post(link[0], data={"time": first}) for _ in range(5))
        )
        assert [a.status for a in answers] == [200] * 5
        for answer in answers:
            answer.release()
        await town.in_slack("UMAYA", lambda m: "with Alex Chen. The invitation comes" in m)


def kept_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_no_token_and_no_secret_of_a_person_lies_about(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path) as town:
        await town.says("UMAYA", "pw: hunter2-of-maya")
        await town.in_slack("UMAYA", lambda m: "looks like a password" in m)
        before = kept_in(tmp_path)
        await town.event({"type": "app_uninstalled"})
        answer = await town.post(
            {"command": "/schedule", "text": "x", "team_id": "T1", "user_id": "UMAYA"}
        )
        assert "not installed" in json.loads(answer[1])["text"]
    logged = "".join(capfd.readouterr()).encode()
    for secret in ("xoxb-secret-of-T1", "hunter2-of-maya", SECRET, PASSWORD, "client-secret"):
        assert secret.encode() not in before + kept_in(tmp_path) + logged
