"""The calendar contract for CalDAV: on a real server, plain and with iCloud's refusals."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import aiohttp
import pytest

from adapters.caldav.calendar import CalDav
from adapters.caldav.quirks import GENERIC, Quirks
from adapters.demo.radicale_server import RadicaleServer
from adapters.ical.codec import uids_of
from core.errors import Conflict, InvalidRequest, PreconditionFailed, Unavailable
from core.ids import GrantId, PersonId
from core.links import Grant, Provider
from core.ports import Busy, BusyAnswer, BusyKind, CalendarService, Receipt, Unknown
from core.timing.zones import utc
from tests.contract.caldav_proxy import AppleProxy, Order, Proxy
from tests.contract.calendar_contract import (
    DRAFT,
    LONDON,
    MOVED,
    TUESDAY_NINE,
    WEEK,
    CalendarContract,
    Fault,
    MemberContract,
    Stored,
)
from tests.contract.series_contract import SeriesContract

USER, PASSWORD = "maya", "kcdf-wzpt-hbqm-xgrn"
SHOWN = {
    BusyKind.BUSY: "STATUS:CONFIRMED",
    BusyKind.TENTATIVE: "STATUS:TENTATIVE",
    BusyKind.AWAY: "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
}
MAKE = (
    '<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns="DAV:"><set><prop>'
    "<displayname>{}</displayname></prop></set></c:mkcalendar>"
)
# Behind the proxy two host names of this machine stand for iCloud's.
APPLE = Quirks("apple-like", hosts=("127.0.0.1", "localhost"), roams=True, well_known=False)


class CalDavBench:
    """The adapter looks through the proxy; the other side's hands work on the server itself."""

    def __init__(self, server: RadicaleServer, proxy: Proxy, client: aiohttp.ClientSession) -> None:
        self.server, self.proxy, self.client = server, proxy, client
        allowed = [f"{host}:{port}" for host in ("127.0.0.1", "localhost") for port in proxy.ports]
        apple = isinstance(proxy, AppleProxy)
        self.caldav = CalDav(allowed, timeout=1.5, quirks=[APPLE] if apple else [GENERIC])
        self.form = {"server": proxy.url, "username": USER, "password": PASSWORD}
        base = proxy.home if isinstance(proxy, AppleProxy) else f"{proxy.url}/{USER}/"
        self.first, self.second, self.missing = (f"{base}{n}/" for n in ("work", "personal", "x"))

    @property
    def service(self) -> CalendarService:
        return self.caldav.service()

    async def grant(self) -> Grant:
        verified = await self.caldav.verify(self.form)
        return Grant(GrantId("g"), PersonId(USER), Provider.CALDAV, "maya", verified.secret)

    async def empty(self) -> None:
        for calendar, name in (("work", "Work"), ("personal", "Personal")):
            url = self.server.calendar_url(USER, calendar)
            async with self.client.delete(url):
                pass
            async with self.client.request("MKCALENDAR", url, data=MAKE.format(name)) as answer:
                assert answer.ok

    def direct(self, url: str) -> str:
        """The same address on the server itself."""
        return f"{self.server.url}{urlsplit(url).path.lstrip('/')}"

    async def put(self, calendar_id: str, uid: str, *lines: str) -> None:
        text = "\r\n".join(
            [
                *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", f"UID:{uid}"),
                *("DTSTAMP:20260101T000000Z", "SUMMARY:Foreign", *lines),
                *("END:VEVENT", "END:VCALENDAR", ""),
            ]
        )
        url = f"{self.direct(calendar_id)}{uid}.ics"
        async with self.client.put(url, data=text, headers={"Content-Type": "text/calendar"}) as r:
            assert r.status == 201, await r.text()

    async def add(self, calendar_id: str, uid: str, busy: Busy) -> None:
        start, end = (f"{utc(at):%Y%m%dT%H%M%SZ}" for at in (busy.start, busy.end))
        await self.put(calendar_id, uid, f"DTSTART:{start}", f"DTEND:{end}", SHOWN[busy.kind])

    async def add_day(self, calendar_id: str, uid: str, day: date) -> None:
        await self.put(calendar_id, uid, f"DTSTART;VALUE=DATE:{day:%Y%m%d}")

    async def texts(self, calendar_id: str) -> list[str]:
        path = urlsplit(calendar_id).path.strip("/").split("/")
        return [file.read_text() for file in self.server.collection(*path).glob("*.ics")]

    async def stored(self, calendar_id: str) -> Sequence[Stored]:
        found = []
        for text in await self.texts(calendar_id):
            values = dict(line.partition(":")[::2] for line in text.splitlines())
            times = (values[name].strip() for name in ("DTSTART", "DTEND"))
            start, end = (
                next(at for at in range(WEEK[0], WEEK[1], 900) if f"{utc(at):%Y%m%dT%H%M%SZ}" == t)
                for t in times
            )
            sequence = int(values["SEQUENCE"])
            found.append(Stored(values["UID"], sequence, start, end, values["SUMMARY"]))
        return sorted(found, key=lambda one: one.start)

    async def touch(self, receipt: Receipt) -> None:
        url = self.direct(receipt.remote_id)
        async with self.client.get(url) as answer:
            text = await answer.text()
        text = text.replace("TRANSP:OPAQUE", "TRANSP:OPAQUE\r\nCOMMENT:bring tea")
        async with self.client.put(
            url, data=text, headers={"Content-Type": "text/calendar"}
        ) as answer:
            assert answer.ok

    async def drop(self, receipt: Receipt) -> None:
        async with self.client.delete(self.direct(receipt.remote_id)) as answer:
            assert answer.status == 200

    def fail(self, fault: Fault, calendar_id: str | None = None) -> None:
        # A server that refuses partial data is asked for whole events, so it refuses twice.
        times = 2 if fault is Fault.REFUSED and calendar_id is not None else 1
        path = urlsplit(calendar_id or "").path
        self.proxy.orders += [Order(fault, path) for _ in range(times)]

    def lose_answer(self) -> None:
        # The HTTP library repeats a PUT or DELETE once when the connection breaks.
        self.proxy.lose += 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    with RadicaleServer(tmp_path_factory.mktemp("radicale"), {USER: PASSWORD}) as server:
        yield server


