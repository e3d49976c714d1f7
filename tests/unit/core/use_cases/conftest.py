"""The world, new for each test, and an account in it that is not connected yet."""

import pytest

from tests.unit.core.use_cases.account import account
from tests.unit.core.use_cases.world import World, make_world


@pytest.fixture
async def world() -> World:
    return await make_world()


@pytest.fixture
def calendars(world: World) -> list[str]:
    return account(world)
