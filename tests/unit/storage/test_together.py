"""Writing units of SQLite that wait at the same time: one commit, and none answers for another."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from adapters.storage.errors import StorageFull
from adapters.storage.store import SqlStore
from core.errors import NotFound, Stale
from core.repositories import Tx
from tests.contract.store.world import effect

Work = Callable[[Tx], Any]


async def at_once(store: SqlStore, *units: Work) -> list[Any]:
    """Hand units over while the writer is busy; return what they came to, in their order."""
    free = threading.Event()
    busy = store._writers.submit(free.wait, 20)
    waiting = [asyncio.create_task(store.transact(unit)) for unit in units]
    await asyncio.sleep(0)  # each has taken its place in the queue
    free.set()
    assert await asyncio.wrap_future(busy)
    return await asyncio.gather(*waiting, return_exceptions=True)


def adding(key: str) -> Work:
    def work(tx: Tx) -> str:
        tx.effects.add(effect(key))
        return key

    return work


async def stored(store: SqlStore, *keys: str) -> list[str]:
    def work(tx: Tx) -> list[str]:
        return [key for key in keys if tx.effects.by_key(key) is not None]

    return await store.read(work)


async def test_they_share_a_commit(sqlite_store: SqlStore) -> None:
    commits: list[object] = []
    event.listen(sqlite_store._engines.write, "commit", commits.append)
    keys = [f"e{number}" for number in range(10)]
    assert await at_once(sqlite_store, *map(adding, keys)) == keys
    assert await stored(sqlite_store, *keys) == keys
    assert len(commits) == 1


async def test_each_sees_what_those_before_it_did(sqlite_store: SqlStore) -> None:
    found = await at_once(
        sqlite_store, adding("first"), lambda tx: tx.effects.by_key("first") is not None
    )
    assert found == ["first", True]


async def test_one_that_fails_takes_nothing_of_the_others(sqlite_store: SqlStore) -> None:
    def failing(tx: Tx) -> None:
        tx.effects.add(effect("half"))
        raise NotFound("nobody")

    first, second, third = await at_once(sqlite_store, adding("a"), failing, adding("b"))
    assert (first, third) == ("a", "b")
    assert isinstance(second, NotFound)
    assert await stored(sqlite_store, "a", "half", "b") == ["a", "b"]


async def test_a_stale_one_runs_again_by_itself(sqlite_store: SqlStore) -> None:
    runs: list[int] = []

    def stale_once(tx: Tx) -> str:
        runs.append(1)
        if len(runs) == 1:
            raise Stale("another was first")
        return "done"

    assert await at_once(sqlite_store, adding("a"), stale_once) == ["a", "done"]
    assert len(runs) == 2


async def test_a_full_disk_concerns_only_what_has_no_room(sqlite_store: SqlStore) -> None:
    with sqlite_store._engines.write.connect() as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar() or 0
        connection.execute(text(f"PRAGMA max_page_count = {used + 8}"))

    def large(tx: Tx) -> None:
        for number in range(2000):
            tx.effects.add(effect(f"large{number}", payload={"text": "x" * 500}))

    first, second, third = await at_once(sqlite_store, adding("a"), large, adding("b"))
    assert (first, third) == ("a", "b")
    assert isinstance(second, StorageFull)
    assert await stored(sqlite_store, "a", "b", "large0") == ["a", "b"]


async def test_one_whose_caller_gave_up_is_passed_over(sqlite_store: SqlStore) -> None:
    free = threading.Event()
    sqlite_store._writers.submit(free.wait, 20)
    given_up = asyncio.create_task(sqlite_store.transact(adding("gone")))
    kept = asyncio.create_task(sqlite_store.transact(adding("kept")))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    free.set()
    await kept
    assert await stored(sqlite_store, "gone", "kept") == ["kept"]
