"""Access tokens: in memory only, renewed once, and their renewals kept."""

import asyncio
import base64
from dataclasses import replace

import pytest

from core.errors import AccessRevoked, ConsentRequiredByAdmin, NotConnected, NotFound
from core.links import Grant, Tier
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import Order, refusal
from tests.servers.graph.server import Order as GraphOrder
from tests.servers.graph.server import error


def renewals(bench: GraphBench) -> list[dict[str, str]]:
    return [form for form in bench.entra.asked if form["grant_type"] == "refresh_token"]


@pytest.fixture
def now(bench: GraphBench) -> list[float]:
    """A clock that tests set; its adapter takes the place of the bench's."""
    times = [1_800_000_000.0]
    bench.adapter = bench.build(clock=lambda: times[0])
    return times


@pytest.fixture
async def grant(bench: GraphBench, now: list[float]) -> Grant:
    return await bench.grant()


async def test_what_sign_in_gave_is_used_first(bench: GraphBench, grant: Grant) -> None:
    await bench.adapter.calendars(grant)
    await bench.adapter.calendars(grant)
    assert renewals(bench) == []


async def test_a_token_is_renewed_before_its_end(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    now[0] += 3600 - 299
    await bench.adapter.calendars(grant)
    (form,) = renewals(bench)
    assert form["refresh_token"] == grant.secret["refresh_token"]
    (saved,) = bench.grants.saved
    assert saved == {**grant.secret, "refresh_token": saved["refresh_token"]}
    assert saved["refresh_token"] in bench.entra.refresh
    await bench.adapter.calendars(replace(grant, secret=saved, version=1))
    assert len(renewals(bench)) == 1


async def test_a_grant_read_before_its_renewals_still_opens(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    for _ in range(3):
        now[0] += 3600
        await bench.adapter.calendars(grant)
    tokens = [form["refresh_token"] for form in renewals(bench)]
    assert len(set(tokens)) == 3


async def test_a_refresh_token_that_stays_is_not_saved(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    bench.entra.granted = frozenset({"Calendars.ReadWrite"})
    answer = {"access_token": "access-x", "expires_in": 3600, "scope": "Calendars.ReadWrite"}
    bench.entra.access["access-x"] = next(iter(bench.entra.access.values()))
    bench.entra.orders.append(Order(answer, 200))
    now[0] += 3600
    await bench.adapter.calendars(grant)
    assert bench.grants.saved == []


async def test_many_who_need_it_renew_it_once(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    now[0] += 3600
    await asyncio.gather(*(bench.adapter.calendars(grant) for _ in range(6)))
    assert len(renewals(bench)) == 1
    assert len(bench.grants.saved) == 1


async def test_a_renewal_is_kept_though_nobody_waits_any_more(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    now[0] += 3600
    waiting = asyncio.create_task(bench.adapter.calendars(grant))
    for _ in range(5000):
        if bench.adapter._tokens._running or waiting.done():
            break
        await asyncio.sleep(0.001)
    assert bench.adapter._tokens._running
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await bench.adapter.close()
    assert len(bench.grants.saved) == 1


@pytest.mark.parametrize("tier", list(Tier))
async def test_renewals_ask_for_what_was_consented(
    bench: GraphBench, now: list[float], tier: Tier
) -> None:
    grant = await bench.grant(tier)
    now[0] += 3600
    await bench.adapter.calendars(grant)
    (form,) = renewals(bench)
    asked = set(form["scope"].split())
    assert asked == {*grant.secret["scopes"].split(), "openid", "profile", "offline_access"}


async def test_a_refused_token_is_renewed_once(bench: GraphBench, grant: Grant) -> None:
    bench.graph.orders.append(GraphOrder(error(401, "InvalidAuthenticationToken")))
    assert len(await bench.adapter.calendars(grant)) == 2
    assert len(renewals(bench)) == 1
    assert "claims" not in renewals(bench)[0]


async def test_what_the_service_wants_to_be_told_is_passed_on(
    bench: GraphBench, grant: Grant
) -> None:
    claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
    asked = base64.b64encode(claims.encode()).decode()
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{asked}"'
    order = error(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge)
    bench.graph.orders.append(GraphOrder(order))
    assert len(await bench.adapter.calendars(grant)) == 2
    assert renewals(bench)[0]["claims"] == claims


async def test_a_token_that_is_refused_again_is_the_end(bench: GraphBench, grant: Grant) -> None:
    bench.graph.orders.append(GraphOrder(error(401, "InvalidAuthenticationToken"), times=2))
    with pytest.raises(AccessRevoked):
        await bench.adapter.calendars(grant)
    assert len(bench.graph.asked) == 2


async def test_a_refresh_token_that_is_dead(bench: GraphBench, grant: Grant) -> None:
    bench.entra.revoke()
    with pytest.raises(AccessRevoked):
        await bench.adapter.calendars(grant)


async def test_consent_that_was_taken_back_by_the_administrator(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    now[0] += 3600
    bench.entra.orders.append(Order(refusal("invalid_grant", 50105)))
    with pytest.raises(ConsentRequiredByAdmin):
        await bench.adapter.calendars(grant)


async def test_an_account_that_was_disconnected_meanwhile(
    bench: GraphBench, now: list[float], grant: Grant
) -> None:
    now[0] += 3600
    bench.grants.error = NotFound("g")
    with pytest.raises(NotConnected):
        await bench.adapter.calendars(grant)


async def test_what_is_revoked_is_forgotten(bench: GraphBench, grant: Grant) -> None:
    await bench.adapter.revoke(grant)
    await bench.adapter.calendars(grant)
    assert len(renewals(bench)) == 1


async def test_old_tokens_do_not_pile_up(bench: GraphBench, now: list[float], grant: Grant) -> None:
    for _ in range(9):
        now[0] += 4000
        await bench.adapter.calendars(grant)
    assert len(bench.adapter._tokens._known) <= 4
