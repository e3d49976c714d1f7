"""The stand-in for Microsoft with the adapter before it; what was sent is judged at the end."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.teams.bench import Bench, bench
from tests.servers.teams.server import Connector


@pytest.fixture
async def connector() -> AsyncIterator[Connector]:
    async with Connector() as made:
        yield made
        assert made.violations == []


@pytest.fixture
async def stage(connector: Connector) -> AsyncIterator[Bench]:
    async with bench(connector) as made:
        yield made
