"""The bench that the tests of Google share."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.google.bench import GoogleBench, open_bench


@pytest.fixture
async def bench() -> AsyncIterator[GoogleBench]:
    async with open_bench() as bench:
        yield bench
