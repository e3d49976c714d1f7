"""The calendar contract for Google accounts that an IT department opened, not their people."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.google.calendar import GoogleCalendar
from adapters.google.delegation import load_service_account
from adapters.google.retries import Retries
from adapters.google.scopes import GRANTED_BY_IT
from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from tests.contract.calendar_contract import CalendarBench
from tests.contract.series_contract import SeriesContract
from tests.contract.test_calendar_google import TestGoogle as ByConsent
from tests.servers.google.bench import FixedClock, GoogleBench
from tests.servers.google.delegation import ItDepartment, key_file
from tests.servers.google.server import GoogleServer


class DelegatedBench(GoogleBench):
    """The same bench; its grants come from IT's service account."""

    def __init__(self, server: GoogleServer, clock: FixedClock, folder: Path) -> None:
        self.key = key_file(folder)
        super().__init__(server, clock)
        self.it = ItDepartment(server.world, frozenset(GRANTED_BY_IT[Tier.WRITE]))
        server.consents.it = self.it

    def adapter(self, timeout: float = 1.5, patience: float = 7.0) -> GoogleCalendar:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        return GoogleCalendar(
            *self.world.client,
            self.grants,
            self.server.endpoints,
            self.clock,
            timeout,
            patience,
            Retries(sleep, lambda most: most / 2),
            load_service_account(self.key),
        )

    async def grant(self, tier: Tier = Tier.WRITE) -> Grant:
        delegation = self.service.delegation
        assert delegation is not None
        opened = await delegation.open(self.account.email, "", tier)
        return Grant(GrantId("g"), PersonId("maya"), Provider.GOOGLE, opened.account, opened.secret)


@contextlib.asynccontextmanager
async def open_delegated(folder: Path) -> AsyncIterator[DelegatedBench]:
    """Start the stand-in with Maya's account; leaving fails when the judge objects."""
    clock = FixedClock()
    async with GoogleServer(clock.now) as server:
        bench = DelegatedBench(server, clock, folder)
        try:
            yield bench
        finally:
            await bench.google.close()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DelegatedBench]:
    async with open_delegated(tmp_path) as bench:
        yield bench


class TestGoogleDelegated(ByConsent):
    """Reading, placing, updating and removing, all of the contract."""

    async def test_an_account_opens_with_what_was_typed(self, bench: CalendarBench) -> None:
        grant = await bench.grant()
        found = await bench.service.connector.calendars(grant)
        assert [(c.calendar_id, c.writable, c.default) for c in found] == [
            (bench.first, True, True),
            (bench.second, True, False),
        ]


class TestGoogleDelegatedSeries(SeriesContract):
    """The same for a whole series."""


del ByConsent  # it is collected where it stands
