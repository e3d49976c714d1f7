"""The calendar contract for Google, on a stand-in that Google's own description judges."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from core.errors import InvalidRequest
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from core.ports import Busy, BusyAnswer, BusyKind
from core.timing.zones import day_span
from tests.contract.calendar_contract import (
    HOUR,
    LONDON,
    MEMBERS,
    NEW_YORK,
    TUESDAY_NINE,
    ApprovalContract,
    CalendarBench,
    CalendarContract,
    MemberContract,
    RoomContract,
    spans_of,
)
from tests.contract.series_contract import MemberSeriesContract, SeriesContract
from tests.servers.google.bench import GoogleBench, open_bench


@pytest.fixture
async def bench() -> AsyncIterator[GoogleBench]:
    async with open_bench() as bench:
        yield bench


class TestGoogleMembers(MemberContract):
    """Members' copies are imported. An import replaces: it can neither be refused nor guarded."""

    async def test_placing_twice_at_once_makes_one_event(self, bench: CalendarBench) -> None:
        writer, grant = bench.service.writer, await bench.grant()
        both = (writer.place(grant, bench.first, MEMBERS) for _ in range(2))
        one, two = await asyncio.gather(*both)
        assert one.remote_id == two.remote_id
        assert len(await bench.stored(bench.first)) == 1


class TestGoogleSeries(SeriesContract):
    """The owner's copy: moved sessions are exceptions of one event."""


class TestGoogleMemberSeries(MemberSeriesContract):
    """Members' copies: the series is imported, and each exception to it."""


class TestGoogleRooms(RoomContract):
    """Meet."""


class TestGoogle(CalendarContract, ApprovalContract):
    """The contract; what cannot be so at Google is said in its own words.

    Accounts are opened by consent, free/busy knows no kinds, and whole days are the calendar's.
    """

    async def test_an_account_opens_with_what_was_typed(self, bench: CalendarBench) -> None:
        assert isinstance(bench, GoogleBench)
        consent = await bench.consented(Tier.WRITE)
        assert consent.account == "maya@example.com"
        grant = Grant(
            GrantId("fresh"), PersonId("maya"), Provider.GOOGLE, consent.account, consent.secret
        )
        found = await bench.service.connector.calendars(grant)
        assert {calendar.calendar_id for calendar in found} == {bench.first, bench.second}
        assert {calendar.name for calendar in found} == {"Work", "Personal"}
        assert all(calendar.writable for calendar in found)
        assert [calendar.default for calendar in found] == [True, False]

    async def test_a_wrong_password_is_refused(self, bench: CalendarBench) -> None:
        with pytest.raises(InvalidRequest, match="by consent"):
            await bench.service.connector.verify(bench.form)

    @pytest.mark.parametrize("kind", list(BusyKind))
    async def test_each_kind_of_busy(self, bench: CalendarBench, kind: BusyKind) -> None:
        span = TUESDAY_NINE, TUESDAY_NINE + HOUR
        await bench.add(bench.first, "a@example.org", Busy(*span, kind))
        assert await self.ask(bench, bench.first) == [BusyAnswer((Busy(*span),))]

    async def test_whole_days_are_days_of_the_persons_zone(self, bench: CalendarBench) -> None:
        await bench.add_day(bench.first, "day@example.org", date(2026, 11, 4))
        for zone in (LONDON, NEW_YORK, "Asia/Kolkata", "Pacific/Auckland"):
            (answer,) = await self.ask(bench, bench.first, zone=zone)
            assert spans_of(answer) == [day_span(date(2026, 11, 4), LONDON)]
