"""The world, new for each test."""

import pytest

from tests.unit.core.use_cases.world import World, make_world


@pytest.fixture
async def world() -> World:
    return await make_world()
