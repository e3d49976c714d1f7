"""Answers that are none, and events without sense: unknown or counted, never free by mistake."""

import json
from typing import Any

import pytest
from aiohttp import web

from adapters.microsoft import graph as module
from core.ports import Busy, BusyAnswer, Unknown
from core.timing.zones import utc
from tests.contract.calendar_contract import HOUR, LONDON, TUESDAY_NINE, WEEK
from tests.servers.graph.bench import TRIES, GraphBench
from tests.servers.graph.mailbox import times
from tests.servers.graph.server import Answer, Graph, Order
from tests.unit.caldav.servers import serving

NINE = {"start": times(utc(TUESDAY_NINE)), "end": times(utc(TUESDAY_NINE + HOUR))}
GOOD = {"id": "good", "showAs": "busy", **NINE}
BUSY = (Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR),)
NEW_YORK = "America/New_York"
NO_ANSWERS = {
    "a page": "<!doctype html><html><body>Please sign in to this network</body></html>",
    "nothing": "",
    "half an answer": '{"value": [{"start": ',
    "a list": "[]",
    "a word": '"free"',
    "null": "null",
    "a number without end": f'{{"value": {"9" * 6_000}}}',
    "nested without end": "[" * 200_000,
    "an empty object": "{}",
    "no events": '{"value": null}',
    "one event": json.dumps({"value": GOOD}),
    "a page that leads inside": json.dumps(
        {"value": [], "@odata.nextLink": "http://169.254.169.254/latest/meta-data"}
    ),
    "a page that leads to a stranger": json.dumps(
        {"value": [], "@odata.nextLink": "https://graph.example.net/v1.0/me/events"}
    ),
    "a page that leads nowhere": json.dumps({"value": [], "@odata.nextLink": 7}),
}


def ordered(bench: GraphBench, body: Any, status: int = 200, **headers: str) -> None:
    """Answer every view so from now on."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    bench.graph.orders.append(Order(Answer(status, body, named), "calendarView", times=99))


async def reading(bench: GraphBench, zone: str = LONDON) -> BusyAnswer | Unknown:
    found = await bench.adapter.busy(await bench.grant(), [bench.first], WEEK, zone)
    return found[bench.first]


@pytest.mark.parametrize("name", NO_ANSWERS)
async def test_what_is_no_answer_is_unknown_and_not_asked_for_again(
    bench: GraphBench, name: str
) -> None:
    ordered(bench, NO_ANSWERS[name])
    assert await reading(bench) == Unknown("unreadable answer")
    assert len(bench.graph.asked) == 1


def at(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "busy",
        7,
        {},
        {**GOOD, "start": None},
        {**GOOD, "end": None},
        {**GOOD, "start": "2026-11-03T09:00:00Z"},
        {**GOOD, "start": {}},
        {**GOOD, "start": at("soon")},
        {**GOOD, "start": at("<b>2026-11-03T09:00:00</b>")},
        {**GOOD, "start": NINE["end"], "end": NINE["start"]},
        {**GOOD, "end": at("10000-01-01T00:00:00")},
        {**GOOD, "start": at("0000-00-00T00:00:00")},
        {**GOOD, "showAs": ["busy"]},
        {**GOOD, "start": {"dateTime": ["2026"], "timeZone": 7}},
    ],
)
async def test_one_event_without_sense_is_counted_alone(bench: GraphBench, event: Any) -> None:
    ordered(bench, {"value": [event, GOOD]})
    assert await reading(bench) == BusyAnswer(BUSY, skipped=1)
    assert len(bench.graph.asked) == 1


@pytest.mark.parametrize(
    "zone",
    ["Nowhere/Land", "Customized Time Zone", "tzone://Microsoft/Custom", "", "<script>", "x" * 500],
)
async def test_a_zone_that_does_not_exist_is_the_persons(bench: GraphBench, zone: str) -> None:
    start, end = at("2026-11-03T04:00:00", zone), at("2026-11-03T05:00:00", zone)
    ordered(bench, {"value": [{**GOOD, "start": start, "end": end}]})
    assert await reading(bench, NEW_YORK) == BusyAnswer(BUSY)


@pytest.mark.parametrize("zone", ["UTC", "Tokyo Standard Time", "Europe/London"])
@pytest.mark.parametrize("end", ["9999-12-31T23:59:59.9999999", "9999-12-31T00:00:00.0000000"])
async def test_for_ever_is_busy(bench: GraphBench, zone: str, end: str) -> None:
    event = {**GOOD, "start": NINE["start"], "end": at(end, zone)}
    ordered(bench, {"value": [event]})
    found = await reading(bench)
    assert isinstance(found, BusyAnswer)
    assert found.skipped == 0
    assert [one.start for one in found.spans] == [TUESDAY_NINE]
    assert found.spans[0].end > WEEK[1]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at("0001-01-01T00:00:00", "Asia/Tokyo"), NINE["end"]),
        (NINE["start"], at("9999-12-31T23:59:59", "Customized Time Zone")),
    ],
)
async def test_the_ends_of_the_calendar_are_busy_or_counted(
    bench: GraphBench, start: Any, end: Any
) -> None:
    ordered(bench, {"value": [{**GOOD, "start": start, "end": end}]})
    found = await reading(bench, NEW_YORK)
    assert isinstance(found, BusyAnswer)
    assert len(found.spans) + found.skipped == 1


async def test_twenty_thousand_events_are_unknown_after_forty_pages(
    bench: GraphBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Graph, "_judge", lambda *_: None)  # it would take minutes
    calendar = bench.calendar(bench.first)
    calendar.events = {f"{n}": {**GOOD, "id": f"{n}"} for n in range(20_000)}
    bench.graph.page = 100
    assert isinstance(await reading(bench), Unknown)  # too many, or too slow on a busy machine
    assert len(bench.graph.asked) <= module.MOST_PAGES + 1


async def test_an_answer_that_is_too_long_is_unknown(
    bench: GraphBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_REPLY", 10_000)
    ordered(bench, {"value": [GOOD] * 100})
    assert await reading(bench) == Unknown("unreadable answer")
    assert len(bench.graph.asked) == 1


@pytest.mark.parametrize(
    ("status", "wait"), [(429, "9" * 5_000), (503, "9" * 5_000), (429, "²"), (503, "-1"), (504, "")]
)
async def test_odd_waits_break_nothing(bench: GraphBench, status: int, wait: str) -> None:
    ordered(bench, NO_ANSWERS["a page"], status, Retry_After=wait)
    assert isinstance(await reading(bench), Unknown)
    assert len(bench.graph.asked) <= TRIES


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_token_is_never_sent_on(bench: GraphBench, status: int) -> None:
    came: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request.headers.get("Authorization", ""))
        return web.json_response({"value": []})

    async with serving(elsewhere) as (url,):
        ordered(bench, "moved", status, Location=f"{url}/v1.0/me")
        found = await reading(bench)
    assert isinstance(found, Unknown)
    assert came == []
    assert len(bench.graph.asked) == 1


async def test_markup_in_titles_is_neither_asked_for_nor_told(bench: GraphBench) -> None:
    bench.foreign(bench.first, subject="<script>alert('hello')</script>", **NINE)
    found = await reading(bench)
    assert found == BusyAnswer(BUSY)
