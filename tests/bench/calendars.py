"""Calendar services that answer after a fixed time, as a process of their own.

For measurements only: every answer is made beforehand and nothing is judged, so that what is
measured is the product. Start it with `python -m tests.bench.calendars`; it prints where it
listens, as JSON, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from core.timing.zones import DAY, utc
from tests.servers.graph.entra import Account, Entra, Permit
from tests.servers.graph.tls import PrivateAuthority

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERS_AFTER = 0.2  # seconds
MONDAY = 1_793_577_600  # 2026-11-02T00:00:00Z
DAYS = 28
STARTS = (9 * 3600, 11 * 3600, 14 * 3600)  # of the events of each workday
LENGTH = 2700
PEOPLE = 200
SCOPES = frozenset({"Calendars.ReadWrite", "User.Read"})


def spans() -> list[tuple[int, int]]:
    """Return the busy times that every calendar here has: three events on each workday."""
    days = [MONDAY + n * DAY for n in range(-7, DAYS) if n % 7 < 5]
    return [(day + at, day + at + LENGTH) for day in days for at in STARTS]


def google() -> str:
    """Return what Google says about one calendar."""
    busy = [{"start": f"{utc(s):%FT%TZ}", "end": f"{utc(e):%FT%TZ}"} for s, e in spans()]
    return json.dumps({"busy": busy})


def graph() -> bytes:
    """Return a calendar's view by Graph."""
    value = [
        {
            "@odata.etag": 'W/"x"',
            "id": f"AQMkADAwAevent{number}AaA=",
            "start": {"dateTime": f"{utc(start):%FT%T}.0000000", "timeZone": "UTC"},
            "end": {"dateTime": f"{utc(end):%FT%T}.0000000", "timeZone": "UTC"},
            "showAs": "busy",
            "isCancelled": False,
            "isAllDay": False,
            "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        }
        for number, (start, end) in enumerate(spans())
    ]
    return json.dumps({"@odata.context": "x", "value": value}).encode()


def caldav() -> bytes:
    """Return a report of a CalDAV server: most events are single ones, one is a series."""
    texts = [
        f"DTSTART:{utc(start):%Y%m%dT%H%M%SZ}\r\nDTEND:{utc(end):%Y%m%dT%H%M%SZ}"
        for start, end in spans()
    ]
    texts.append("DTSTART;TZID=Europe/London:20260105T130000\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY")
    return (
        '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
        f"{''.join(_responses(texts))}</multistatus>"
    ).encode()


def _responses(texts: Iterable[str]) -> Iterable[str]:
    for number, text in enumerate(texts):
        yield (
            f"<response><href>/c/{number}.ics</href><propstat><prop><getetag>x</getetag>"
            f"<c:calendar-data>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u{number}\r\n"
            f"{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n</c:calendar-data></prop>"
            "<status>HTTP/1.1 200 OK</status></propstat></response>"
        )


class Services:
    """All three services, and how often each was asked."""

    def __init__(self) -> None:
        """Make every answer."""
        self._google, self._graph, self._caldav = google(), graph(), caldav()
        self._asked: Counter[str] = Counter()

    def application(self) -> web.Application:
        """Return the addresses."""
        app = web.Application()
        app.router.add_post("/google/token", self._token)
        app.router.add_post("/google/calendar/v3/freeBusy", self._free_busy)
        app.router.add_get("/graph/me/calendars/{id}/calendarView", self._view)
        app.router.add_route("REPORT", "/caldav/{user}/{calendar}/", self._report)
        app.router.add_get("/asked", self._count)
        return app

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "warm", "expires_in": 3600})

    async def _free_busy(self, request: web.Request) -> web.Response:
        body = await self._wait("google", request)
        items = (f"{json.dumps(item['id'])}:{self._google}" for item in json.loads(body)["items"])
        text = f'{{"calendars":{{{",".join(items)}}}}}'
        return web.Response(text=text, content_type="application/json")

    async def _view(self, request: web.Request) -> web.Response:
        await self._wait("microsoft", request)
        return web.Response(body=self._graph, content_type="application/json")

    async def _report(self, request: web.Request) -> web.Response:
        await self._wait("caldav", request)
        return web.Response(status=207, body=self._caldav, content_type="application/xml")

    async def _wait(self, name: str, request: web.Request) -> bytes:
        self._asked[name] += 1
        body, _ = await asyncio.gather(request.read(), asyncio.sleep(ANSWERS_AFTER))
        return body

    async def _count(self, _: web.Request) -> web.Response:
        """Tell how often each was asked since the last time."""
        found, self._asked = dict(self._asked), Counter()
        return web.json_response(found)


async def serve() -> None:
    """Listen until standard input ends."""
    runner = web.AppRunner(Services().application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        authority = PrivateAuthority(Path(folder))
        async with Entra(authority.server(), rotates=False) as entra:
            for number in range(PEOPLE):
                account = Account(f"p{number}@example.org")
                entra.refresh[f"refresh-of-{number}"] = Permit(account, SCOPES)
            host, port = runner.addresses[0][:2]
            where = {
                "url": f"http://{host}:{port}",
                "authority": entra.authority,
                "ca_file": str(authority.ca_file),
            }
            print(json.dumps(where), flush=True)
            await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
