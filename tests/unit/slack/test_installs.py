"""Installing in many workspaces, and tokens that are exchanged before they end."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.memory.store import MemoryStore
from adapters.slack.config import SCOPES, SlackApp
from adapters.slack.errors import DEAD, Failure
from adapters.slack.states import LIFE, USED, States
from adapters.slack.tokens import Tokens
from adapters.system import SystemClock
from bot.message import Outgoing, Place
from core import presence
from core.errors import AccessRevoked, RemoteMissing, Unavailable
from core.people import ChatIdentity
from core.ports import Tx
from core.talk import Workspace
from tests.servers.slack.bench import Bench, bench
from tests.servers.slack.server import Refusal, SlackServer

GRANTED = {
    "access_token": "xoxb-new",
    "refresh_token": "xoxe-1-refresh",
    "expires_in": 43200,
    "bot_user_id": "U0BOT",
    "scope": ",".join(SCOPES),
    "team": {"id": "T7", "name": "Harbour <b>"},
    "authed_user": {"id": "U1"},
}


@pytest.fixture
async def fresh(server: SlackServer) -> AsyncIterator[Bench]:
    server.oauth = dict(GRANTED)
    server.members["U1"] = {"team_id": "T7", "profile": {"real_name": "Maya"}}
    async with bench(server, installed=False) as made:
        yield made


async def begin(stage: Bench) -> tuple[str, str, dict[str, str]]:
    """Return Slack's address, the state in it, and the cookies of the browser."""
    url = f"{stage.url}/slack/install"
    async with stage.session.get(url, allow_redirects=False) as answer:
        assert answer.status == 302
        cookies = {name: morsel.value for name, morsel in answer.cookies.items()}
        assert all(m["httponly"] and m["samesite"] == "Lax" for m in answer.cookies.values())
        address = answer.headers["Location"]
    return address, parse_qs(urlsplit(address).query)["state"][0], cookies


async def back(stage: Bench, cookies: Mapping[str, str], **query: str) -> tuple[int, str]:
    # No cookies of the session: each call is a browser of its own.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        url = f"{stage.url}/slack/oauth_redirect"
        header = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        async with session.get(url, params=query, headers=header) as answer:
            return answer.status, await answer.text()


async def test_a_workspace_installs_and_is_reached(fresh: Bench) -> None:
    address, state, cookies = await begin(fresh)
    assert parse_qs(urlsplit(address).query)["scope"] == [",".join(SCOPES)]
    status, page = await back(fresh, cookies, state=state, code="abc")
    assert status == 200
    assert "Harbour &lt;b&gt;" in page
    ((kind, workspace, name, installer),) = fresh.reception.installations
    assert (kind, workspace, name, installer.name) == ("slack", "T7", "Harbour <b>", "Maya")
    kept = await fresh.store.read(lambda tx: tx.workspaces.get("slack", "T7"))
    assert kept
    assert kept.secret["token"] == "xoxb-new"
    assert fresh.server.of("oauth.v2.access")[0]["code"] == "abc"
    assert fresh.server.calls[-1].token == "xoxb-new"


async def test_a_state_is_good_once_and_in_its_own_browser(fresh: Bench) -> None:
    _, state, cookies = await begin(fresh)
    assert (await back(fresh, {}, state=state, code="abc"))[0] == 400
    assert (await back(fresh, {"tandem_slack": "other"}, state=state, code="abc"))[0] == 400
    assert (await back(fresh, cookies, state="other", code="abc"))[0] == 400
    assert (await back(fresh, cookies, code="abc"))[0] == 400
    assert (await back(fresh, cookies, state=state, code="abc"))[0] == 200
    assert (await back(fresh, cookies, state=state, code="abc"))[0] == 400
    assert len(fresh.server.of("oauth.v2.access")) == 1


async def test_an_installation_outlives_the_process_that_began_it(fresh: Bench) -> None:
    _, state, cookies = await begin(fresh)
    fresh.slack._installs._states = States("client-secret", fresh.store, SystemClock())
    assert (await back(fresh, cookies, state=state, code="abc"))[0] == 200
    fresh.slack._installs._states = States("client-secret", fresh.store, SystemClock())
    assert (await back(fresh, cookies, state=state, code="abc"))[0] == 400


async def test_a_state_ends_after_ten_minutes() -> None:
    clock, store = FakeClock(), MemoryStore()
    states = States("client-secret", store, clock)
    first, second = states.make(), states.make()
    clock.time += LIFE
    assert await states.use(first, first)
    clock.time += 1
    assert not await states.use(second, second)


async def test_a_state_is_good_once_of_many_at_the_same_time() -> None:
    states = States("client-secret", MemoryStore(), FakeClock())
    state = states.make()
    found = await asyncio.gather(*(states.use(state, state) for _ in range(5)))
    assert sorted(found) == [False] * 4 + [True]


