"""Who is let in, and how everybody else is turned away: by a 4xx that says nothing."""

import asyncio
import gzip
import io
import json
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.memory.store import MemoryStore
from adapters.system import SystemClock
from adapters.teams.app import Teams
from adapters.teams.auth import KEPT, NoKeysError
from adapters.teams.config import Endpoints, TeamsApp
from tests.servers.teams.bench import BOT, Bench, bench, far
from tests.servers.teams.issuer import APP_ID
from tests.servers.teams.server import PASSWORD, TENANT, Connector


async def test_a_good_message_is_kept_and_acknowledged(stage: Bench) -> None:
    status, body = await stage.post(stage.activity(text="hello"))
    assert (status, body) == (201, "")
    assert [i.text for i in stage.reception.got] == ["hello"]


CLAIMS: list[dict[str, Any]] = [
    {"iss": "https://sts.windows.net/x/"},
    {"iss": None},
    {"aud": "another-app"},
    {"aud": None},
    {"aud": [1]},
    {"exp": far(-3600)},
    {"exp": None},
    {"exp": "soon"},
    {"nbf": far(3600)},
]


def named(claims: dict[str, Any]) -> str:
    """Return a name that does not depend on when the tests were collected."""
    ((name, value),) = claims.items()
    return f"{name}-{type(value).__name__ if isinstance(value, int) else value}"


@pytest.mark.parametrize("claims", CLAIMS, ids=named)
async def test_wrong_claims(stage: Bench, claims: dict[str, Any]) -> None:
    status, body = await stage.post(stage.activity(text="hello"), **claims)
    assert (status, body) == (401, "")
    assert stage.reception.got == []


async def test_token_of_another_service_address(stage: Bench) -> None:
    for claim in ("https://smba.trafficmanager.net/emea/", None):
        status, _ = await stage.post(stage.activity(text="hello"), serviceurl=claim)
        assert status == 403


async def test_key_for_another_channel(stage: Bench) -> None:
    stage.connector.issuer.add("second", "webchat")
    async with bench(stage.connector) as fresh:
        status, _ = await fresh.post(fresh.activity(text="hello"), key_id="second")
    assert status == 403


async def test_activity_of_another_channel(stage: Bench) -> None:
    status, _ = await stage.post(stage.activity(text="hello", channelId="emulator"))
    assert status == 403


async def test_key_that_nobody_published(stage: Bench) -> None:
    stage.connector.issuer.add("first")  # the same id, other hands
    status, _ = await stage.post(stage.activity(text="hello"))
    assert status == 401


async def test_unknown_keys_are_fetched_once_in_a_while(connector: Connector) -> None:
    now = [1000]

    class SetClock:
        def now(self) -> int:
            return now[0]

    teams = Teams(connector.app, MemoryStore(), SetClock(), endpoints=connector.endpoints)
    try:
        await teams.start()
        assert connector.key_fetches == 1
        connector.issuer.add("next")
        for _ in range(3):
            assert await teams._keys.find("next") is None
        assert connector.key_fetches == 1
        now[0] += 300
        assert await teams._keys.find("next") is not None
        for _ in range(3):
            assert await teams._keys.find("none") is None
        assert connector.key_fetches == 2
        now[0] += 24 * 3600
        connector.keys_broken = True  # yesterday's keys serve on
        assert await teams._keys.find("next") is not None
    finally:
        await teams.close()


