"""Looks and reminders as rows of a real database, over a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.effects import EffectState
from core.ids import GrantId
from core.keeping import DAY, opened
from core.links import LinkState
from core.notices import NoticeKind
from core.use_cases.connect_calendar import disconnect
from tests.pg import postgres
from tests.unit.core.use_cases.world import INES, NOAH, OMAR, World, request

if TYPE_CHECKING:
    from pathlib import Path

    from core.repositories import Tx

KEYS = [("first", bytes(range(32)))]
GRANT = GrantId("grant-noah-work")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return postgres().migrated()
    sqlite = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(sqlite)
    return sqlite


def start(world: World, url: str) -> SqlStore:
    """Let the world run on a database, as a process does that has just started."""
    store = SqlStore(url, Sealer(KEYS))
    world.store = store  # type: ignore[assignment]  # any store will do
    world.ports = replace(world.ports, store=store)
    return store


async def test_a_look_survives_a_restart_and_breaks_the_grant_once(url: str) -> None:
    world = World()
    store = start(world, url)
    await world.people()
    for person in (INES, NOAH):
        await world.connect(person)
    grant = await world.grant(NOAH)
    for _ in range(2):
        await store.transact(lambda tx: opened(tx, grant, world.clock.now()))
    store.dispose()

    store = start(world, url)
    world.clock.at += DAY
    (first,) = await world.claim("a process that dies")
    store.dispose()
    world.change_password(NOAH)

    store = start(world, url)
    world.clock.at += 121
    await world.work()
    assert (await world.effect(first.id)).state is EffectState.DONE
    assert (await world.grant(NOAH)).state is LinkState.BROKEN
    await world.find(request(INES, NOAH))
    await world.work()

    def told(tx: Tx) -> int:
        return sum(e.payload.get("kind") == kind for e in tx.effects.of_person(NOAH, 100))

    kind = NoticeKind.LINK_BROKEN
    assert await store.read(told) == 1
    for _ in range(7):
        world.clock.at += DAY
        await world.work()
    assert await store.read(told) == 2
    await disconnect(world.ports, NOAH)
    world.clock.at += 8 * DAY
    await world.work()
    assert await store.read(told) == 2
    assert await store.read(lambda tx: tx.effects.next_due()) is None
    store.dispose()


async def test_searches_at_once_tell_it_once(url: str) -> None:
    world = World()
    store = start(world, url)
    await world.people()
    for person in (INES, NOAH, OMAR):
        await world.connect(person)
    world.change_password(NOAH)
    searches = (world.find(request(asker, NOAH)) for asker in (INES, OMAR) * 3)
    found = await asyncio.gather(*searches)
    assert {finding.unknown[NOAH] for finding in found} == {"broken"}
    effects = await store.read(lambda tx: tx.effects.of_person(NOAH, 100))
    assert [e.payload["kind"] for e in effects] == [NoticeKind.LINK_BROKEN]
    assert (await world.grant(NOAH)).version == 1
    store.dispose()
