"""Reading units of SQLite: one thread for all of them, and more as soon as it is held up."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from adapters.storage.errors import StorageError
from adapters.storage.readers import Readers
from adapters.storage.store import SqlStore
from core.errors import NotFound
from core.repositories import Tx
from tests.contract.store.world import effect

Work = Callable[[Tx], Any]
PATIENCE = 20  # seconds until a test gives up


def readers_of(store: SqlStore) -> Readers[Tx]:
    assert isinstance(store._readers, Readers)
    return store._readers


def is_there(key: str) -> Work:
    return lambda tx: tx.effects.by_key(key) is not None


async def at_once(store: SqlStore, *units: Work) -> list[Any]:
    """Hand units over while the first thread is busy; return what they came to."""
    free = threading.Event()
    busy = readers_of(store)._first.submit(free.wait, PATIENCE)
    waiting = [asyncio.create_task(store.read(unit)) for unit in units]
    await asyncio.sleep(0)  # each has taken its place in the queue
    free.set()
    assert await asyncio.wrap_future(busy)
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_waits_is_read_on_one_snapshot(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.storage.readers.PATIENCE", PATIENCE)
    begun: list[object] = []
    event.listen(sqlite_store._engines.read, "begin", begun.append)
    found = await at_once(sqlite_store, *[is_there(f"e{n}") for n in range(10)])
    assert found == [False] * 10
    assert len(begun) == 1


async def test_a_long_one_holds_up_nobody_else(sqlite_store: SqlStore) -> None:
    free = threading.Event()
    long = asyncio.create_task(sqlite_store.read(lambda tx: free.wait(PATIENCE)))
    longer = asyncio.create_task(sqlite_store.read(lambda tx: free.wait(PATIENCE)))
    quick = [sqlite_store.read(is_there(f"e{n}")) for n in range(20)]
    found = await asyncio.wait_for(asyncio.gather(*quick), PATIENCE)
    assert not any(found)
    assert not free.is_set()
    free.set()
    assert all(await asyncio.gather(long, longer))


async def test_what_was_read_before_a_long_one_is_told_at_once(sqlite_store: SqlStore) -> None:
    free = threading.Event()
    quick = asyncio.create_task(sqlite_store.read(is_there("e")))
    long = asyncio.create_task(sqlite_store.read(lambda tx: free.wait(PATIENCE)))
    assert await asyncio.wait_for(quick, PATIENCE) is False
    free.set()
    assert await long


async def test_everybody_sees_what_they_have_written(sqlite_store: SqlStore) -> None:
    async def one(key: str) -> bool:
        await sqlite_store.transact(lambda tx: tx.effects.add(effect(key)))
        found: bool = await sqlite_store.read(is_there(key))
        return found

    assert all(await asyncio.gather(*(one(f"e{n}") for n in range(200))))


async def test_an_error_is_told_to_whom_it_concerns(sqlite_store: SqlStore) -> None:
    def broken(tx: Tx) -> None:
        raise NotFound("it")

    def writes(tx: Tx) -> None:
        tx.effects.add(effect("e"))

    found = await at_once(sqlite_store, is_there("a"), broken, writes, is_there("b"))
    assert not any((found[0], found[3]))
    assert isinstance(found[1], NotFound)
    assert isinstance(found[2], StorageError)


async def test_one_that_nobody_waits_for_any_more_harms_no_other(sqlite_store: SqlStore) -> None:
    free = threading.Event()
    gone = asyncio.create_task(sqlite_store.read(lambda tx: free.wait(PATIENCE)))
    await asyncio.sleep(0)
    gone.cancel()
    other = asyncio.create_task(sqlite_store.read(is_there("e")))
    with pytest.raises(asyncio.CancelledError):
        await gone
    free.set()
    assert await asyncio.wait_for(other, PATIENCE) is False


async def test_a_lost_file_is_an_error_for_each(sqlite_store: SqlStore) -> None:
    def begin(connection: Any) -> None:
        connection.execute(text("SELECT * FROM nothing_like_that"))

    event.listen(sqlite_store._engines.read, "begin", begin)
    found = await at_once(sqlite_store, is_there("a"), is_there("b"))
    assert [type(one) for one in found] == [StorageError, StorageError]


def test_it_goes_on_in_a_later_event_loop(sqlite_store: SqlStore) -> None:
    """A command may run several loops, and leave one while something is read there."""
    free = threading.Event()

    async def leave() -> None:
        waiting = asyncio.create_task(sqlite_store.read(lambda tx: free.wait(PATIENCE)))
        await asyncio.sleep(0)
        waiting.cancel()

    asyncio.run(leave())
    assert asyncio.run(sqlite_store.read(is_there("e"))) is False
    free.set()
    assert asyncio.run(sqlite_store.read(is_there("e"))) is False