async def test_keys_that_an_earlier_process_fetched_serve_on(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, now = MemoryStore(), [1_700_000_000]

    class SetClock:
        def now(self) -> int:
            return now[0]

    async def known() -> bool:
        teams = Teams(connector.app, store, SetClock(), endpoints=connector.endpoints)
        try:
            await teams.start()
            return await teams._keys.find("first") is not None
        finally:
            await teams.close()

    assert await known()
    monkeypatch.setattr("adapters.teams.auth.WAITS", ())
    connector.keys_broken = True
    now[0] += KEPT - 1
    assert await known()
    now[0] += 1
    with pytest.raises(NoKeysError):
        await known()


async def test_a_message_waits_for_the_first_keys(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.auth.WAITS", (0.05,) * 200)
    monkeypatch.setattr("adapters.teams.auth.IMPATIENCE", 0)
    connector.keys_broken = True
    async with bench(connector) as stage:
        loop = asyncio.get_running_loop()
        loop.call_later(0.2, connector.mend)
        assert (await stage.post(stage.activity(text="hello")))[0] == 201
        assert [said.text for said in stage.reception.got] == ["hello"]


async def test_without_any_keys_the_connector_may_come_again(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.auth.WAITS", (0.01,))
    connector.keys_broken = True
    async with bench(connector) as stage:
        status, body = await stage.post(stage.activity(text="hello"))
        assert (status, body) == (429, "")
        connector.keys_broken = False
        stage.teams._keys._tried -= 300
        assert (await stage.post(stage.activity(text="hello")))[0] == 201


async def test_nobody_waits_long_for_a_service_that_hangs(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.auth.LONGEST_WAIT", 0.2)
    connector.keys_broken = True
    async with bench(connector) as stage:
        hanging = asyncio.Event()

        async def hangs(_url: str) -> dict[str, Any]:
            await hanging.wait()
            return {}

        monkeypatch.setattr(stage.teams._keys, "_get", hangs)
        stage.teams._keys._tried -= 300
        letters = [stage.post(stage.activity(text="hello")) for _ in range(8)]
        assert await asyncio.gather(*letters) == [(429, "")] * 8


HEADERS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer a.b.c",
    "Bearer a.b",
    "Basic YTpi",
    "Bearer e30.e30.e30",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "Bearer " + "x" * 7000,
    "Bearer W10.W10.W10",
    "Bearer eyJraWQiOnt9fQ.e30.x",
    "bearer ü.ü.ü",
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda h: str(h)[:24])
async def test_malformed_authorization(stage: Bench, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    status, body = await stage.raw(json=stage.activity(text="hello"), headers=headers)
    assert (status, body) == (401, "")


async def test_tokens_without_signature_or_by_a_shared_secret(stage: Bench) -> None:
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "exp": far(600)}
    plain = jwt.encode(claims, "", "none", headers={"kid": "first"})
    secret = jwt.encode(claims, "k" * 32, "HS256", headers={"kid": "first"})
    for token in (plain, secret):
        headers = {"Authorization": f"Bearer {token}"}
        assert (await stage.raw(json=stage.activity(text="x"), headers=headers))[0] == 401


async def test_other_methods(stage: Bench) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
        assert (await stage.raw(method))[0] == 405


def allowed(stage: Bench) -> dict[str, str]:
    token = stage.connector.issuer.token(stage.connector.service)
    return {"Authorization": f"Bearer {token}"}


async def test_content_types(stage: Bench) -> None:
    body = json.dumps(stage.activity(text="hello"))
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        headers = {**allowed(stage), "Content-Type": kind}
        assert (await stage.raw(data=body, headers=headers))[0] == 415
    bare = await stage.raw(
        data=body.encode(), headers=allowed(stage), skip_auto_headers=["Content-Type"]
    )
    assert bare[0] == 415


BODIES = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"text"',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"type": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_unreadable_bodies(stage: Bench, body: bytes) -> None:
    headers = {**allowed(stage), "Content-Type": "application/json"}
    assert await stage.raw(data=body, headers=headers) == (400, "")


async def test_two_megabytes(stage: Bench) -> None:
    headers = {**allowed(stage), "Content-Type": "application/json"}
    body = json.dumps(stage.activity(text="x" * 2_000_000)).encode()
    assert (await stage.raw(data=io.BytesIO(body), headers=headers))[0] == 413
    packed = {**headers, "Content-Encoding": "gzip"}
    assert (await stage.raw(data=gzip.compress(body), headers=packed))[0] == 413
    assert (await stage.raw(data=b"no gzip", headers=packed))[0] == 400


async def test_tenants(connector: Connector) -> None:
    other = "11111111-2222-3333-4444-555555555555"
    foreign = {"tenantId": other, "id": "a:1", "conversationType": "personal"}
    async with bench(connector) as stage:
        told = stage.activity(text="x", conversation=foreign, channelData={"tenant": {"id": other}})
        assert (await stage.post(told))[0] == 403
        # One that says both is refused: which of them is true?
        assert (await stage.post(stage.activity(text="x", conversation=foreign)))[0] == 400
        bare = stage.activity(text="x", channelData=None)
        assert (await stage.post(bare))[0] == 201  # the conversation names it as well
        del bare["conversation"]["tenantId"]
        assert (await stage.post(bare))[0] == 400


def test_other_tenants_come_in_besides_its_own() -> None:
    app = TeamsApp(APP_ID, PASSWORD, TENANT, ("other-tenant",))
    assert [app.admits(tenant) for tenant in (TENANT, "OTHER-tenant", "third")] == [
        True, True, False,
    ]  # fmt: skip


async def test_service_address_outside(stage: Bench) -> None:
    for url in ("https://evil.example.org/", "http://smba.trafficmanager.net/", "", "x"):
        assert (await stage.post(stage.activity(text="x", serviceUrl=url)))[0] == 403
    assert stage.reception.got == []


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", True),
        ("https://smba.trafficmanager.net.evil.org/", False),
        ("https://evil.trafficmanager.net/", False),
        ("https://evilteams.microsoft.com/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://a@smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net/?x=", False),
        ("http://smba.trafficmanager.net/", False),
        ("http://127.0.0.1/", False),
        ("https://[::1/", False),
        ("ftp://smba.trafficmanager.net/", False),
    ],
)
def test_where_the_token_may_travel(url: str, good: bool) -> None:
    assert Endpoints().allows(url) is good


IGNORED: list[dict[str, Any]] = [
    {"kind": "messageUpdate", "text": "edited"},
    {"kind": "messageDelete"},
    {"kind": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    {"kind": "typing"},
    {"kind": "event", "name": "application/vnd.microsoft.readReceipt", "value": {}},
    {"kind": "somethingNew"},
    {"text": "I am a bot", "from": {"id": "28:other", "aadObjectId": "x"}},
    {"text": "so am I", "from": {"id": "29:x", "role": "bot", "aadObjectId": "x"}},
    {"text": "nobody", "from": {"id": "29:x"}},
    {"text": "nobody", "from": None},
    {"text": "   "},
    {"text": "", "value": {"foreign": "button"}},
    {"kind": "installationUpdate", "action": "remove-upgrade"},
    {"kind": "conversationUpdate", "membersAdded": [{"id": "29:other"}]},
    {"kind": "conversationUpdate"},
]


@pytest.mark.parametrize("more", IGNORED, ids=lambda m: str(m)[:40])
async def test_what_is_passed_over(stage: Bench, more: dict[str, Any]) -> None:
    assert (await stage.post(stage.activity(**more)))[0] == 201
    assert stage.reception.got == []


async def test_not_mentioned_in_a_group(stage: Bench) -> None:
    group = {"conversationType": "groupChat", "tenantId": TENANT, "id": "19:x@thread.v2"}
    await stage.post(stage.activity(text="not for you", conversation=group))
    assert stage.reception.got == []


async def test_unknown_invokes(stage: Bench) -> None:
    unknown = stage.activity("invoke", name="composeExtension/query", value={})
    assert (await stage.post(unknown))[0] == 404
    assert (await stage.post(stage.activity("invoke", name="adaptiveCard/action")))[0] == 400


async def test_control_characters(stage: Bench) -> None:
    raw = "book\x00 \x1b[31mAlex\x1b[0m \ud800 \x07now"
    token = stage.connector.issuer.token(stage.connector.service)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps(stage.activity(text=raw))
    assert (await stage.raw(data=body, headers=headers))[0] == 201
    (said,) = stage.reception.got
    assert said.text == "book Alex ? now"


async def test_the_same_activity_five_times_at_once(stage: Bench) -> None:
    activity = stage.activity(text="hello")
    answers = await asyncio.gather(*(stage.post(activity) for _ in range(5)))
    assert [status for status, _ in answers] == [201] * 5
    assert len(stage.reception.got) == 1


async def test_what_is_not_kept_is_not_acknowledged(stage: Bench) -> None:
    stage.reception.error = RuntimeError("disk")
    status, _ = await stage.post(stage.activity(text="hello"))
    assert status == 500


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        *("type", "id", "from", "recipient", "conversation", "channelData", "text", "value"),
        *("entities", "name", "localTimezone", "locale", "membersAdded", "action", "replyToId"),
        *("timestamp", "attachments", "membersRemoved", "deliveryMode", "reactionsAdded"),
    ]
)
KINDS = st.sampled_from(["message", "invoke", "conversationUpdate", "installationUpdate"])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(KINDS, st.dictionaries(FIELDS, JSON, max_size=4))
def test_nothing_strange_ends_in_an_error_of_ours(
    strange: asyncio.Runner, kind: str, changed: dict[str, Any]
) -> None:
    stage: Bench = strange.stage  # type: ignore[attr-defined]

    async def once() -> int:
        base = stage.activity(kind, text="x", name="adaptiveCard/action", value={"action": {}})
        service = stage.connector.service
        token = stage.connector.issuer.token(service)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps({**base, **changed})
        return (await stage.raw(data=body, headers=headers))[0]

    assert strange.run(once()) < 500


