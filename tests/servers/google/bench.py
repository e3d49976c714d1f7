"""The adapter and the stand-in put together, and the hands of the other side."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from adapters.google.calendar import GoogleCalendar
from adapters.google.events import OURS
from adapters.google.retries import Retries
from adapters.google.scopes import ASKED
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Busy, BusyKind, CalendarService, Consent, Receipt
from tests.contract.calendar_contract import (
    LONDON,
    WEEK,
    Fault,
    Stored,
)
from tests.servers.google.server import GoogleServer, Order
from tests.servers.google.world import Account, Json, Shelf, World

NOW = WEEK[0]
REDIRECT = "https://tandem.example.org/connect/google"
KINDS: Mapping[BusyKind, Json] = {
    BusyKind.BUSY: {},
    BusyKind.TENTATIVE: {"status": "tentative"},
    BusyKind.AWAY: {"eventType": "outOfOffice"},
}
ENTRIES: Mapping[Fault, Json] = {
    Fault.FORBIDDEN: {"errors": [{"reason": "notFound"}], "busy": []},
    Fault.MISSING: {"errors": [{"reason": "notFound"}], "busy": []},
    Fault.LIMITED: {"errors": [{"reason": "rateLimitExceeded"}], "busy": []},
    Fault.BROKEN: {"errors": [{"reason": "internalError"}], "busy": []},
    Fault.SLOW: {"errors": [{"reason": "newReasonOfTomorrow"}]},
    Fault.REFUSED: {"errors": [{"reason": "groupTooBig"}], "busy": []},
    Fault.NONSENSE: {"busy": [{"start": "yesterday", "end": "tomorrow"}]},
}
ORDERS: Mapping[Fault, Order] = {
    Fault.REVOKED: Order("refuse", status=401, reason="authError"),
    Fault.FORBIDDEN: Order("refuse", status=403, reason="insufficientPermissions"),
    Fault.MISSING: Order("refuse", status=404, reason="notFound"),
    Fault.LIMITED: Order("refuse", status=429, reason="rateLimitExceeded", retry_after="7"),
    Fault.BROKEN: Order("refuse", status=503, reason="backendError"),
    Fault.SLOW: Order("slow"),
    Fault.NONSENSE: Order("page"),
    Fault.REFUSED: Order("refuse", status=400, reason="invalid"),
    Fault.UNAPPROVED: Order("refuse", status=403, reason="domainPolicy"),
}
ATTEMPTS = 4
SENT_PER_ATTEMPT = 2  # the HTTP library repeats a request whose connection broke


@dataclass(slots=True)
class FixedClock:
    """A clock that moves only by hand."""

    at: int = NOW

    def now(self) -> int:
        return self.at


class KeptGrants:
    """Keeps renewed credentials."""

    def __init__(self) -> None:
        self.kept: list[Mapping[str, str]] = []

    async def renewed(self, grant: Grant, secret: Mapping[str, str]) -> Grant:
        self.kept.append(secret)
        return replace(grant, secret=secret, version=grant.version + 1)


class GoogleBench:
    """The adapter talks to the stand-in; the other side's hands work on its world."""

    form: Mapping[str, str] = {"username": "maya", "password": "right"}  # the port's
    first, second, missing = "maya@example.com", "personal@group.example.com", "none@example.com"

    def __init__(self, server: GoogleServer, clock: FixedClock) -> None:
        self.server, self.clock, self.grants = server, clock, KeptGrants()
        self.waits: list[float] = []
        self.google = self.adapter()
        self.account = server.world.account("maya@example.com", "1001", hosted="example.com")
        self.work = self.account.add(Shelf(self.first, "Work", zone=LONDON, primary=True))
        self.personal = self.account.add(Shelf(self.second, "Personal", zone=LONDON))

    def adapter(self, timeout: float = 1.5, patience: float = 7.0) -> GoogleCalendar:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        retries = Retries(sleep, lambda most: most / 2)
        client, endpoints = self.world.client, self.server.endpoints
        return GoogleCalendar(
            *client, self.grants, endpoints, self.clock, timeout, patience, retries
        )

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def service(self) -> CalendarService:
        return self.google.service()

    async def grant(self) -> Grant:
        return self.granted(Tier.WRITE)

    def granted(self, tier: Tier, account: Account | None = None) -> Grant:
        account, scopes = account or self.account, set(ASKED[tier])
        secret = {
            "refresh_token": self.world.lasting_token(account, scopes),
            "scopes": " ".join(sorted(scopes)),
            "sub": account.sub,
            "email": account.email,
        }
        return Grant(GrantId("g"), PersonId("maya"), Provider.GOOGLE, account.email, secret)

    async def consented(self, tier: Tier, google: GoogleCalendar | None = None) -> Consent:
        """Walk through the consent page as the person decides there."""
        google = google or self.google
        start = await google.start(tier, self.account.email, "state-1", REDIRECT)
        return await google.finish(start.pending, await self.walked(start.url), REDIRECT)

    async def walked(self, url: str) -> dict[str, str]:
        """Open a consent page and return the query with which it comes back."""
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(url, allow_redirects=False) as answer,
        ):
            assert answer.status == 302, await answer.text()
            back = urlsplit(answer.headers["Location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT
        return dict(parse_qsl(back.query))

    def shelf(self, calendar_id: str) -> Shelf:
        return self.account.shelves[calendar_id]

    async def add(self, calendar_id: str, uid: str, busy: Busy) -> None:
        shown = KINDS[busy.kind]
        self.world.foreign(
            self.account, self.shelf(calendar_id), busy.start, busy.end, iCalUID=uid, **shown
        )

    async def add_day(self, calendar_id: str, uid: str, day: date) -> None:
        times = {"start": {"date": f"{day}"}, "end": {"date": f"{day + timedelta(days=1)}"}}
        self.world.stored(self.shelf(calendar_id), self.account, {**times, "iCalUID": uid})

    def events(self, calendar_id: str) -> list[Json]:
        """Our events that are there."""
        return [
            event
            for event in self.shelf(calendar_id).events.values()
            if event["status"] != "cancelled" and "extendedProperties" in event
        ]

    async def stored(self, calendar_id: str) -> Sequence[Stored]:
        shelf = self.shelf(calendar_id)
        found = [
            Stored(
                event["extendedProperties"]["private"][OURS],
                event["sequence"],
                *shelf.span(event),
                event["summary"],
            )
            for event in self.events(calendar_id)
        ]
        return sorted(found, key=lambda one: one.start)

    def holding(self, receipt: Receipt) -> tuple[Shelf, Json]:
        return next(
            (shelf, shelf.events[receipt.remote_id])
            for shelf in self.account.shelves.values()
            if receipt.remote_id in shelf.events
        )

    async def touch(self, receipt: Receipt) -> None:
        shelf, event = self.holding(receipt)
        self.world.stored(shelf, self.account, {"location": "The café instead"}, event)

    async def drop(self, receipt: Receipt) -> None:
        _, event = self.holding(receipt)
        event["status"] = "cancelled"

    def fail(self, fault: Fault, calendar_id: str | None = None) -> None:
        if fault is Fault.REVOKED:
            self.server.consents.refusals.append((400, {"error": "invalid_grant"}))
        elif calendar_id is not None:
            order = Order("entry", calendar_id=calendar_id, entry=ENTRIES[fault])
            self.server.orders.append(order)
            return
        times = ATTEMPTS if fault is Fault.BROKEN else 1
        self.server.orders += [replace(ORDERS[fault]) for _ in range(times)]

    def without_rooms(self) -> None:
        self.work.meet = False

    def lose_answer(self) -> None:
        self.server.orders += [Order("lose") for _ in range(ATTEMPTS * SENT_PER_ATTEMPT)]


@contextlib.asynccontextmanager
async def open_bench() -> AsyncIterator[GoogleBench]:
    """Start the stand-in with Maya's account; leaving fails when the judge objects."""
    clock = FixedClock()
    async with GoogleServer(clock.now) as server:
        bench = GoogleBench(server, clock)
        try:
            yield bench
        finally:
            await bench.google.close()