@pytest.mark.parametrize("state", ["", "x", "..", "a.b.c", "a.9999999999.ff", "é.1.ü", "a" * 9000])
async def test_a_state_of_somebody_else_is_none(state: str) -> None:
    store = MemoryStore()
    states = States("client-secret", store, FakeClock())
    assert not await states.use(state, state)
    foreign = States("another-secret", store, FakeClock()).make()
    assert not await states.use(foreign, foreign)


async def test_what_is_remembered_of_states_has_an_end() -> None:
    clock, store = FakeClock(), MemoryStore()
    states = States("client-secret", store, clock)
    for _ in range(3):
        for state in (states.make(), states.make()):
            assert await states.use(state, state)
        clock.time += LIFE + 1
    kept = await store.read(lambda tx: tx.references.get(*USED))
    assert kept is not None
    assert len(kept) == 2


async def test_declined(fresh: Bench) -> None:
    _, state, cookies = await begin(fresh)
    status, page = await back(fresh, cookies, state=state, error="access_denied")
    assert status == 400
    assert "declined" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"is_enterprise_install": True, "team": None}, "one workspace at a time"),
        ({"scope": "chat:write"}, "fewer permissions"),
        ({"access_token": ""}, "did not confirm"),
        ({"team": {}}, "did not confirm"),
        ({"authed_user": None}, "did not confirm"),
    ],
)
async def test_what_is_no_installation(fresh: Bench, more: dict[str, Any], said: str) -> None:
    fresh.server.oauth = {**GRANTED, **more}
    _, state, cookies = await begin(fresh)
    status, page = await back(fresh, cookies, state=state, code="abc")
    assert status == 400
    assert said in page
    assert fresh.reception.installations == []


async def test_slack_refuses_the_code(fresh: Bench) -> None:
    fresh.server.refuse("oauth.v2.access", Refusal("invalid_code"))
    _, state, cookies = await begin(fresh)
    assert (await back(fresh, cookies, state=state, code="abc"))[0] == 400


async def test_one_workspace_by_its_token(server: SlackServer) -> None:
    async with bench(server, installed=False, bot_token="xoxb-one") as made:
        assert [found[:3] for found in made.reception.installations] == [("slack", "T1", "Harbour")]
        assert (await made.raw("GET", "/slack/install"))[0] == 404


# --- tokens ---------------------------------------------------------------------------------------


class FakeClock:
    def __init__(self) -> None:
        self.time = 1_700_000_000

    def now(self) -> int:
        return self.time


class FakeExchanger:
    def __init__(self) -> None:
        self.forms: list[Mapping[str, str]] = []
        self.failure: Failure | None = None
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def exchange(self, form: Mapping[str, str]) -> dict[str, Any]:
        self.forms.append(form)
        self.asked.set()
        await asyncio.sleep(0)
        await self.may_answer.wait()
        if self.failure:
            raise self.failure
        return {"access_token": "second", "refresh_token": "r2", "expires_in": 43200}


APP = SlackApp("https://tandem.example.org", "signing", "1.2", "client-secret")


async def tokens_of(lasts: int) -> tuple[Tokens, FakeExchanger, MemoryStore]:
    clock, exchanger, store = FakeClock(), FakeExchanger(), MemoryStore()

    async def made() -> FakeExchanger:
        return exchanger

    secret = {"token": "first", "refresh": "r1", "ends": str(clock.now() + lasts), "since": "5"}
    home = Workspace("slack", "T1", "Harbour", None, secret)
    await store.transact(lambda tx: tx.workspaces.save(home))
    return Tokens(APP, store, clock, made), exchanger, store


async def test_a_token_that_lasts_is_used() -> None:
    tokens, exchanger, _ = await tokens_of(3 * 3600)
    assert await tokens.of("T1") == "first"
    assert exchanger.forms == []


async def test_a_token_is_exchanged_once_however_many_ask() -> None:
    tokens, exchanger, store = await tokens_of(600)
    found = await asyncio.gather(*(tokens.of("T1") for _ in range(8)))
    assert set(found) == {"second"}
    assert [form["refresh_token"] for form in exchanger.forms] == ["r1"]
    kept = await store.read(lambda tx: tx.workspaces.get("slack", "T1"))
    assert kept
    assert (kept.secret["refresh"], kept.secret["since"], kept.name) == ("r2", "5", "Harbour")


async def test_while_slack_is_away_the_old_token_does() -> None:
    tokens, exchanger, _ = await tokens_of(600)
    exchanger.failure = Failure(0)
    assert await tokens.of("T1") == "first"


async def test_a_token_that_has_ended_cannot_do() -> None:
    tokens, exchanger, _ = await tokens_of(-10)
    exchanger.failure = Failure(503)
    with pytest.raises(Unavailable):
        await tokens.of("T1")


async def test_a_dead_refresh_token_ends_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.tokens.GRACE", 0)
    tokens, exchanger, store = await tokens_of(-10)
    exchanger.failure = Failure(200, "invalid_refresh_token")
    lost = []

    async def on_lost(workspace: str) -> None:
        lost.append(workspace)
        gone = Workspace("slack", "T1", "Harbour", None, {}, active=False)
        await store.transact(lambda tx: tx.workspaces.save(gone))

    tokens.tell(on_lost)
    for _ in range(2):
        with pytest.raises(AccessRevoked):
            await tokens.of("T1")
    assert lost == ["T1"]


