"""The adapter, the two stand-ins, and the hands of the other side."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from adapters.microsoft.auth import Endpoints
from adapters.microsoft.calendar import MicrosoftCalendar
from adapters.microsoft.events import UID_PROPERTY, VERSION_PROPERTY
from adapters.microsoft.graph import Patience
from core.booking.drafts import EventDraft
from core.booking.meeting import Rsvp
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Busy, BusyKind, CalendarService, Consent, Receipt
from core.timing.zones import utc
from tests.contract.calendar_contract import Fault, Stored
from tests.servers.graph.entra import CLIENT, SECRET, Entra
from tests.servers.graph.mailbox import Calendar, Mailbox, day_times, instants, times
from tests.servers.graph.server import Answer, Graph, Order, error
from tests.servers.graph.tls import PrivateAuthority

REDIRECT = "https://tandem.example.org/connect/microsoft/callback"
TRIES = 4  # once, and three times again
SHOWN = {BusyKind.BUSY: "busy", BusyKind.TENTATIVE: "tentative", BusyKind.AWAY: "oof"}
ORDERS: Mapping[Fault, Order] = {
    # The first is answered by a fresh token, so it takes two.
    Fault.REVOKED: Order(error(401, "InvalidAuthenticationToken"), times=2),
    Fault.FORBIDDEN: Order(error(403, "ErrorAccessDenied")),
    Fault.MISSING: Order(error(404, "ErrorItemNotFound")),
    Fault.LIMITED: Order(error(429, "ApplicationThrottled", Retry_After="7")),
    Fault.BROKEN: Order(error(500, "ErrorInternalServerTransientError"), times=TRIES),
    Fault.SLOW: Order(error(504, "UnknownError"), seconds=3.5),
    Fault.REFUSED: Order(error(400, "ErrorInvalidRequest")),
    Fault.UNAPPROVED: Order(error(403, "Authorization_RequestDenied")),
    Fault.NONSENSE: Order(Answer(200, "<html>Sign in to continue</html>")),
}


ANSWERS = {
    Rsvp.NEEDS_ACTION: "notResponded",
    Rsvp.ACCEPTED: "accepted",
    Rsvp.DECLINED: "declined",
    Rsvp.TENTATIVE: "tentativelyAccepted",
}


def wrapped(uid: str) -> str:
    """Return a UID that came by mail as Exchange keeps it (MS-OXCICAL 2.1.3.1.1.20.26)."""
    inner = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    head = "040000008200E00074C5B7101A82E008" + "00000000" * 5
    return f"{head}{len(inner):02X}000000{inner.hex().upper()}"


@dataclass(slots=True)
class KeptGrants:
    """Keeps renewed credentials in a list."""

    saved: list[Mapping[str, str]] = field(default_factory=list)
    error: Exception | None = None

    async def renewed(self, grant: Grant, secret: Mapping[str, str]) -> Grant:
        if self.error:
            raise self.error
        self.saved.append(secret)
        return replace(grant, secret=secret, version=grant.version + 1)


class GraphBench:
    """A mailbox with two calendars behind the adapter."""

    def __init__(self, entra: Entra, graph: Graph, ca_file: str) -> None:
        self.entra, self.graph = entra, graph
        self.grants = KeptGrants()
        self.waits: list[float] = []
        self.mailbox = Mailbox(entra.account.address)
        graph.mailboxes[entra.account.address] = self.mailbox
        self.first = self.mailbox.add_calendar("Work", default=True).id
        self.second = self.mailbox.add_calendar("Personal").id
        self.missing = "AAkALgAAaNone="
        self.form = {"username": "maya@example.org", "password": "right"}
        self.endpoints = Endpoints(entra.authority, graph.url, ca_file=ca_file)
        self.adapter = self.build()

    def build(self, **more: Any) -> MicrosoftCalendar:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            await asyncio.sleep(0)

        settings: dict[str, Any] = {"patience": Patience(answer=2.5), "sleep": sleep, **more}
        return MicrosoftCalendar(CLIENT, SECRET, self.grants, self.endpoints, **settings)

    @property
    def service(self) -> CalendarService:
        return self.adapter.service()

    async def connect(self, tier: Tier = Tier.WRITE) -> Consent:
        consents = self.service.consent
        assert consents is not None
        start = await consents.start(tier, "maya@example.org", "a-state-of-ours", REDIRECT)
        return await consents.finish(start.pending, self.entra.consent(start.url), REDIRECT)

    async def grant(self, tier: Tier = Tier.WRITE) -> Grant:
        consent = await self.connect(tier)
        return Grant(
            GrantId("g"), PersonId("maya"), Provider.MICROSOFT, consent.account, consent.secret
        )

    # --- the other side's hands ---

    def calendar(self, calendar_id: str) -> Calendar:
        return self.mailbox.calendars[calendar_id]

    def foreign(self, calendar_id: str, **fields: Any) -> dict[str, Any]:
        """An event of somebody else's, with everything that must not be seen."""
        event = self.mailbox.create(self.calendar(calendar_id), {})
        assert event is not None
        event |= {
            "subject": "Foreign title",
            "body": {"contentType": "html", "content": "<html><body>Foreign text</body></html>"},
            "location": {"displayName": "Foreign place"},
            "attendees": [{"type": "required", "emailAddress": {"address": "f@example.net"}}],
            **fields,
        }
        return event

    async def add(self, calendar_id: str, uid: str, busy: Busy) -> None:
        self.foreign(
            calendar_id,
            iCalUId=uid,
            start=times(utc(busy.start)),
            end=times(utc(busy.end)),
            showAs=SHOWN[busy.kind],
        )

    async def add_day(self, calendar_id: str, uid: str, day: date) -> None:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self.foreign(calendar_id, iCalUId=uid, **day_times(midnight))

    async def stored(self, calendar_id: str) -> Sequence[Stored]:
        calendar = self.calendar(calendar_id)
        found = []
        for event_id, event in calendar.events.items():
            properties = calendar.properties[event_id]
            if UID_PROPERTY in properties:
                sequence = int(properties[VERSION_PROPERTY].partition(".")[0])
                uid, subject = properties[UID_PROPERTY], event["subject"]
                found.append(Stored(uid, sequence, *instants(event), subject))
        return sorted(found, key=lambda one: one.start)

    def holding(self, receipt: Receipt) -> Calendar:
        calendar = self.mailbox.holding(receipt.remote_id)
        assert calendar is not None
        return calendar

    async def touch(self, receipt: Receipt) -> None:
        text = {"body": {"contentType": "text", "content": "bring tea"}}
        self.mailbox.write(self.holding(receipt), receipt.remote_id, text)

    async def drop(self, receipt: Receipt) -> None:
        self.mailbox.delete(self.holding(receipt), receipt.remote_id)

    def fail(self, fault: Fault, calendar_id: str | None = None) -> None:
        part = (calendar_id or "").replace("=", "%3D")
        self.graph.orders.append(replace(ORDERS[fault], part=part))

    def without_rooms(self) -> None:
        self.mailbox.providers = ("skypeForConsumer",)

    async def file(self, calendar_id: str, draft: EventDraft, answer: Rsvp) -> None:
        """Exchange files an invitation that came by mail, and its owner answers."""
        event = self.foreign(
            calendar_id,
            iCalUId=wrapped(draft.uid),
            start=times(utc(draft.start)),
            end=times(utc(draft.end)),
        )
        event["responseStatus"] = {"response": ANSWERS[answer], "time": "0001-01-01T00:00:00Z"}

    def lose_answer(self) -> None:
        self.graph.lose += TRIES


@asynccontextmanager
async def opened(authority: PrivateAuthority) -> AsyncIterator[GraphBench]:
    """A bench; afterwards nothing may have been complained about."""
    async with Entra(authority.server()) as entra, Graph(entra) as graph:
        bench = GraphBench(entra, graph, str(authority.ca_file))
        try:
            yield bench
        finally:
            await bench.adapter.close()
        assert graph.complaints == []
