"""The calendar contract for Microsoft mailboxes that an IT administrator opened for all."""

from collections.abc import AsyncIterator

import pytest

from core.ids import GrantId, PersonId
from core.links import Grant, Provider, Tier
from tests.contract.calendar_contract import CalendarBench
from tests.contract.series_contract import SeriesContract
from tests.contract.test_calendar_microsoft import BUNDLES
from tests.contract.test_calendar_microsoft import TestMicrosoft as ByConsent
from tests.servers.graph.bench import GraphBench
from tests.servers.graph.entra import WORK_TENANT, Entra
from tests.servers.graph.server import Graph
from tests.servers.graph.tls import PrivateAuthority


class DelegatedBench(GraphBench):
    """The same bench; its grants come from the tenant's approval."""

    async def grant(self, tier: Tier = Tier.WRITE) -> Grant:
        delegation = self.service.delegation
        assert delegation is not None
        opened = await delegation.open("maya@example.org", WORK_TENANT, tier)
        secret = opened.secret
        return Grant(GrantId("g"), PersonId("maya"), Provider.MICROSOFT, opened.account, secret)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> PrivateAuthority:
    return PrivateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def bench(
    authority: PrivateAuthority, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DelegatedBench]:
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)
    async with Entra(authority.server()) as entra, Graph(entra) as graph:
        entra.approved = frozenset({WORK_TENANT})
        bench = DelegatedBench(entra, graph, str(authority.ca_file))
        try:
            yield bench
        finally:
            await bench.adapter.close()
        assert graph.complaints == []
        assert all("/me/" not in asked.path for asked in graph.asked)


class TestMicrosoftDelegated(ByConsent):
    """Reading, placing, updating and removing, all of the contract."""

    async def test_an_account_opens_with_what_was_typed(self, bench: CalendarBench) -> None:
        found = await bench.service.connector.calendars(await bench.grant())
        assert [(c.calendar_id, c.writable, c.default) for c in found] == [
            (bench.first, True, True),
            (bench.second, True, False),
        ]


class TestMicrosoftDelegatedSeries(SeriesContract):
    """The same for a whole series."""


del ByConsent  # it is collected where it stands
