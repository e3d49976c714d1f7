"""No call of msal's ever blocks the event loop, however low one looks."""

import asyncio
import gc
import threading
from typing import Any

import pytest
import requests
from aiohttp import web

from core.links import Tier
from core.ports import Unknown
from tests.contract.calendar_contract import DRAFT, LONDON, MOVED, WEEK
from tests.servers.blocking import watch, watch_calls
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import Order
from tests.unit.caldav.servers import serving

TOGETHER = 50


@pytest.fixture
def blocking(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[int]]:
    """The threads that have blocked: by name of what they called."""
    return {**watch(monkeypatch), "send": watch_calls(monkeypatch, requests.Session, "send")}


async def test_nothing_ever_blocks_the_loop(
    bench: GraphBench, blocking: dict[str, set[int]]
) -> None:
    bench.entra.lifetime = 0  # so that every use renews
    grant = await bench.grant()
    await bench.adapter.calendars(grant)
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    receipt = await bench.adapter.update(grant, bench.first, receipt, MOVED)
    await bench.adapter.busy(grant, [bench.first, bench.second], WEEK, LONDON)
    await bench.adapter.answer(grant, bench.first, DRAFT.uid, WEEK)
    await bench.adapter.remove(grant, bench.first, receipt)
    await bench.adapter.revoke(grant)
    await bench.adapter.close()
    assert blocking["send"]
    assert blocking["connect"]
    here = threading.get_ident()
    assert [name for name, threads in blocking.items() if here in threads] == []


async def test_one_renewal_serves_all_calendars_of_a_search(bench: GraphBench) -> None:
    grant = await bench.grant()
    await bench.adapter.close()
    bench.adapter = bench.build()  # nothing is known any more
    before = len(bench.entra.asked)
    await bench.adapter.busy(grant, [bench.first, bench.second], WEEK, LONDON)
    assert len(bench.entra.asked) - before == 1
    assert len(bench.graph.requests("/calendarView")) == 2


async def test_fifty_searches_at_once_stay_at_three_requests_and_one_renewal(
    bench: GraphBench,
) -> None:
    grant = await bench.grant()
    await bench.adapter.close()
    bench.adapter = bench.build()
    before = len(bench.entra.asked)
    bench.graph.pause = 0.005
    calendars = [bench.first, bench.second]
    await asyncio.gather(
        *(bench.adapter.busy(grant, calendars, WEEK, LONDON) for _ in range(TOGETHER))
    )
    assert bench.graph.most == 3
    assert len(bench.entra.asked) - before == 1
    assert len(bench.graph.requests("/calendarView")) == 2 * TOGETHER


async def test_slow_sign_ins_leave_the_loops_own_threads_alone(
    bench: GraphBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsing and looking up names need those, and there are few."""
    free, loop, held = threading.Event(), asyncio.get_running_loop(), asyncio.Event()
    send = requests.Session.send

    def stuck(self: requests.Session, *arguments: Any, **named: Any) -> Any:
        loop.call_soon_threadsafe(held.set)
        assert free.wait(20)
        return send(self, *arguments, **named)

    grant = await bench.grant()
    monkeypatch.setattr(requests.Session, "send", stuck)
    signed_in = [asyncio.ensure_future(bench.connect(Tier.WRITE)) for _ in range(40)]
    await held.wait()
    try:
        for _ in range(3):
            assert await asyncio.to_thread(threading.get_ident) != threading.get_ident()
        assert await bench.adapter.busy(grant, [bench.first], WEEK, LONDON)
    finally:
        free.set()
        await asyncio.gather(*signed_in)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_secrets_are_never_sent_on(bench: GraphBench, status: int) -> None:
    came: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        came.append(await request.text())
        return web.json_response({})

    bench.entra.lifetime = 0  # so that the next use renews
    grant = await bench.grant()
    async with serving(elsewhere) as (url,):
        bench.entra.orders = [
            Order("moved", status, {"Location": f"{url}/token"}) for _ in range(4)
        ]
        found = await bench.adapter.busy(grant, [bench.first], WEEK, LONDON)
    assert isinstance(found[bench.first], Unknown)
    assert came == []
    await bench.adapter.close()
    gc.collect()  # what was raised still holds the connections
