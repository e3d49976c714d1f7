"""Opening an account at Microsoft's own page, with msal over TLS."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import msal
import pytest
from yarl import URL

from adapters.microsoft.auth import PERSONAL_TENANT, Access, Endpoints, consent_of
from core.errors import (
    AccessRevoked,
    BadData,
    ConsentRequiredByAdmin,
    InvalidRequest,
    NotConnected,
    ProviderError,
    Unavailable,
)
from core.links import Tier
from core.ports import Start
from tests.servers.graph.bench import REDIRECT, GraphBench
from tests.servers.graph.entra import Account, Order, refusal

BUSY = {"Calendars.ReadBasic", "User.Read"}
WRITE = {"Calendars.ReadWrite", "User.Read"}
ALWAYS = {"openid", "profile", "offline_access"}


async def started(bench: GraphBench, tier: Tier = Tier.WRITE) -> Start:
    return await bench.adapter.start(tier, "maya@example.org", "a-state-of-ours", REDIRECT)


@pytest.mark.parametrize(("tier", "scopes"), [(Tier.BUSY, BUSY), (Tier.WRITE, WRITE)])
async def test_the_page_asks_for_what_the_tier_needs(
    bench: GraphBench, tier: Tier, scopes: set[str]
) -> None:
    start = await started(bench, tier)
    query = URL(start.url).query
    assert set(query["scope"].split()) == scopes | ALWAYS
    assert query["state"] == "a-state-of-ours"
    assert query["redirect_uri"] == REDIRECT
    assert query["prompt"] == "select_account"
    assert query["login_hint"] == "maya@example.org"
    assert query["code_challenge_method"] == "S256"
    # What proves that it was us stays with us.
    assert json.loads(start.pending["flow"])["code_verifier"] not in start.url


async def test_no_hint_is_no_hint(bench: GraphBench) -> None:
    start = await bench.adapter.start(Tier.BUSY, "", "state", REDIRECT)
    assert "login_hint" not in URL(start.url).query


async def test_an_open_account(bench: GraphBench) -> None:
    consent = await bench.connect()
    assert consent.account == "maya@example.org"
    assert consent.tier is Tier.WRITE
    assert not consent.personal
    assert set(consent.secret) == {"refresh_token", "scopes", "tier", "home_account", "tenant"}
    assert consent.secret["home_account"].endswith(f".{consent.secret['tenant']}")
    assert not any(value.startswith("access-") for value in consent.secret.values())


async def test_a_private_account_is_recognised(bench: GraphBench) -> None:
    bench.entra.account = Account("maya@outlook.example", tenant=PERSONAL_TENANT)
    assert (await bench.connect()).personal


@pytest.mark.parametrize(
    ("asked", "granted", "tier"),
    [
        (Tier.WRITE, WRITE, Tier.WRITE),
        (Tier.WRITE, BUSY, Tier.BUSY),
        (Tier.BUSY, WRITE, Tier.BUSY),
        (Tier.BUSY, BUSY, Tier.BUSY),
    ],
)
async def test_never_more_than_was_asked_and_given(
    bench: GraphBench, asked: Tier, granted: set[str], tier: Tier
) -> None:
    bench.entra.granted = frozenset(granted)
    consent = await bench.connect(asked)
    assert consent.tier is tier
    assert consent.secret["tier"] == tier


async def test_too_little_is_no_account(bench: GraphBench) -> None:
    bench.entra.granted = frozenset({"User.Read"})
    with pytest.raises(NotConnected):
        await bench.connect()


def access(**parts: Any) -> Access:
    claims = {"oid": "o", "tid": "t", "preferred_username": "maya@example.org"}
    given = {"scopes": frozenset({"calendars.readwrite"}), "refresh_token": "r", "claims": claims}
    return Access(token="t", expires_at=0, **(given | parts))


def test_access_that_does_not_last_is_none() -> None:
    with pytest.raises(NotConnected):
        consent_of(access(refresh_token=""), Tier.WRITE)


@pytest.mark.parametrize("claims", [{}, {"oid": "o", "tid": "t"}, {"preferred_username": "x"}])
def test_nobodys_account_is_none(claims: dict[str, str]) -> None:
    with pytest.raises(BadData):
        consent_of(access(claims=claims), Tier.WRITE)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"error": "access_denied", "error_description": "AADSTS65004: declined"}, NotConnected),
        ({"error": "access_denied", "error_description": "AADSTS90094: x"}, ConsentRequiredByAdmin),
        ({"error": "consent_required"}, ConsentRequiredByAdmin),
        ({"error": "server_error", "error_description": "x"}, Unavailable),
    ],
)
async def test_the_page_says_no(
    bench: GraphBench, answer: dict[str, str], kind: type[ProviderError]
) -> None:
    bench.entra.deny = answer
    with pytest.raises(kind):
        await bench.connect()
    assert bench.entra.asked == []


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (Order(refusal("invalid_grant", 65001)), ConsentRequiredByAdmin),
        (Order(refusal("invalid_grant", 53003)), ConsentRequiredByAdmin),
        (Order(refusal("invalid_grant", 70008)), AccessRevoked),
        (Order(refusal("invalid_client", 7000222), 401), Unavailable),
        (Order("<html>maintenance</html>", 503), Unavailable),
        (Order("<html>welcome</html>", 200), BadData),
        (Order({"token_type": "Bearer"}, 200), BadData),
    ],
)
async def test_the_code_is_not_taken(
    bench: GraphBench, order: Order, kind: type[ProviderError]
) -> None:
    bench.entra.orders.append(order)
    with pytest.raises(kind):
        await bench.connect()


async def test_a_code_is_good_once(bench: GraphBench) -> None:
    start = await started(bench)
    query = bench.entra.consent(start.url)
    await bench.adapter.finish(start.pending, query, REDIRECT)
    with pytest.raises(AccessRevoked):
        await bench.adapter.finish(start.pending, query, REDIRECT)


@pytest.mark.parametrize("query", [{}, {"state": "another"}, {"code": "x"}, {"state": ""}])
async def test_an_answer_of_another_sign_in(bench: GraphBench, query: dict[str, str]) -> None:
    start = await started(bench)
    with pytest.raises(NotConnected):
        await bench.adapter.finish(start.pending, {"code": "c"} | query, REDIRECT)
    assert bench.entra.asked == []


async def test_an_answer_at_another_address(bench: GraphBench) -> None:
    start = await started(bench)
    query = bench.entra.consent(start.url)
    with pytest.raises(NotConnected):
        await bench.adapter.finish(start.pending, query, "https://elsewhere.example.net/")
    assert bench.entra.asked == []


@pytest.mark.parametrize("pending", [{}, {"tier": "write"}, {"tier": "write", "flow": "[]"}])
async def test_nothing_was_pending(bench: GraphBench, pending: dict[str, str]) -> None:
    with pytest.raises(BadData):
        await bench.adapter.finish(pending, {"state": "s", "code": "c"}, REDIRECT)


async def test_nobody_listens(bench: GraphBench) -> None:
    bench.endpoints = Endpoints("https://127.0.0.1:9/common", ca_file=bench.endpoints.ca_file)
    with pytest.raises(Unavailable) as caught:
        await bench.build().start(Tier.BUSY, "", "state", REDIRECT)
    assert "127.0.0.1" not in f"{caught.value!r}{caught.value.__cause__!r}"


async def test_a_certificate_of_nobody_is_not_believed(bench: GraphBench) -> None:
    bench.endpoints = Endpoints(bench.entra.authority)
    adapter = bench.build()
    with pytest.raises(Unavailable):
        await adapter.start(Tier.BUSY, "", "state", REDIRECT)
    await adapter.close()


async def test_passwords_are_not_taken(bench: GraphBench) -> None:
    with pytest.raises(InvalidRequest):
        await bench.adapter.verify({"username": "maya", "password": "x"})


async def test_other_clouds_name_their_permissions(bench: GraphBench) -> None:
    at = bench.endpoints
    bench.endpoints = Endpoints(at.authority, at.graph, "https://graph.example.us/", at.ca_file)
    adapter = bench.build()
    start = await adapter.start(Tier.WRITE, "", "state", REDIRECT)
    scopes = URL(start.url).query["scope"].split()
    assert "https://graph.example.us/Calendars.ReadWrite" in scopes
    consent = await adapter.finish(start.pending, bench.entra.consent(start.url), REDIRECT)
    assert consent.tier is Tier.WRITE
    await adapter.close()


async def test_msal_never_works_on_the_loops_thread(
    bench: GraphBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: dict[str, int] = {}

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def work(*args: Any, **kwargs: Any) -> Any:
            threads[name] = threading.get_ident()
            return real(*args, **kwargs)

        return work

    for name in (
        "__init__",
        "initiate_auth_code_flow",
        "acquire_token_by_auth_code_flow",
        "acquire_token_by_refresh_token",
    ):
        real = getattr(msal.ConfidentialClientApplication, name)
        monkeypatch.setattr(msal.ConfidentialClientApplication, name, watched(name, real))
    bench.entra.lifetime = 0  # so that the first use renews
    await bench.adapter.calendars(await bench.grant())
    assert len(threads) == 4
    assert threading.get_ident() not in threads.values()


def test_start_up_does_not_load_msal() -> None:
    code = (
        "import sys; from adapters.microsoft.calendar import MicrosoftCalendar;"
        "MicrosoftCalendar('id', 'secret', None).service();"
        "sys.exit(bool({'msal', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
