"""The stand-in for Slack with the adapter before it; what was sent is judged at the end."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.slack.bench import Bench, bench
from tests.servers.slack.server import SlackServer


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        yield made
        assert made.violations == []


@pytest.fixture
async def stage(server: SlackServer) -> AsyncIterator[Bench]:
    async with bench(server) as made:
        yield made
