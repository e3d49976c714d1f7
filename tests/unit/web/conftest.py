"""The pages of connecting, served anew for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.web.front import Browser, Front, open_front


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with open_front() as opened:
        yield opened


@pytest.fixture
async def browser(front: Front) -> Browser:
    return front.browser()
