"""A search over three people, one at each service: what is asked for, kept, logged and told.

The services are stand-ins with memories, and a real CalDAV server; the store is SQLite. Foreign
events hold words that stand nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.demo.radicale_server import RadicaleServer
from adapters.microsoft.events import FOREIGN, WHOSE
from adapters.microsoft.graph import Patience
from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from adapters.system import RandomIds
from core.booking.proposal import MeetingRequest
from core.ids import GrantId, LinkId, OrgId, PersonId, ProgrammeId
from core.links import CalendarLink, Grant, Provider, Tier, Use
from core.people import Organisation, Person
from core.ports import Busy, BusyAnswer, Ports
from core.programme import Membership, Programme, Role
from core.timing.zones import utc
from core.use_cases.find_times import Finding, find_times
from tests.contract.caldav_proxy import Order as CalDavOrder
from tests.contract.caldav_proxy import Proxy
from tests.contract.calendar_contract import DRAFT, HOUR, LONDON, TUESDAY_NINE, Fault
from tests.contract.test_calendar_caldav import PASSWORD, USER, CalDavBench
from tests.servers.google import partial
from tests.servers.google.bench import GoogleBench, open_bench
from tests.servers.google.server import Order as GoogleOrder
from tests.servers.graph.bench import GraphBench, opened
from tests.servers.graph.mailbox import times
from tests.servers.graph.server import Answer
from tests.servers.graph.server import Order as GraphOrder
from tests.servers.graph.tls import PrivateAuthority

ORG, PROGRAMME = OrgId("larch"), ProgrammeId("harbour")
GUS, MINA, CLEO = (PersonId(name) for name in ("gus", "mina", "cleo"))  # Google, Microsoft, CalDAV
PEOPLE = {GUS: Provider.GOOGLE, MINA: Provider.MICROSOFT, CLEO: Provider.CALDAV}
DAY_ASKED = (TUESDAY_NINE - 9 * HOUR, TUESDAY_NINE + 15 * HOUR)
TITLE, TEXT, PLACE, GUEST = "Quetzalwing", "Zwiebelmarkt", "Xylothek", "ombrellino"
WORDS = (TITLE, TEXT, PLACE, GUEST)
PATIENCE = 3.0  # seconds that a search waits here


@dataclass(slots=True)
class World:
    """The three services, and a product that reads them."""

    google: GoogleBench
    graph: GraphBench
    caldav: CalDavBench
    store: SqlStore
    database: Path
    ports: Ports

    async def fill(self) -> None:
        """Give everybody an event of an hour, from nine, ten and eleven o'clock on."""
        at = [TUESDAY_NINE + n * HOUR for n in range(3)]
        self.google.world.foreign(
            self.google.account,
            self.google.work,
            at[0],
            at[0] + HOUR,
            summary=TITLE,
            description=TEXT,
            location=PLACE,
            attendees=[{"email": f"{GUEST}@example.net", "displayName": GUEST}],
        )
        self.graph.foreign(
            self.graph.first,
            subject=TITLE,
            body={"contentType": "html", "content": f"<p>{TEXT}</p>"},
            bodyPreview=TEXT,
            location={"displayName": PLACE},
            attendees=[{"type": "required", "emailAddress": {"address": f"{GUEST}@example.net"}}],
            start=times(utc(at[1])),
            end=times(utc(at[1] + HOUR)),
        )
        lines = (
            f"DTSTART:{utc(at[2]):%Y%m%dT%H%M%SZ}",
            "DURATION:PT1H",
            f"DESCRIPTION:{TITLE} {TEXT}",
            f"LOCATION:{PLACE}",
            f"ATTENDEE;CN={GUEST}:mailto:{GUEST}@example.net",
            f"X-{TITLE}:{TEXT}",
        )
        await self.caldav.put(self.caldav.first, "foreign", *lines)

    async def search(self, ports: Ports | None = None) -> Finding:
        """Look for an hour on that day."""
        people = tuple(PEOPLE)
        request = MeetingRequest(PROGRAMME, GUS, people, 60, (DAY_ASKED,), LONDON)
        return await find_times(ports or self.ports, request, count=9, nearby=False)

    def links(self) -> dict[PersonId, list[str]]:
        """Return everybody's calendars."""
        return {
            GUS: [self.google.first, self.google.second],
            MINA: [self.graph.first, self.graph.second],
            CLEO: [self.caldav.first, self.caldav.second],
        }


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateAuthority:
    return PrivateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    with RadicaleServer(tmp_path_factory.mktemp("radicale"), {USER: PASSWORD}) as server:
        yield server


