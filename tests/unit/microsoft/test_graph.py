"""One request to Graph: tries, waits, pages, and where the token goes."""

import logging
from typing import Any

import pytest
from aiohttp import web

from adapters.microsoft import graph as module
from adapters.microsoft.auth import Endpoints
from adapters.microsoft.graph import Patience, path_of
from core.errors import BadData, ProviderError, RateLimited, RemoteMissing, Unavailable
from tests.contract.calendar_contract import DRAFT
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import SECRET
from tests.servers.graph.judge import why_not
from tests.servers.graph.server import Answer, Order, error

BROKEN = error(500, "ErrorInternalServerTransientError")


async def test_what_is_broken_is_tried_again_with_full_jitter(bench: GraphBench) -> None:
    chances = iter([0.5, 1.0, 0.0])
    adapter = bench.build(chance=lambda: next(chances))
    grant = await bench.grant()
    bench.graph.orders.append(Order(BROKEN, times=3))
    assert len(await adapter.calendars(grant)) == 2
    await adapter.close()
    assert bench.waits == [0.25, 1.0, 0.0]  # shares of 0.5, 1 and 2 seconds
    assert len({asked.headers["client-request-id"] for asked in bench.graph.asked}) == 4


async def test_it_is_not_tried_for_ever(bench: GraphBench) -> None:
    grant = await bench.grant()
    bench.graph.orders.append(Order(BROKEN, times=99))
    with pytest.raises(Unavailable):
        await bench.adapter.calendars(grant)
    assert len(bench.graph.asked) == 4


@pytest.mark.parametrize("answer", [429, 503])
async def test_a_wait_that_is_asked_for_is_kept(bench: GraphBench, answer: int) -> None:
    adapter = bench.build(chance=lambda: 0.25)
    grant = await bench.grant()
    bench.graph.orders.append(Order(error(answer, "", Retry_After="4"), times=2))
    assert len(await adapter.calendars(grant)) == 2
    await adapter.close()
    assert bench.waits == [4.25, 4.25]


async def test_a_long_wait_is_left_to_who_called(bench: GraphBench) -> None:
    grant = await bench.grant()
    bench.graph.orders.append(Order(error(429, "ApplicationThrottled", Retry_After="6")))
    with pytest.raises(RateLimited) as caught:
        await bench.adapter.calendars(grant)
    assert caught.value.retry_after == 6
    assert bench.waits == []
    assert len(bench.graph.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_what_would_not_help_is_not_repeated(bench: GraphBench, status: int) -> None:
    grant = await bench.grant()
    bench.graph.orders.append(Order(error(status, "ErrorX"), times=9))
    with pytest.raises(ProviderError):
        await bench.adapter.calendars(grant)
    assert len(bench.graph.asked) == 1


async def test_a_create_whose_answer_is_lost_once_is_repeated_and_known(bench: GraphBench) -> None:
    grant = await bench.grant()
    bench.graph.lose = 1
    await bench.adapter.place(grant, bench.first, DRAFT)
    assert [asked.method for asked in bench.graph.asked] == ["GET", "POST", "POST"]
    assert len(bench.calendar(bench.first).events) == 1


async def test_the_token_does_not_follow_a_page_that_leads_away(bench: GraphBench) -> None:
    asked: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.json_response({"value": []})

    runner = web.ServerRunner(web.Server(elsewhere))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    away = f"http://127.0.0.1:{runner.addresses[0][1]}/v1.0/me/calendars"
    grant = await bench.grant()
    for link in (away, "/v1.0/me", f"{bench.graph.url}x/me", 7):
        page: dict[str, Any] = {"value": [], "@odata.nextLink": link}
        bench.graph.orders.append(Order(Answer(200, page)))
        with pytest.raises(BadData):
            await bench.adapter.calendars(grant)
    bench.graph.orders.append(Order(Answer(302, None, {"Location": away})))
    with pytest.raises(BadData):
        await bench.adapter.calendars(grant)
    await runner.cleanup()
    assert asked == []


@pytest.mark.parametrize("body", [[], "<html>", {"value": 3}, {}, {"value": [{}]}])
async def test_answers_without_sense(bench: GraphBench, body: Any) -> None:
    grant = await bench.grant()
    bench.graph.orders.append(Order(Answer(200, body)))
    with pytest.raises(BadData):
        await bench.adapter.calendars(grant)


async def test_an_answer_without_end(bench: GraphBench, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = await bench.grant()
    monkeypatch.setattr(module, "LONGEST_REPLY", 100)
    bench.graph.orders.append(Order(Answer(200, {"value": ["x" * 200]})))
    with pytest.raises(BadData):
        await bench.adapter.calendars(grant)


async def test_pages_without_end(bench: GraphBench, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = await bench.grant()
    monkeypatch.setattr(module, "MOST_PAGES", 3)
    page = {"value": [], "@odata.nextLink": f"{bench.graph.url}/me/calendars"}
    bench.graph.orders.append(Order(Answer(200, page), times=9))
    with pytest.raises(BadData):
        await bench.adapter.calendars(grant)
    assert len(bench.graph.asked) == 4


async def test_graph_is_not_there(bench: GraphBench) -> None:
    at = bench.endpoints
    bench.endpoints = Endpoints(at.authority, "http://127.0.0.1:9/v1.0", ca_file=at.ca_file)
    adapter = bench.build(patience=Patience(retries=1))
    with pytest.raises(Unavailable) as caught:
        await adapter.calendars(await bench.grant())
    await adapter.close()
    assert "127.0.0.1" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert len(bench.waits) == 1


async def test_logs_tell_ids_and_no_secrets(
    bench: GraphBench, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.entra.lifetime = 0  # so that the token is renewed, too
    grant = await bench.grant()
    bench.graph.orders.append(Order(error(404, "ErrorItemNotFound", "Foreign title")))
    with pytest.raises(RemoteMissing):
        await bench.adapter.calendars(grant)
    written = capsys.readouterr().out + caplog.text
    codes = [form for form in bench.entra.asked if "code_verifier" in form]
    assert bench.graph.asked[-1].headers["client-request-id"] in written
    given = [*bench.entra.access, *bench.entra.refresh, *(form["code_verifier"] for form in codes)]
    assert len(given) == 4
    assert [secret for secret in [*given, SECRET, "Foreign title"] if secret in written] == []


def test_paths_are_quoted() -> None:
    path = path_of("me", "events", "A/b=+ ?", select="id,name", filter="x eq 'a&b'")
    assert path == "/me/events/A%2Fb%3D%2B%20%3F?$select=id,name&$filter=x%20eq%20%27a%26b%27"
    assert path_of("me") == "/me"


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a judge")
async def test_every_exchange_is_judged(bench: GraphBench) -> None:
    grant = await bench.grant()
    await bench.adapter.calendars(grant)
    receipt = await bench.adapter.place(grant, bench.first, DRAFT)
    await bench.adapter.remove(grant, bench.first, receipt)
    assert bench.graph.judged == len(bench.graph.asked) == 4