async def benches(server: RadicaleServer, proxy: Proxy) -> AsyncIterator[CalDavBench]:
    headers = {"Authorization": aiohttp.encode_basic_auth(USER, PASSWORD)}
    async with proxy, aiohttp.ClientSession(headers=headers) as client:
        bench = CalDavBench(server, proxy, client)
        await bench.empty()
        yield bench
        await bench.caldav.close()


class TestRadicale(CalendarContract):
    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, Proxy(server.url)):
            yield bench


class TestRadicaleSeries(SeriesContract):
    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, Proxy(server.url)):
            yield bench


class TestAppleSeries(SeriesContract):
    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, AppleProxy(server.url, USER)):
            yield bench


class TestRadicaleMembers(MemberContract):
    """Members' copies name nobody here: a server would mail them."""

    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, Proxy(server.url)):
            yield bench

    async def test_nobody_is_named(self, bench: CalDavBench) -> None:
        receipt = await bench.caldav.place(await bench.grant(), bench.first, self.draft)
        async with bench.client.get(bench.direct(receipt.remote_id)) as answer:
            text = await answer.text()
        assert self.draft.title in text
        assert "ORGANIZER" not in text
        assert "ATTENDEE" not in text


class TestApple(CalendarContract):
    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, AppleProxy(server.url, USER)):
            yield bench

    async def test_calendars_on_another_host_are_found(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        assert grant.secret["home"].startswith("http://localhost:")
        assert "mailto:maya@example.org" in grant.secret["addresses"].split()

    async def test_a_uid_in_another_calendar_is_a_conflict(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        receipt = await bench.caldav.place(grant, bench.first, DRAFT)
        with pytest.raises(Conflict):
            await bench.caldav.place(grant, bench.second, DRAFT)
        await bench.caldav.remove(grant, bench.first, receipt)
        await bench.caldav.place(grant, bench.second, DRAFT)

    async def test_a_uid_under_another_name_is_adopted(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        receipt = await bench.caldav.place(grant, bench.first, DRAFT)
        old = bench.direct(receipt.remote_id)
        new = f"{bench.direct(bench.first)}renamed.ics"
        async with bench.client.request("MOVE", old, headers={"Destination": new}) as answer:
            assert answer.ok
        found = await bench.caldav.place(grant, bench.first, MOVED)
        assert found.remote_id.endswith("/renamed.ics")
        assert [one.start for one in await bench.stored(bench.first)] == [MOVED.start]

    async def test_nothing_that_icloud_refuses_is_ever_sent(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        await bench.caldav.calendars(grant)
        receipt = await bench.caldav.place(grant, bench.first, DRAFT)
        receipt = await bench.caldav.update(grant, bench.first, receipt, MOVED)
        await bench.caldav.busy(grant, [bench.first, bench.second], WEEK, LONDON)
        await bench.caldav.remove(grant, bench.first, receipt)
        for asked in bench.proxy.asked:
            assert asked.headers.get("If-Match") != "*"
            assert b"free-busy-query" not in asked.body
            assert not (asked.path.endswith("/principal/") and asked.headers.get("Depth") == "1")


class TestEtags:
    """Servers that say less about versions than they should."""

    @pytest.fixture(params=["weak", "none", "not on writes"])
    async def bench(
        self, server: RadicaleServer, request: pytest.FixtureRequest
    ) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, Proxy(server.url)):
            bench.proxy.etags = request.param
            yield bench

    async def test_versions_are_told_apart(self, bench: CalDavBench) -> None:
        writer, grant = bench.caldav, await bench.grant()
        receipt = await writer.place(grant, bench.first, DRAFT)
        assert await writer.place(grant, bench.first, DRAFT) == receipt
        moved = await writer.update(grant, bench.first, receipt, MOVED)
        assert moved.etag != receipt.etag
        assert [one.start for one in await bench.stored(bench.first)] == [MOVED.start]
        await bench.touch(moved)
        with pytest.raises(PreconditionFailed):
            await writer.update(grant, bench.first, moved, DRAFT)
        await writer.remove(grant, bench.first, moved)
        assert await bench.stored(bench.first) == []


class TestWire:
    """What is and is not sent."""

    @pytest.fixture
    async def bench(self, server: RadicaleServer) -> AsyncIterator[CalDavBench]:
        async for bench in benches(server, Proxy(server.url)):
            yield bench

    async def test_a_refused_login_is_never_tried_again(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        bad = replace(grant, secret={**grant.secret, "password": "wrong"})
        bench.proxy.asked.clear()
        ids = [bench.first, bench.second, bench.missing, f"{bench.missing}y/"]
        with pytest.raises(Exception, match="not accepted"):
            await bench.caldav.busy(bad, ids, WEEK, LONDON)
        # Two go out side by side; those behind them stay.
        assert len(bench.proxy.asked) <= 2

    async def test_two_calendars_are_asked_at_once_and_no_more(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        running, most = 0, 0
        answer = bench.proxy.answer

        async def watched(*arguments: object) -> object:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.05)
            try:
                return await answer(*arguments)  # type: ignore[arg-type]  # passed through as they came
            finally:
                running -= 1

        bench.proxy.answer = watched  # type: ignore[method-assign,assignment]  # looks over its shoulder
        ids = [bench.first, bench.second, bench.missing, f"{bench.missing}y/"]
        await bench.caldav.busy(grant, ids, WEEK, LONDON)
        assert most == 2

    async def test_only_what_decides_about_time_is_asked_for(self, bench: CalDavBench) -> None:
        await bench.caldav.busy(await bench.grant(), [bench.first], WEEK, LONDON)
        (report,) = [asked for asked in bench.proxy.asked if asked.method == "REPORT"]
        assert b'<c:prop name="DTSTART"/>' in report.body
        for name in (b"SUMMARY", b"DESCRIPTION", b"LOCATION", b"ORGANIZER"):
            assert name not in report.body

    async def test_a_server_without_partial_events_is_asked_for_whole_ones(
        self, bench: CalDavBench
    ) -> None:
        forward = bench.proxy.answer

        async def picky(request: object, body: bytes) -> object:
            if b"<c:prop " in body:
                return aiohttp.web.Response(status=400)
            return await forward(request, body)  # type: ignore[arg-type]  # passed through as it came

        bench.proxy.answer = picky  # type: ignore[method-assign,assignment]  # a server of its own kind
        busy = Busy(TUESDAY_NINE, TUESDAY_NINE + 3600)
        await bench.add(bench.first, "a@example.org", busy)
        answers = await bench.caldav.busy(await bench.grant(), [bench.first], WEEK, LONDON)
        assert answers == {bench.first: BusyAnswer((busy,))}

    async def test_a_written_event_invites_nobody(self, bench: CalDavBench) -> None:
        await bench.caldav.place(await bench.grant(), bench.first, DRAFT)
        (text,) = await bench.texts(bench.first)
        assert uids_of(text) == {DRAFT.uid}
        assert not any(name in text for name in ("METHOD", "ORGANIZER", "ATTENDEE"))

    async def test_events_that_make_no_sense_are_counted(self, bench: CalDavBench) -> None:
        busy = Busy(TUESDAY_NINE, TUESDAY_NINE + 3600)
        await bench.add(bench.first, "good@example.org", busy)
        folder = bench.server.collection(USER, "work")
        broken = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:bad@example.org\r\n"
            "DTSTART:20261104T090000Z\r\nDTEND:20261104T100000Z\r\nRRULE:FREQ=MINUTELY;COUNT=3\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        (folder / "bad.ics").write_text(broken)
        answers = await bench.caldav.busy(await bench.grant(), [bench.first], WEEK, LONDON)
        assert answers == {bench.first: BusyAnswer((busy,), skipped=1)}

    async def test_another_owners_object_at_our_path_is_left_alone(
        self, bench: CalDavBench
    ) -> None:
        folder = bench.server.collection(USER, "work")
        await bench.put(bench.first, "other", "DTSTART:20261104T090000Z", "DURATION:PT1H")
        (folder / "other.ics").rename(folder / f"{DRAFT.uid}.ics")
        with pytest.raises(Conflict):
            await bench.caldav.place(await bench.grant(), bench.first, DRAFT)
        assert "UID:other" in (folder / f"{DRAFT.uid}.ics").read_text()

    async def test_a_calendar_of_another_host_gets_no_password(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        elsewhere = "https://calendars.example.net/maya/work/"
        answers = await bench.caldav.busy(grant, [elsewhere], WEEK, LONDON)
        assert answers == {elsewhere: Unknown("no access")}

    async def test_server_given_with_a_path_or_without_a_scheme(self, bench: CalDavBench) -> None:
        for path in (f"/{USER}/", f"/{USER}/work/", "/.well-known/caldav"):
            form = {**bench.form, "server": f"{bench.proxy.url}{path}"}
            verified = await bench.caldav.verify(form)
            assert verified.secret["home"] == f"{bench.proxy.url}/{USER}/"

    async def test_a_server_that_is_none_is_said(self, bench: CalDavBench) -> None:
        bench.proxy.orders = [Order(Fault.MISSING)] * 1 + [Order(Fault.NONSENSE)] * 1
        with pytest.raises(InvalidRequest, match="no calendars"):
            await bench.caldav.verify(bench.form)

    async def test_a_slow_calendar_does_not_hold_up_the_others(self, bench: CalDavBench) -> None:
        grant = await bench.grant()
        allowed = [f"127.0.0.1:{port}" for port in bench.proxy.ports]
        hasty = CalDav(allowed, timeout=30, patience=0.8)
        bench.fail(Fault.SLOW, bench.first)
        ids = [bench.first, bench.second]
        answers = await hasty.busy(grant, ids, WEEK, LONDON)
        await hasty.close()
        assert answers == {bench.first: Unknown("too slow"), bench.second: BusyAnswer(())}

    async def test_nobody_listens(self, bench: CalDavBench) -> None:
        port = bench.proxy.ports[0]
        await bench.proxy._runner.cleanup()
        with pytest.raises(Unavailable) as caught:
            await bench.caldav.verify(bench.form)
        assert str(port) not in f"{caught.value!r}{caught.value.__cause__!r}"