@asynccontextmanager
async def opened_caldav(server: RadicaleServer) -> AsyncIterator[CalDavBench]:
    headers = {"Authorization": aiohttp.encode_basic_auth(USER, PASSWORD)}
    async with Proxy(server.url) as proxy, aiohttp.ClientSession(headers=headers) as client:
        bench = CalDavBench(server, proxy, client)
        bench.caldav._dav._timeout = aiohttp.ClientTimeout(total=30)
        await bench.empty()
        try:
            yield bench
        finally:
            await bench.caldav.close()


@pytest.fixture
async def world(
    authority: PrivateAuthority, radicale: RadicaleServer, tmp_path: Path
) -> AsyncIterator[World]:
    database = tmp_path / "tandem.db"
    migrate(f"sqlite:///{database}")
    store = SqlStore(f"sqlite:///{database}", Sealer([("k1", bytes(32))]))
    async with AsyncExitStack() as stack:
        google = await stack.enter_async_context(open_bench())
        await google.google.close()
        google.google = google.adapter(timeout=30.0, patience=30.0)
        graph = await stack.enter_async_context(opened(authority))
        grant = await graph.grant()
        await graph.adapter.close()
        graph.adapter = graph.build(patience=Patience(answer=30.0), search=30.0)
        caldav = await stack.enter_async_context(opened_caldav(radicale))
        services = {
            Provider.GOOGLE: google.service,
            Provider.MICROSOFT: graph.service,
            Provider.CALDAV: caldav.service,
        }
        ports = Ports(store, google.clock, RandomIds(), services, "tandem.example.org", 30.0)
        made = World(google, graph, caldav, store, database, ports)
        grants = {GUS: await google.grant(), MINA: grant, CLEO: await caldav.grant()}
        await store.transact(lambda tx: _fill(tx, made, grants))
        await made.fill()
        stack.callback(store.dispose)
        stack.callback(google.server.release)
        yield made


def _fill(tx: Any, world: World, grants: dict[PersonId, Grant]) -> None:
    tx.organisations.save(Organisation(ORG, "Larch"))
    tx.programmes.save(Programme(PROGRAMME, ORG, "Harbour"))
    for person, provider in PEOPLE.items():
        tx.people.save(Person(person, ORG, person.title(), f"{person}@larch.example", LONDON))
        tx.programmes.join(Membership(PROGRAMME, person, Role.MENTOR))
        grant = replace(grants[person], id=GrantId(person), person_id=person, provider=provider)
        tx.links.save_grant(grant)
        for number, calendar_id in enumerate(world.links()[person]):
            use = Use.SECONDARY if number else Use.PRIMARY
            link = LinkId(f"{person}-{number}")
            tx.links.save(
                CalendarLink(link, grant.id, person, calendar_id, "Work", use, Tier.WRITE)
            )