@pytest.fixture
def strange() -> Any:
    """A bench on a loop of its own: hypothesis calls plain functions."""
    with asyncio.Runner() as runner:
        connector = Connector()
        held = bench(connector)

        async def enter() -> Bench:
            await connector.__aenter__()
            return await held.__aenter__()

        async def leave() -> None:
            await held.__aexit__(None, None, None)
            await connector.__aexit__()

        runner.stage = runner.run(enter())  # type: ignore[attr-defined]
        yield runner
        runner.run(leave())


# --- what a deployment may say ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "why"),
    [
        (("", "secret", TENANT), "app id"),
        ((APP_ID, "", TENANT), "password"),
        ((APP_ID, "secret", ""), "tenant id"),
        ((APP_ID, "secret", TENANT, ("not a tenant",)), "no tenant id"),
        ((APP_ID, "secret", TENANT, (), True), "development"),
    ],
)
def test_a_door_without_a_lock_is_refused(app: tuple[Any, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        TeamsApp(*app)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(TeamsApp(APP_ID, "secret", TENANT))


async def test_development_is_for_this_machine(connector: Connector) -> None:
    app = TeamsApp("", "", "", development=True)
    teams = Teams(app, MemoryStore(), SystemClock())
    assert not teams._endpoints.allows("https://smba.trafficmanager.net/")
    async with bench(connector) as stage:
        stage.teams._app = app
        told = stage.activity(text="hello")
        assert (await stage.raw(json=told))[0] == 201
        assert (await stage.raw(json=told, headers={"Host": "tandem.example.org"}))[0] == 403
        far_away = {**told, "serviceUrl": "https://smba.trafficmanager.net/"}
        assert (await stage.raw(json=far_away))[0] == 403


def test_the_bot_is_named_by_its_app() -> None:
    assert TeamsApp(APP_ID, "secret", TENANT).bot_id == BOT
