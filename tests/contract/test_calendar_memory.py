"""The calendar contract for the calendar service in memory."""

from collections.abc import Sequence
from datetime import date

import pytest

from adapters.memory.calendar import MemoryCalendars
from core.booking.drafts import EventDraft
from core.booking.meeting import Rsvp
from core.errors import ProviderError, RateLimited
from core.links import Grant, Provider
from core.ports import Busy, Receipt
from tests.contract.calendar_contract import (
    ERRORS,
    ApprovalContract,
    CalendarContract,
    Fault,
    InboxContract,
    MemberContract,
    RoomContract,
    Stored,
    as_stored,
)
from tests.contract.series_contract import SeriesContract


class MemoryBench:
    def __init__(self, provider: Provider = Provider.CALDAV) -> None:
        self.calendars = MemoryCalendars(provider)
        self.calendars.open_account("maya", "right")
        self.form = {"username": "maya", "password": "right"}
        self.service = self.calendars.service()
        self.first = self.calendars.add_calendar("maya", "Work", default=True)
        self.second = self.calendars.add_calendar("maya", "Personal")
        self.missing = "memory://maya/none"

    async def grant(self) -> Grant:
        return self.calendars.grant("maya", "maya")

    async def add(self, calendar_id: str, uid: str, busy: Busy) -> None:
        self.calendars.add_busy(calendar_id, busy, uid)

    async def add_day(self, calendar_id: str, uid: str, day: date) -> None:
        self.calendars.add_day(calendar_id, day)

    async def stored(self, calendar_id: str) -> Sequence[Stored]:
        return [as_stored(draft) for draft in self.calendars.events(calendar_id)]

    async def touch(self, receipt: Receipt) -> None:
        self.calendars.touch(receipt)

    async def drop(self, receipt: Receipt) -> None:
        self.calendars.drop(receipt)

    def fail(self, fault: Fault, calendar_id: str | None = None) -> None:
        kind = ERRORS[fault]
        error: ProviderError = kind("on demand")
        if kind is RateLimited:
            error = RateLimited("on demand", retry_after=7)
        self.calendars.fail(error, calendar_id=calendar_id)

    def lose_answer(self) -> None:
        self.calendars.lose_answer()

    def without_rooms(self) -> None:
        self.calendars.meets = False

    async def file(self, calendar_id: str, draft: EventDraft, answer: Rsvp) -> None:
        self.calendars.file(calendar_id, draft.uid, (draft.start, draft.end), answer)


class TestMemoryCalendars(CalendarContract, ApprovalContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench()


class TestMemoryMembers(MemberContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench(Provider.GOOGLE)


class TestMemorySeries(SeriesContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench()


class TestMemoryRooms(RoomContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench(Provider.GOOGLE)


class TestMemoryInbox(InboxContract):
    @pytest.fixture
    def bench(self) -> MemoryBench:
        return MemoryBench(Provider.MICROSOFT)


@pytest.mark.parametrize(
    ("provider", "inbox", "rooms"),
    [
        (Provider.CALDAV, False, False),
        (Provider.GOOGLE, False, True),
        (Provider.MICROSOFT, True, True),
    ],
)
def test_each_provider_has_the_sides_of_its_service(
    provider: Provider, inbox: bool, rooms: bool
) -> None:
    service = MemoryCalendars(provider).service()
    assert (service.inbox is not None, service.rooms is not None) == (inbox, rooms)