def starts(finding: Finding) -> list[int]:
    """Return the hours of the day (UTC) that were found."""
    assert finding.proposal is not None
    return sorted((slot.start - DAY_ASKED[0]) // HOUR for slot in finding.proposal.slots)


# --- privacy ---


async def test_nothing_but_times_is_asked_for(world: World) -> None:
    await world.search()
    await _move(world)
    asked = world.google.server.asked
    assert {one.id for one in asked} >= {"freebusy.query", "events.list"}
    for one in asked:
        names = partial.names(partial.parse(one.one("fields")))
        private = {"summary", "description", "location", "attendees", "organizer", "creator"}
        assert names, one.id
        assert not names & private, one.id
    views = world.graph.graph.requests("/calendarView")
    assert views
    for view in views:
        chosen = set(view.options["$select"].split(","))
        assert chosen <= {*FOREIGN, *WHOSE}
        assert not chosen & {"subject", "body", "bodyPreview", "attendees", "location", "organizer"}
        assert "$expand" not in view.options
    reports = [one.body for one in world.caldav.proxy.asked if one.method == "REPORT"]
    assert reports
    for body in reports:
        assert b'<c:comp name="VEVENT"><c:prop name=' in body
        for name in (b"SUMMARY", b"DESCRIPTION", b"LOCATION", b"ORGANIZER", b"<c:allprop"):
            assert name not in body


async def _move(world: World) -> None:
    """Read every calendar as for a meeting that is being moved."""
    grants = await world.store.read(lambda tx: tx.links.grants_of(PEOPLE))
    for number, (person, provider) in enumerate(PEOPLE.items()):
        grant = grants[GrantId(person)]
        source = world.ports.calendars[provider].busy
        ids = world.links()[person]
        found = await source.busy(grant, ids, DAY_ASKED, LONDON, frozenset({DRAFT.uid}))
        busy = [b for one in found.values() if isinstance(one, BusyAnswer) for b in one.spans]
        start = TUESDAY_NINE + number * HOUR
        assert busy == [Busy(start, start + HOUR)]
        assert not any(word in repr(found) for word in WORDS)
    google = world.google
    grant = await google.grant()
    await google.google.place(grant, google.first, DRAFT)
    google.server.asked[:] = [one for one in google.server.asked if one.id in READS]
    await google.google.busy(grant, [google.first], DAY_ASKED, LONDON, frozenset({DRAFT.uid}))


READS = ("freebusy.query", "events.list")


async def test_what_was_read_is_found_nowhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as told:
        finding = await world.search()
        assert (finding.unknown, finding.skipped) == ({}, 0)
        assert not {9, 10, 11} & set(starts(finding))  # they were read, then
        await _move(world)
        for spoil in SPOILT.values():
            spoil(world)
        assert set((await world.search()).unknown) >= {GUS, MINA}
    database = b"".join(file.read_bytes() for file in world.database.parent.glob("tandem.db*"))
    assert b"gus@larch.example" in database
    for word in WORDS:
        assert word.casefold().encode() not in database.lower()
        assert word.casefold() not in caplog.text.casefold()
        assert word.casefold() not in repr(told).casefold()
        assert word.casefold() not in repr(finding).casefold()


def _spoil_google(world: World) -> None:
    body = f"<html>{' '.join(WORDS)}</html>".encode()
    world.google.server.orders += [GoogleOrder("raw", status=200, body=body) for _ in range(4)]


def _spoil_graph(world: World) -> None:
    refusal = Answer(403, {"error": {"code": "ErrorAccessDenied", "message": " ".join(WORDS)}})
    world.graph.graph.orders.append(GraphOrder(refusal, "calendarView", times=9))


SPOILT: dict[str, Callable[[World], None]] = {"google": _spoil_google, "graph": _spoil_graph}


# --- one that hangs ---


def _hang_google(world: World) -> None:
    world.google.server.orders.append(GoogleOrder("slow"))


def _hang_graph(world: World) -> None:
    world.graph.graph.orders.append(GraphOrder(None, "calendarView", seconds=30.0))


def _hang_caldav(world: World) -> None:
    world.caldav.proxy.orders.append(CalDavOrder(Fault.SLOW))


@pytest.mark.parametrize(
    ("person", "hang", "hours"),
    [
        (GUS, _hang_google, {10, 11}),
        (MINA, _hang_graph, {9, 11}),
        (CLEO, _hang_caldav, {9, 10}),
    ],
)
async def test_a_calendar_that_hangs_leaves_one_person_unknown(
    world: World, person: PersonId, hang: Callable[[World], None], hours: set[int]
) -> None:
    """It would hang for longer than the test may take: the search ends at its own deadline."""
    await world.search()  # so that everything is loaded and open
    hang(world)
    found = await world.search(replace(world.ports, deadline=PATIENCE))
    assert found.unknown == {person: "slow"}
    assert not hours & set(starts(found))


async def test_a_search_renews_each_access_once(world: World) -> None:
    before = len(world.graph.entra.asked)
    await world.search()
    assert len(world.graph.entra.asked) - before == 1
    assert [one.id for one in world.google.server.asked] == ["freebusy.query"]
    views = world.graph.graph.requests("/calendarView")
    reports = [one for one in world.caldav.proxy.asked if one.method == "REPORT"]
    assert (len(views), len(reports)) == (2, 2)