async def test_what_another_process_was_given_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both used one refresh token; the other one's answer is kept a moment later."""
    monkeypatch.setattr("adapters.slack.tokens.GRACE", 0.05)
    tokens, exchanger, store = await tokens_of(-10)
    exchanger.failure = Failure(200, "invalid_refresh_token")
    lost: list[str] = []

    async def on_lost(workspace: str) -> None:
        lost.append(workspace)

    tokens.tell(on_lost)
    asking = asyncio.create_task(tokens.of("T1"))
    await exchanger.asked.wait()
    theirs = Workspace("slack", "T1", "Harbour", None, {"token": "theirs"})
    await store.transact(lambda tx: tx.workspaces.save(theirs))
    with pytest.raises(AccessRevoked):
        await asking
    assert lost == []
    assert await tokens.of("T1") == "theirs"


@pytest.mark.parametrize("code", sorted(DEAD))
async def test_a_dead_token_ends_the_installation(server: SlackServer, code: str) -> None:
    async with bench(server) as made:
        server.refuse("chat.postMessage", Refusal(code))
        with pytest.raises(AccessRevoked):
            await made.slack.channel.send(Place("slack", "T1", "C1"), Outgoing("hello"))
        assert made.reception.removals == ["T1"]
        await made.slack.channel.send(Place("slack", "T1", "C1"), Outgoing("hello"))


async def test_a_token_that_was_replaced_meanwhile_is_no_loss(stage: Bench) -> None:
    await stage.slack.channel.send(Place("slack", "T1", "C1"), Outgoing("hello"))
    newer = Workspace("slack", "T1", "Harbour", None, {"token": "newer", "since": "1"})
    await stage.store.transact(lambda tx: tx.workspaces.save(newer))
    stage.server.refuse("chat.postMessage", Refusal("token_revoked"), Refusal("not_in_channel"))
    for _ in range(2):
        with pytest.raises((AccessRevoked, RemoteMissing)):
            await stage.slack.channel.send(Place("slack", "T1", "C1"), Outgoing("hello"))
    assert stage.reception.removals == []
    assert stage.server.calls[-1].token == "newer"


async def test_who_was_not_reached_meanwhile_is_reached_after_a_new_installation() -> None:
    tokens, _, store = await tokens_of(600)
    maya = ChatIdentity("slack", "T1", "U1")

    async def marked(*, active: bool) -> bool:
        def work(tx: Tx) -> None:
            presence.mark_unreachable(tx, maya, 1, "AccessRevoked")
            tx.workspaces.save(Workspace("slack", "T1", "Harbour", None, {}, active=active))

        await store.transact(work)
        await tokens.save("T1", "Harbour", {"token": "new"})
        return await store.read(lambda tx: presence.is_unreachable(tx, maya))

    assert not await marked(active=False)
    assert await marked(active=True)  # who had blocked us before still does


async def test_a_workspace_removed_meanwhile_is_not_brought_back() -> None:
    tokens, _, store = await tokens_of(600)
    gone = Workspace("slack", "T1", "Harbour", None, {}, active=False)
    await store.transact(lambda tx: tx.workspaces.save(gone))
    await tokens.save("T1", "", {"token": "late"}, renews="r1")
    with pytest.raises(AccessRevoked):
        await tokens.of("T1")


async def test_a_workspace_installed_anew_meanwhile_keeps_its_new_token() -> None:
    tokens, _, store = await tokens_of(600)
    await tokens.save("T1", "", {"token": "late"}, renews="r0")
    kept = await store.read(lambda tx: tx.workspaces.get("slack", "T1"))
    assert kept
    assert kept.secret["token"] == "first"


async def test_an_exchange_goes_on_when_nobody_waits_for_it_any_more() -> None:
    tokens, exchanger, store = await tokens_of(600)
    exchanger.may_answer.clear()
    waiting = asyncio.create_task(tokens.of("T1"))
    await exchanger.asked.wait()
    waiting.cancel()
    exchanger.may_answer.set()
    await tokens.close()
    kept = await store.read(lambda tx: tx.workspaces.get("slack", "T1"))
    assert kept
    assert kept.secret["token"] == "second"


# --- settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"signing_secret": ""},
        {"client_id": ""},
        {"client_secret": ""},
        {"public_url": "http://tandem.example.org"},
        {"public_url": ""},
        {"app_token": "xoxb-no"},
        {"bot_token": "nonsense"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, str]) -> None:
    right = {
        "public_url": "https://tandem.example.org",
        "signing_secret": "s",
        "client_id": "1.2",
        "client_secret": "c",
    }
    SlackApp(**right)
    with pytest.raises(ValueError, match="Slack"):
        SlackApp(**{**right, **wrong})
