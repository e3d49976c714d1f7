"""Servers that answer with something else: unknown or counted, never free by mistake."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from adapters.caldav.calendar import CalDav
from adapters.caldav.http import LONGEST_REPLY
from adapters.caldav.xml import MOST_RESPONSES
from core.ports import Busy, BusyAnswer, Unknown
from tests.contract.calendar_contract import HOUR, LONDON, TUESDAY_NINE, WEEK
from tests.unit.caldav.servers import serving
from tests.unit.caldav.worlds import grant_at, multistatus, report

EVENT = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{}\n{}\nEND:VEVENT\nEND:VCALENDAR\n"
GOOD = EVENT.format("good", "DTSTART:20261103T090000Z\nDURATION:PT1H")
NINE = (Busy(TUESDAY_NINE, TUESDAY_NINE + HOUR),)
PAGE = "<!doctype html><html><body>Please sign in to this network<br></body></html>"
MOST_REQUESTS = 2  # for parts of events, and then for whole ones


def page(status: int, text: str = PAGE, kind: str = "text/html") -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, text=text, content_type=kind)


def responses(status: str, count: int = 1) -> Callable[[], web.Response]:
    one = f"<response><href>/1.ics</href><status>{status}</status></response>"
    return lambda: multistatus(one * count)


PATIENCE = 120.0  # seconds: how soon it is done is no question here


async def asked(answer: Callable[[], web.Response]) -> tuple[BusyAnswer | Unknown, int]:
    """Return what is made of an answer, and how often it was asked for."""
    count = 0

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal count
        count += 1
        return answer()

    async with serving(handle) as (url,):
        caldav = CalDav([url.removeprefix("http://")], timeout=PATIENCE, patience=PATIENCE)
        try:
            found = await caldav.busy(grant_at(url), [f"{url}/work/"], WEEK, LONDON)
        finally:
            await caldav.close()
    return found[f"{url}/work/"], count


UNREADABLE = {
    "a page instead of a report": page(200),
    "a page that calls itself a report": page(207, PAGE, "application/xml"),
    "nothing": page(207, ""),
    "no content": lambda: web.Response(status=204),
    "JSON": page(200, '{"calendars": []}', "application/json"),
    "XML of another kind": page(207, "<feed xmlns='http://www.w3.org/2005/Atom'/>"),
    "half a report": page(207, '<multistatus xmlns="DAV:"><response>', "application/xml"),
    "entities": page(
        207, '<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:">&a;</multistatus>'
    ),
    "an encoding that lies": lambda: web.Response(
        status=207, body=b'<?xml version="1.0" encoding="utf-16"?><multistatus xmlns="DAV:"/>'
    ),
    "events that it does not give": responses("HTTP/1.1 403 Forbidden", 3),
    "events that it cannot read": responses("HTTP/1.1 500 Internal Server Error"),
    "a status that is none": responses("HTTP/1.1 ²00 OK"),
    "a status without end": responses(f"HTTP/1.1 {'2' * 5_000} OK"),
    "only a part": responses("HTTP/1.1 507 Insufficient Storage"),
    "pages instead of events": lambda: report("&lt;html&gt;Sign in&lt;/html&gt;"),
    "more than we read": page(207, " " * (LONGEST_REPLY + 1)),
    "twenty thousand events and one": responses("HTTP/1.1 200 OK", MOST_RESPONSES + 1),
    "series that cost too much": lambda: report(
        *(
            EVENT.format(n, "DTSTART:19260101T090000Z\nRRULE:FREQ=DAILY;COUNT=99999")
            for n in range(40)
        )
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_is_no_report_is_unknown(name: str) -> None:
    found, requests = await asked(UNREADABLE[name])
    assert found == Unknown("unreadable answer")
    assert requests <= MOST_REQUESTS


@pytest.mark.parametrize(
    ("status", "wait"), [(429, "7"), (429, "9" * 5_000), (503, "-1"), (503, "²"), (500, "")]
)
async def test_a_server_that_cannot_is_unknown(status: int, wait: str) -> None:
    headers = {"Retry-After": wait} if wait else {}
    found, requests = await asked(lambda: web.Response(status=status, headers=headers, text=PAGE))
    assert isinstance(found, Unknown)
    assert found.reason in {"rate limited", "unreachable"}
    assert requests == 1


@pytest.mark.parametrize(
    "text",
    [
        "&lt;html&gt;Sign in&lt;/html&gt;",
        "",
        EVENT.format("x", "SUMMARY:no start"),
        EVENT.format("x", "DTSTART;TZID=Nowhere/Land:20261103T090000"),
        EVENT.format("x", "DTSTART:20261103T090000Z\nDTEND:20261103T080000Z"),
        EVENT.format("x", "DTSTART:20261103T090000Z\nRRULE:FREQ=SECONDLY"),
        EVENT.format("x", "DTSTART:99991231T235959Z\nDURATION:P99999999999D"),
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:cut off",
    ],
)
async def test_one_event_without_sense_is_counted_alone(text: str) -> None:
    found, requests = await asked(lambda: report(text, GOOD))
    assert found == BusyAnswer(NINE, skipped=1)
    assert requests == 1


async def test_an_event_that_has_gone_meanwhile_is_not_counted() -> None:
    gone = "<response><href>/1.ics</href><status>HTTP/1.1 404 Not Found</status></response>"
    found, _ = await asked(lambda: multistatus(gone))
    assert found == BusyAnswer(())


async def test_twenty_thousand_events_are_all_read() -> None:
    texts = [
        EVENT.format(n, f"DTSTART:202611{2 + n % 7:02}T{n % 24:02}0000Z\nDURATION:PT1H")
        for n in range(20_000)
    ]
    found, requests = await asked(lambda: report(*texts))
    assert isinstance(found, BusyAnswer)
    assert (found.skipped, len(found.spans), requests) == (0, 7 * 24, 1)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/calendars/",
        "https://[::1]/calendars/",
        "https://calendars.example.net/work/",
        "//elsewhere.example.net/work/",
        "file:///etc/passwd",
        "",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_to_elsewhere_is_never_followed(status: int, location: str) -> None:
    headers = {"Location": location} if location else {}
    found, requests = await asked(lambda: web.Response(status=status, headers=headers))
    assert found == Unknown("unreadable answer")
    assert requests <= MOST_REQUESTS * 6  # an empty address leads to itself


async def test_the_password_is_not_sent_to_another_server_of_this_machine() -> None:
    came: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
        came.append(request.headers.get("Authorization", ""))
        return report(GOOD)

    async with serving(elsewhere) as (url,):
        found, _ = await asked(
            lambda: web.Response(status=307, headers={"Location": f"{url}/work/"})
        )
    assert found == Unknown("unreadable answer")
    assert came == []


async def test_a_calendar_that_hangs_is_unknown_alone() -> None:
    ended = asyncio.Event()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/slow/":
            await ended.wait()
        return report(GOOD)

    async with serving(handle) as (url,):
        caldav = CalDav([url.removeprefix("http://")], patience=0.3)
        ids = [f"{url}/slow/", f"{url}/work/"]
        found = await caldav.busy(grant_at(url), ids, WEEK, LONDON)
        await caldav.close()
        ended.set()
    assert found == {ids[0]: Unknown("too slow"), ids[1]: BusyAnswer(NINE)}


@pytest.mark.parametrize(("drops", "requests"), [(1, 2), (9, 2)])
async def test_a_connection_that_was_just_closed_is_opened_once_more(
    drops: int, requests: int
) -> None:
    came = 0

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal came
        came += 1
        if came <= drops:
            assert request.transport
            request.transport.abort()
        return report(GOOD)

    async with serving(handle) as (url,):
        caldav = CalDav([url.removeprefix("http://")])
        found = await caldav.busy(grant_at(url), [f"{url}/work/"], WEEK, LONDON)
        await caldav.close()
    expected = BusyAnswer(NINE) if drops == 1 else Unknown("unreachable")
    assert (found[f"{url}/work/"], came) == (expected, requests)
