"""What nobody should send to the chats' addresses and to the pages, sent to the whole product.

Every refusal is a 4xx without a word, nothing ends in a fault of ours, and what is let in but
means nothing changes nothing.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import io
import json
import re
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from adapters.slack.config import SCOPES
from tests.e2e.test_both_chats import Town, numbers, offered, opened
from tests.servers.slack.bench import SECRET
from tests.servers.slack.server import Refusal
from tests.servers.teams.issuer import APP_ID
from tests.servers.teams.server import TENANT, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Json = dict[str, Any]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc\r\n--x--\r\n'
)
BOT = f"28:{APP_ID}"
CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x202E, 0x2066, 0xFEFF)))
PACKED = gzip.compress(b'{"text": "' + b"x" * 20_000_000 + b'"}')
PACKINGS = ("gzip", "deflate", "br", "zstd", "nothing known")
ODD_TYPES = (
    FORM,
    f"{FORM}; charset=nonsense",
    f"{FORM}; charset=utf-16",
    f"{FORM}; charset=base64",
    MULTIPART,
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/mixed; boundary=x",
    "text/plain",
    JSON,
    "nothing at all",
    "",
)
ODD_BODIES = (
    b"",
    b"time=\xff\xfe&answer=%ff%fe",
    b"time[]=1&time[]=2",
    b"a=1&" * 3000,
    FILE[:60],
    FILE.replace(b"abc", b"\x00\x81\x8d"),
    FILE.replace(b"Content-Disposition", b"Content Disposition"),
    FILE.replace(b'"a.csv"', b'"' + b"a" * 20_000 + b'"'),
)


POST = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
NO_HTTP = (
    b"\x16\x03\x01\x02\x00\x01",
    b"nonsense\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /slack/install HTTP/1.1\r\n\r\n",
    POST + b"Content-Length: -1\r\n\r\n",
    POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + b"Cookie: \x01\r\n\r\n",
    POST + b"X-Slack-Signature: " + b"v" * 20_000 + b"\r\n\r\n",
)
EXPECTS = POST + b"Expect: <b>you</b>\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def answered(town: Town, letter: bytes) -> str:
    """Send bytes as they stand to where the product listens; return what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.settings.port)
    try:
        writer.write(letter)
        return (await reader.read()).decode()
    finally:
        writer.close()


async def sent(
    town: Town, path: str, raw: bytes, headers: Mapping[str, str], method: str = "POST"
) -> tuple[int, str]:
    """Send a body as it stands; return what is answered."""
    url = f"{town.settings.public_url}{path}"
    bare = {"Content-Type"} if not headers.get("Content-Type") else set()
    shown = {name: value for name, value in headers.items() if value}
    async with town.http.request(
        method, url, data=io.BytesIO(raw), headers=shown, skip_auto_headers=bare
    ) as answer:
        return answer.status, await answer.text(errors="replace")


def signed(raw: bytes, kind: str = JSON, *, at: str = "", **more: str) -> dict[str, str]:
    """Return the headers that Slack sends with a body; `more` replaces some."""
    stamp = at or str(int(time.time()))
    base = b"v0:" + stamp.encode() + b":" + raw
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest(),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }


def event(inner: Json, **more: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Bad{next(numbers)}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": inner,
        **more,
    }


def said(text: str, **more: Any) -> Json:
    stamp = f"1700000000.{next(numbers):06}"
    about = {"type": "message", "channel_type": "im", "channel": "DUMAYA", "ts": stamp}
    return {**about, "user": "UMAYA", "team": "T1", "text": text, **more}


def activity(town: Town, **more: Any) -> Json:
    return {
        "type": "message",
        "id": f"f:{next(numbers)}",
        "channelId": "msteams",
        "serviceUrl": town.teams.service,
        "from": {"id": "29:alex", "name": "Alex Chen", "aadObjectId": "a1ec"},
        "recipient": {"id": BOT, "name": "Tandem"},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": "a:alex"},
        "channelData": {"tenant": {"id": TENANT}},
        **more,
    }


