"""Reading CalDAV never blocks the event loop, and many searches stay few requests at a time."""

import asyncio
import threading
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from adapters.caldav import reading
from adapters.caldav.calendar import SIDE_BY_SIDE, CalDav
from core.ports import BusyAnswer, Unknown
from tests.contract.calendar_contract import LONDON, WEEK
from tests.servers.blocking import watch
from tests.unit.caldav.servers import serving
from tests.unit.caldav.worlds import grant_at, report

TOGETHER = 50
EVENT = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:{}
DTSTART:20261103T090000Z
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""


async def test_nothing_ever_blocks_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    read_in: list[int] = []
    read = reading._busy

    def watched(*arguments: object) -> BusyAnswer:
        read_in.append(threading.get_ident())
        return read(*arguments)  # type: ignore[arg-type]  # passed through

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return report(*(escape(EVENT.format(n)) for n in range(200)))

    blocked = watch(monkeypatch)
    monkeypatch.setattr(reading, "_busy", watched)
    async with serving(answer) as (url,):
        caldav = CalDav([url.removeprefix("http://")])
        found = await caldav.busy(grant_at(url), [f"{url}/work/"], WEEK, LONDON)
        await caldav.close()
    assert isinstance(found[f"{url}/work/"], BusyAnswer)
    here = threading.get_ident()
    assert len(read_in) == 1
    assert here not in read_in
    assert here not in blocked["connect"] | blocked["names"]


async def test_fifty_searches_at_once_stay_at_two_requests() -> None:
    running = most = asked = 0

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal running, most, asked
        running, asked = running + 1, asked + 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return report(EVENT.format(1))

    async with serving(answer) as (url,):
        caldav = CalDav([url.removeprefix("http://")])
        grant, ids = grant_at(url), [f"{url}/work/", f"{url}/personal/"]
        found = await asyncio.gather(
            *(caldav.busy(grant, ids, WEEK, LONDON) for _ in range(TOGETHER))
        )
        await caldav.close()
    assert not any(isinstance(one, Unknown) for answers in found for one in answers.values())
    assert most == SIDE_BY_SIDE == 2
    assert asked == 2 * TOGETHER
