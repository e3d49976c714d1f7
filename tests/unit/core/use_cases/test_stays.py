"""A stay in another zone: announced, begun, ended, called off, and what must not happen twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.effects import EffectState
from core.notices import NoticeKind, from_effect
from core.use_cases import stays
from tests.unit.core.use_cases.world import DAY, NOW, TOVE, World, make_world

if TYPE_CHECKING:
    from core.effects import Effect
    from core.ports import Tx

OSLO, LISBON, TOKYO = "Europe/Oslo", "Europe/Lisbon", "Asia/Tokyo"
JOURNEY = (NOW + 3 * DAY, NOW + 5 * DAY)


@pytest.fixture
async def world() -> World:
    return await make_world()


async def zone(world: World) -> str:
    return (await world.store.read(lambda tx: tx.people.get(TOVE))).zone


async def at(world: World, now: int) -> list[str]:
    """Follow every notice that is due, each twice as after a crash; return their kinds."""
    world.clock.at = now

    def work(tx: Tx) -> tuple[Effect, ...]:
        due = tx.effects.claim(now, 60, 50, "token")
        for effect in due:
            for _ in range(2):
                stays.follow(tx, from_effect(effect), now)
            tx.effects.finish(effect, EffectState.DONE, now)
        return due

    return [from_effect(effect).kind for effect in await world.store.transact(work)]


async def test_it_begins_and_ends_by_itself(world: World) -> None:
    assert await stays.plan(world.ports, TOVE, LISBON, JOURNEY) == OSLO
    assert await zone(world) == OSLO
    assert await at(world, JOURNEY[0] - 1) == []
    assert await at(world, JOURNEY[0]) == [NoticeKind.ZONE_THERE]
    assert await zone(world) == LISBON
    assert await at(world, JOURNEY[1]) == [NoticeKind.ZONE_BACK]
    assert await zone(world) == OSLO


async def test_what_has_begun_counts_at_once(world: World) -> None:
    await stays.plan(world.ports, TOVE, LISBON, (NOW, JOURNEY[1]))
    assert await zone(world) == LISBON
    assert await at(world, JOURNEY[1]) == [NoticeKind.ZONE_BACK]
    assert await zone(world) == OSLO


async def test_what_is_known_of_the_return_is_gone_with_it(world: World) -> None:
    await stays.plan(world.ports, TOVE, LISBON, (NOW, JOURNEY[1]))
    away = await world.store.read(lambda tx: tx.people.get(TOVE))
    assert away.during((JOURNEY[1] - 60, JOURNEY[1])).zone == LISBON
    assert away.during((JOURNEY[1], JOURNEY[1] + 60)).zone == OSLO
    await at(world, JOURNEY[1])
    home = await world.store.read(lambda tx: tx.people.get(TOVE))
    assert (home.zone, home.back, home.zones_ahead) == (OSLO, None, ())


async def test_a_stay_that_is_made_longer_ends_later(world: World) -> None:
    await stays.plan(world.ports, TOVE, LISBON, (NOW, JOURNEY[1]))
    await stays.plan(world.ports, TOVE, LISBON, (NOW, JOURNEY[1] + DAY))
    await at(world, JOURNEY[1])
    assert await zone(world) == LISBON
    await at(world, JOURNEY[1] + DAY)
    assert await zone(world) == OSLO


async def test_who_sets_another_clock_meanwhile_keeps_it(world: World) -> None:
    await stays.plan(world.ports, TOVE, LISBON, (NOW, JOURNEY[1]))

    def work(tx: Tx) -> None:
        tx.people.save(replace(tx.people.get(TOVE), zone=TOKYO))

    await world.store.transact(work)
    moved = await world.store.read(lambda tx: tx.people.get(TOVE))
    assert moved.during((JOURNEY[1], JOURNEY[1] + 60)).zone == TOKYO
    await at(world, JOURNEY[1])
    assert await zone(world) == TOKYO


async def test_the_last_word_counts(world: World) -> None:
    """Of two announcements the older one changes nothing, whenever its days come."""
    await stays.plan(world.ports, TOVE, TOKYO, JOURNEY)
    await stays.plan(world.ports, TOVE, LISBON, (JOURNEY[0] + DAY, JOURNEY[1]))
    await at(world, JOURNEY[0])
    assert await zone(world) == OSLO
    await at(world, JOURNEY[0] + DAY)
    assert await zone(world) == LISBON


async def test_it_is_called_off_once_and_can_be_announced_again(world: World) -> None:
    await stays.plan(world.ports, TOVE, LISBON, JOURNEY)
    assert await stays.drop(world.ports, TOVE)
    assert not await stays.drop(world.ports, TOVE)
    await stays.plan(world.ports, TOVE, LISBON, JOURNEY)
    await stays.drop(world.ports, TOVE)
    await at(world, JOURNEY[0])
    assert await zone(world) == OSLO
    assert await at(world, JOURNEY[1]) == []


async def test_from_one_stay_to_the_next_the_own_zone_comes_back(world: World) -> None:
    await stays.plan(world.ports, TOVE, TOKYO, (NOW, JOURNEY[0] + 60))
    assert await stays.plan(world.ports, TOVE, LISBON, JOURNEY) == OSLO
    await at(world, JOURNEY[0])
    assert await zone(world) == LISBON
    await at(world, JOURNEY[0] + 60)
    assert await zone(world) == LISBON
    await at(world, JOURNEY[1])
    assert await zone(world) == OSLO
