"""Answers that are none, and events without sense: unknown, never free by mistake."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from adapters.google.busy import MOST_PAGES
from core.ports import Busy, BusyAnswer, Unknown
from tests.contract.calendar_contract import DRAFT, HOUR, LONDON, TUESDAY_NINE, WEEK
from tests.servers.google.bench import ATTEMPTS, GoogleBench
from tests.servers.google.server import Order
from tests.servers.google.world import stamp
from tests.unit.caldav.servers import serving

PAGE = b"<!doctype html><html><body>Please sign in to this network</body></html>"
IGNORE = frozenset({DRAFT.uid})
NO_ANSWERS = {
    "a page": PAGE,
    "nothing": b"",
    "half an answer": b'{"calendars": {"maya@example.com": {"busy": [',
    "another encoding": '{"calendars": "é"}'.encode("latin-1"),
    "no text at all": bytes(range(256)),
    "a list": b"[]",
    "a word": b'"free"',
    "null": b"null",
    "a number without end": b'{"calendars": ' + b"9" * 6_000 + b"}",
    "nested without end": b"[" * 200_000,
    "an empty object": b"{}",
    "a list of calendars": b'{"calendars": []}',
    "no calendars": b'{"calendars": null}',
    "other calendars": b'{"calendars": {"other@example.com": {"busy": []}}}',
}


async def reading(bench: GoogleBench, **order: Any) -> BusyAnswer | Unknown:
    """Return what is made of an answer, however often it is asked for."""
    grant = await bench.grant()
    bench.server.orders += [Order("raw", **order) for _ in range(ATTEMPTS)]
    answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON)
    bench.server.orders.clear()
    return answers[bench.first]


@pytest.mark.parametrize("name", NO_ANSWERS)
async def test_what_is_no_answer_is_unknown_and_not_asked_for_again(
    bench: GoogleBench, name: str
) -> None:
    assert await reading(bench, body=NO_ANSWERS[name]) == Unknown("unreadable answer")
    assert len(bench.server.raw) == 1


@pytest.mark.parametrize(
    "entry",
    [
        [],
        "free",
        {"errors": {"reason": "notFound"}, "busy": []},
        {"errors": "notFound", "busy": []},
        {"errors": [None], "busy": []},
        {"busy": {}, "errors": 1},
        {"busy": "none"},
        {"busy": [None]},
        {"busy": [{"start": 1, "end": 2}]},
        {"busy": [{"start": stamp(TUESDAY_NINE + HOUR), "end": stamp(TUESDAY_NINE)}]},
        {"busy": [{"start": stamp(TUESDAY_NINE), "end": "10000-01-01T00:00:00Z"}]},
        {"busy": [{"start": stamp(TUESDAY_NINE), "end": "2026-11-03T10:00:00+99:00"}]},
        {"busy": [{"start": {"dateTime": stamp(TUESDAY_NINE)}, "end": None}]},
        {"busy": [{"start": "<b>9 o'clock</b>", "end": stamp(TUESDAY_NINE)}]},
    ],
)
async def test_a_calendar_without_sense_is_unknown(bench: GoogleBench, entry: Any) -> None:
    found = await reading(bench, body=json.dumps({"calendars": {bench.first: entry}}).encode())
    assert isinstance(found, Unknown)
    assert len(bench.server.raw) == 1


async def test_for_ever_is_busy(bench: GoogleBench) -> None:
    busy = [{"start": stamp(TUESDAY_NINE), "end": "9999-12-31T23:59:59-12:00"}]
    found = await reading(
        bench, body=json.dumps({"calendars": {bench.first: {"busy": busy}}}).encode()
    )
    assert isinstance(found, BusyAnswer)
    assert [one.start for one in found.spans] == [TUESDAY_NINE]
    assert found.spans[0].end > WEEK[1]


async def test_twenty_thousand_busy_times_come_in_one_request(bench: GoogleBench) -> None:
    for n in range(20_000):
        start = WEEK[0] + 30 * n
        bench.world.foreign(bench.account, bench.work, start, start + 20)
    google = bench.adapter(timeout=120, patience=120)  # how soon it is done is no question here
    answers = await google.busy(await bench.grant(), [bench.first], WEEK, LONDON)
    await google.close()
    found = answers[bench.first]
    assert isinstance(found, BusyAnswer)
    assert len(found.spans) == 20_000
    assert len(bench.server.raw) == 1


@pytest.mark.parametrize(
    ("status", "wait"), [(429, "9" * 5_000), (503, "9" * 5_000), (429, "²"), (503, "-1")]
)
async def test_odd_waits_break_nothing(bench: GoogleBench, status: int, wait: str) -> None:
    found = await reading(bench, status=status, body=PAGE, headers={"Retry-After": wait})
    assert isinstance(found, Unknown)
    assert len(bench.server.raw) <= ATTEMPTS


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_token_is_never_sent_on(bench: GoogleBench, status: int) -> None:
    came: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request.headers.get("Authorization", ""))
        return web.json_response({"calendars": {bench.first: {"busy": []}}})

    async with serving(elsewhere) as (url,):
        found = await reading(bench, status=status, headers={"Location": f"{url}/freeBusy"})
    assert isinstance(found, Unknown)
    assert came == []
    assert len(bench.server.raw) <= ATTEMPTS


# --- the times of events, which are looked at where our own meeting is moved ---


async def moving(bench: GoogleBench, *pages: Any) -> BusyAnswer | Unknown:
    """Return what is made of these pages of events, the last one again and again."""
    grant = await bench.grant()
    await bench.google.place(grant, bench.first, DRAFT)
    bench.server.raw.clear()
    orders = [Order("raw", op="events.list", body=json.dumps(page).encode()) for page in pages]
    bench.server.orders += orders + [replace(orders[-1]) for _ in range(2 * MOST_PAGES)]
    answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, IGNORE)
    bench.server.orders.clear()
    return answers[bench.first]


OWN = {
    "id": "ours",
    "start": {"dateTime": stamp(DRAFT.start)},
    "end": {"dateTime": stamp(DRAFT.end)},
}


@pytest.mark.parametrize(
    "page",
    [
        [],
        {"items": None},
        {"items": 7},
        {"items": [None]},
        {"items": ["x"]},
        {"items": [{"id": "a"}]},
        {"items": [{**OWN, "start": {"dateTime": "soon"}}]},
        {"items": [{**OWN, "start": {"date": "10000-01-01"}}]},
        {"timeZone": "Nowhere/Land", "items": [{**OWN, "start": {"date": "2026-11-03"}}]},
        {"timeZone": "../../etc/passwd", "items": [{**OWN, "end": {"date": "9999-12-31"}}]},
    ],
)
async def test_events_without_sense_leave_the_calendar_unknown(
    bench: GoogleBench, page: Any
) -> None:
    assert await moving(bench, {"items": [OWN]}, page) == Unknown("unreadable answer")


async def test_pages_without_end_come_to_an_end(bench: GoogleBench) -> None:
    found = await moving(bench, {"items": [OWN], "nextPageToken": "again"})
    assert found == Unknown("unreadable answer")
    assert len(bench.server.raw) <= MOST_PAGES + 1


async def test_markup_in_titles_is_neither_asked_for_nor_told(bench: GoogleBench) -> None:
    title = "<script>alert('hello')</script>"
    bench.world.foreign(bench.account, bench.work, DRAFT.start, DRAFT.end, summary=title)
    grant = await bench.grant()
    await bench.google.place(grant, bench.first, DRAFT)
    answers = await bench.google.busy(grant, [bench.first], WEEK, LONDON, IGNORE)
    assert answers == {bench.first: BusyAnswer((Busy(DRAFT.start, DRAFT.end),))}