async def in_teams(town: Town, body: Json | bytes, **claims: Any) -> tuple[int, str]:
    """Send an activity with a token whose claims may be changed."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    token = town.teams.issuer.token(town.teams.service, **claims)
    headers = {"Content-Type": JSON, "Authorization": f"Bearer {token}"}
    return await sent(town, "/api/messages", raw, headers)


def written(town: Town) -> int:
    """Return how much people have been shown until now."""
    return len(town.slack.messages) + len(town.teams.activities) + len(town.sink.mails())


async def quiet(town: Town, user: str = "UMAYA") -> None:
    """Wait until all that came in was answered: what is said last is answered last."""
    word = f"reach me in chat {next(numbers)}"
    before = [key for key in town.slack.messages if key[0] == f"D{user}"]
    await town.says(user, word)

    def answered() -> bool | None:
        now = [key for key in town.slack.messages if key[0] == f"D{user}"]
        return len(now) > len(before) or None

    await town.waits(answered)


# --- who is turned away ---------------------------------------------------------------------------


async def test_every_refusal_is_a_4xx_without_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path) as town:
        before = written(town)
        await refused_by_slack(town)
        await refused_by_teams(town)
        for letter in (*NO_HTTP, EXPECTS):
            head, _, words = (await answered(town, letter)).partition("\r\n\r\n")
            status = "417" if letter is EXPECTS else "400"
            assert (head.split()[1], words) == (status, ""), letter[:60]
            assert "\r\nServer: Tandem\r\n" in f"{head}\r\n"
        assert written(town) == before
    assert "request_failed" not in capfd.readouterr().out


async def refused_by_slack(town: Town) -> None:
    raw, now = json.dumps(event(said("book with Alex"))).encode(), int(time.time())
    old = signed(raw, at=str(now - 10))
    large = b"payload=" + b"x" * 2_000_000
    letters: list[tuple[int, bytes, dict[str, str]]] = [
        (401, raw, signed(raw, X_Slack_Signature="")),
        (401, raw, signed(raw, X_Slack_Signature="v0=" + "0" * 64)),
        (401, raw, signed(raw, X_Slack_Signature="v1=x")),
        (401, raw + b" ", signed(raw)),
        (401, raw, signed(raw, at="soon")),
        (401, raw, signed(raw, at="1e9")),
        (401, raw, signed(raw, at=f"{now}.0")),
        (401, raw, signed(raw, X_Slack_Request_Timestamp="")),
        (401, raw, signed(raw, at=str(now - 301))),
        (401, raw, signed(raw, at=str(now + 400))),
        (401, raw, {**old, "X-Slack-Request-Timestamp": str(now)}),
        (415, raw, signed(raw, "text/plain")),
        (415, raw, signed(raw, MULTIPART)),
        (415, raw, signed(raw, "")),
        (400, b"{", signed(b"{")),
        (400, b"[]", signed(b"[]")),
        (400, b"\xff\xfe", signed(b"\xff\xfe", f"{JSON}; charset=nonsense")),
        (400, b"[" * 90_000, signed(b"[" * 90_000)),
        (400, b"payload=x", signed(b"payload=x", f"{FORM}; charset=utf-16")),
        (413, large, signed(large, FORM)),
        *((400, PACKED, signed(PACKED, Content_Encoding=name)) for name in PACKINGS),
    ]
    for number, (status, body, headers) in enumerate(letters):
        found = await sent(town, "/slack/events", body, headers)
        assert found == (status, ""), number
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await sent(town, "/slack/events", raw, signed(raw), method))[0] == 405


async def refused_by_teams(town: Town) -> None:
    now = int(time.time())
    good = activity(town, text="book with Maya")
    for claims in (
        {"iss": "https://sts.windows.net/x/"},
        {"iss": None},
        {"aud": "another-app"},
        {"exp": now - 3600},
        {"exp": None},
        {"nbf": now + 3600},
    ):
        assert await in_teams(town, good, **claims) == (401, ""), claims
    assert await in_teams(town, good, serviceurl="https://evil.example.org/") == (403, "")
    assert await in_teams(town, {**good, "channelId": "emulator"}) == (403, "")
    elsewhere = {"tenant": {"id": "11111111-2222-3333-4444-555555555555"}}
    assert await in_teams(town, {**good, "channelData": elsewhere}) == (400, "")
    known = town.teams.issuer.token(town.teams.service)
    town.teams.issuer.add("first")  # the same id in other hands
    assert await in_teams(town, good) == (401, "")
    town.teams.issuer.add("nobody-knows")
    assert await in_teams(town, good, key_id="nobody-knows") == (401, "")
    raw = json.dumps(good).encode()
    for header in ("", "Bearer", "Bearer a.b.c", "Bearer ü.ü.ü", "Basic x", "Bearer " + "x" * 7000):
        headers = {"Content-Type": JSON, "Authorization": header}
        assert await sent(town, "/api/messages", raw, headers) == (401, ""), header
    bearer = {"Content-Type": JSON, "Authorization": f"Bearer {known}"}
    for body, status in ((b"{", 400), (b"[]", 400), (b"", 400), (b"x" * 2_000_000, 413)):
        assert await sent(town, "/api/messages", body, bearer) == (status, "")
    for name in PACKINGS:
        headers = {**bearer, "Content-Encoding": name}
        assert await sent(town, "/api/messages", PACKED, headers) == (400, ""), name
    for kind in ("", "text/plain", FORM):
        headers = {**bearer, "Content-Type": kind}
        assert await sent(town, "/api/messages", raw, headers) == (415, "")


# --- who is let in, and means nothing -------------------------------------------------------------


async def test_what_means_nothing_changes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path) as town:
        await town.in_teams(text="hello")
        await town.shown(lambda m: "Hello Alex" in m)
        before = written(town)
        for inner in (
            {"type": "never_heard_of", "x": [1]},
            {"type": None},
            said("edited", subtype="message_changed", message=said("new words")),
            said("deleted", subtype="message_deleted", deleted_ts="1.1", hidden=True),
            said("I am a bot", bot_id="B1"),
            said("so am I", subtype="bot_message", bot_profile={"id": "B1"}),
            said("it is me", user="U0BOT"),
            said("a channel", channel_type="channel", channel="C1"),
            {"type": "user_change", "user": {"id": "UNOBODY", "deleted": True}},
        ):
            assert await town.post(event(inner), JSON) == (200, "")
        assert await town.post(event({"type": "user_change", "user": 7}), JSON) == (400, "")
        for more in (
            {"type": "messageUpdate", "text": "edited"},
            {"type": "messageDelete"},
            {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
            {"type": "somethingNew"},
            {"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {}},
            {"text": "a bot", "from": {"id": "28:other", "aadObjectId": "b0b"}},
            {"text": "a bot", "from": {"id": "29:b", "role": "bot", "aadObjectId": "b0b"}},
            {"text": "", "value": {"button": "of another app"}},
        ):
            assert await in_teams(town, activity(town, **more)) == (201, "")
        strange = activity(town, type="invoke", name="composeExtension/query", value={})
        assert (await in_teams(town, strange))[0] == 404
        await quiet(town)
        assert written(town) == before + 1
    assert "request_failed" not in capfd.readouterr().out


# --- buttons and forms that are out of date -------------------------------------------------------

OLD = (
    "accept:long-gone:1600000000",
    "offer:long-gone:all",
    "verb-of-an-older-version:1",
    "same:nobody:yes",
    "window:ask:long-gone",
    "connect:form:nothing",
    ":::",
)


async def test_what_is_out_of_date_is_answered_with_a_sentence(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.in_teams(text="hello")
        await town.shown(lambda m: "Hello Alex" in m)
        for number, action in enumerate(OLD):
            await town.presses("UMAYA", action, "1600000000.000100", f"9.{number}")
            execute = {"action": {"type": "Action.Execute", "verb": action, "data": {}}}
            invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": execute}
            assert (await in_teams(town, activity(town, **invoke)))[0] == 200
        view = {"id": "V1", "type": "modal", "hash": "1.x", "callback_id": "window:ask:long-gone"}
        state = {"values": {"in|when": {"entry": {"value": "next week"}}}}
        modal = {"type": "view_submission", "team": {"id": "T1"}, "trigger_id": "1.2.def"}
        user = {"id": "UMAYA", "team_id": "T1"}
        body = {**modal, "user": user, "view": {**view, "state": state}}
        assert (await town.post({"payload": json.dumps(body)}))[0] == 200
        await quiet(town)
        texts = [m["text"] for (c, _), m in town.slack.messages.items() if c == "DUMAYA"]
        assert any("from an earlier version" in text for text in texts)
        assert not any("Something went wrong" in text for text in texts)
        await town.shown(lambda m: "from an earlier version" in m)
        assert "Something went wrong" not in json.dumps(list(town.teams.activities.values()))


async def test_an_event_that_comes_five_times_at_once_is_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        again = event(said("talk to a person: hello"))
        answers = await asyncio.gather(*(town.post(again, JSON) for _ in range(5)))
        assert answers == [(200, "")] * 5
        hello = activity(town, text="hello")
        found = await asyncio.gather(*(in_teams(town, hello) for _ in range(5)))
        assert found == [(201, "")] * 5
        await town.shown(lambda m: "Hello Alex" in m)
        await quiet(town)
        assert (await town.post(again, JSON)) == (200, "")  # as Slack does five minutes later
        await quiet(town)
        shown = [m for (c, _), m in town.slack.messages.items() if c == "DUMAYA"]
        assert len(shown) == 3
        assert len(town.teams.activities) == 1


async def test_words_with_every_control_character_are_read(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.says("UMAYA", f"he{CONTROLS}\ud800llo")
        await town.says("UMAYA", f"hello{CONTROLS}")
        await town.in_slack("UMAYA", lambda m: "Hello Maya" in m)
        await in_teams(town, activity(town, text=f"{CONTROLS}hello\ud800{CONTROLS}"))
        await town.shown(lambda m: "Tandem" in m)
        await town.says("UMAYA", f"talk to a person: {CONTROLS}<!channel> & <b>\u202e")
        await quiet(town)
        everything = json.dumps([call.body for call in town.slack.calls])
        assert "<!channel>" not in everything
        assert not re.search(r"\\u00[01][0-8bcef]|\\u007f", everything)


async def test_somebody_in_two_workspaces_is_one_person(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.says("UMAYA", "hello")
        await town.in_slack("UMAYA", lambda m: "Hello Maya" in m)
        await installed_in_another(town)
        town.slack.members["UMAYA2"] = {
            "id": "UMAYA2",
            "team_id": "T2",
            "profile": {"real_name": "Maya", "email": "maya@example.com"},
        }
        ours = {"team_id": "T2", "authorizations": [{"team_id": "T2", "is_bot": True}]}
        there = said("what have I got?", user="UMAYA2", team="T2", channel="DUMAYA2")
        assert await town.post(event(there, **ours), JSON) == (200, "")
        _, card = await town.in_slack("UMAYA2", lambda m: "no sessions" in m)
        assert "Alex" in json.dumps(card)
        spy = said("what have I got?", user="UMAYA2", team="T2", channel="DUMAYA2")
        assert await town.post(event(spy), JSON) == (200, "")  # a stranger by way of T1
        await quiet(town)
        assert len([c for c, _ in town.slack.messages if c == "DUMAYA2"]) == 1


@pytest.mark.parametrize("seen", [True, False])
async def test_somebody_of_another_workspace_in_a_shared_channel_is_told(
    tmp_path: Path, seen: bool
) -> None:
    async with opened(tmp_path) as town:
        if seen:  # with the address of one of our people, which proves nothing
            about = {"real_name": "Maya", "email": "maya@example.com"}
            town.slack.members["USPY"] = {"id": "USPY", "team_id": "T9", "profile": about}
        spy = said(
            "<@U0BOT> what have I got?", user="USPY", team="T9", user_team="T9", channel="C1"
        )
        spy = {**spy, "type": "app_mention", "channel_type": "channel"}
        assert await town.post(event(spy, is_ext_shared_channel=True), JSON) == (200, "")
        (told,) = await town.waits(lambda: town.slack.of("chat.postEphemeral") or None)
        assert (told["channel"], told["user"]) == ("C1", "USPY")
        assert told["text"].startswith("I schedule for the people of this workspace only")
        await quiet(town)
        assert not [place for place, _ in town.slack.messages if place in ("C1", "DUSPY")]


async def installed_in_another(town: Town) -> None:
    """Ada installs it in a second workspace."""
    town.slack.members["UADA2"] = {
        "id": "UADA2",
        "team_id": "T2",
        "profile": {"real_name": "Ada", "email": "ada@example.com"},
    }
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        url = f"{town.settings.public_url}/slack"
        async with browser.get(f"{url}/install", allow_redirects=False) as answer:
            found = re.search(r"state=([^&]+)", answer.headers["Location"])
        assert found is not None
        town.slack.oauth = {
            "access_token": "xoxb-of-T2",
            "bot_user_id": "U0BOT2",
            "scope": ",".join(SCOPES),
            "team": {"id": "T2", "name": "Lighthouse"},
            "authed_user": {"id": "UADA2"},
        }
        back = f"{url}/oauth_redirect?state={found[1]}&code=c"
        async with browser.get(back) as answer:
            assert answer.status == 200


# --- a workspace that is lost, and comes back -----------------------------------------------------


async def test_a_token_that_slack_has_ended_is_told_once_and_replaced(tmp_path: Path) -> None:
    async with opened(tmp_path) as town:
        await town.says("UMAYA", "hello")
        await town.in_slack("UMAYA", lambda m: "Hello Maya" in m)
        town.slack.refuse("chat.postMessage", Refusal("token_revoked"), Refusal("token_revoked"))
        for _ in range(2):
            assert (await town.post(event(said("what have I got?")), JSON))[0] == 200

        def told() -> list[str]:
            return [m.to[0] for m in town.sink.mails() if "has removed me" in m.text]

        await town.waits(lambda: told() or None)
        town.slack.refusals.clear()
        await town.install()
        await town.says("UMAYA", "what have I got?")
        await town.in_slack("UMAYA", lambda m: "no sessions" in m)
        assert told() == ["ada@example.com"]
        (mail,) = [m for m in town.sink.mails() if "has removed me" in m.text]
        assert f"{town.settings.public_url}/slack/install" in mail.text


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader")
async def test_no_page_fails_by_what_it_is_sent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with opened(tmp_path) as town:
        await town.in_teams(text="hello")
        await town.shown(lambda m: "Hello Alex" in m)
        town.teams.orders.append(refusal(403, "MessageWritesBlocked"))
        await offered(town)
        await town.in_slack("UMAYA", lambda m: "your times were sent by mail" in m)
        paths = {"answer": linked(town, "answer"), "upload": await upload_link(town)}
        paths["connect"] = await connect_link(town)
        for path in paths.values():
            await strange_bodies(town, path)
        async with town.http.get(f"{town.settings.public_url}{paths['answer']}") as page:
            first = re.search(r'name="time" value="(\d+)"', await page.text())
        assert first is not None
        form = {"Content-Type": FORM}
        answer = await sent(town, paths["answer"], b"time=" + first[1].encode(), form)
        assert answer[0] == 200
        await town.waits(lambda: linked(town, "rsvp") or None)
        await strange_bodies(town, linked(town, "rsvp"))
        for path in ("/slack/install", "/slack/oauth_redirect", "/oauth/google/callback", "/x"):
            assert (await sent(town, path, b"x", {"Content-Type": "nothing"}))[0] in (404, 405)
        for query in ("", "?state=x&code=y", "?state=%ff", "?error=x", "?state=a.1.b&code=%00"):
            found = await sent(town, f"/slack/oauth_redirect{query}", b"", {}, "GET")
            assert found[0] == 400
    assert "request_failed" not in capfd.readouterr().out


async def strange_bodies(town: Town, path: str) -> None:
    for kind in ODD_TYPES:
        for body in ODD_BODIES:
            status, page = await sent(town, path, body, {"Content-Type": kind})
            assert 200 <= status < 500, (path, kind, body[:60])
            assert "Traceback" not in page
    packed = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    assert (await sent(town, path, b"not packed", packed))[0] < 500


def linked(town: Town, page: str) -> str:
    """Return the path of a page that stands in a mail, empty where none does."""
    texts = "\n".join(mail.text for mail in town.sink.mails())
    found = re.search(rf"(/{page}/[\w.-]+)", texts)
    return found[1] if found else ""


async def upload_link(town: Town) -> str:
    await town.says("UADA", "upload page")
    _, page = await town.in_slack("UADA", lambda m: "/upload/" in m)
    found = re.search(r"/upload/[\w.-]+", json.dumps(page))
    assert found is not None
    return found[0]


async def connect_link(town: Town) -> str:
    await town.says("UMAYA", "connect apple calendar")
    _, page = await town.in_slack("UMAYA", lambda m: "/connect/" in m)
    found = re.search(r"/connect/[\w.-]+", json.dumps(page))
    assert found is not None
    return found[0]
