"""One model per test."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.understand_llm.endpoint import Model, serving


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    async with serving() as made:
        yield made
