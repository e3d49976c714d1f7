"""The promises of a store about transactions."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from core.errors import Conflict, Stale, TandemError
from core.people import Organisation
from tests.contract.store.world import (
    NOON,
    ORG,
    PROGRAMME,
    do,
    effect,
    meeting,
    person,
    pid,
    proposal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.people import Person
    from core.repositories import Store, Tx

OLD = "Harbour School"
RENAMED = Organisation(ORG, "Renamed")


class Stopped(Exception):  # noqa: N818  # what a test stops a transaction with
    pass


async def name(store: Store) -> str:
    return (await store.read(lambda tx: tx.organisations.get(ORG))).name


class TransactionContract:
    async def test_returns_what_the_work_returns(self, store: Store) -> None:
        assert await store.transact(lambda tx: tx.people.get(pid(1)).name) == "Person 1"
        assert await store.read(lambda tx: len(tx.people.of(ORG))) == 6

    async def test_reads_its_own_writes(self, store: Store) -> None:
        def work(tx: Tx) -> str:
            tx.organisations.save(RENAMED)
            return tx.organisations.get(ORG).name

        assert await store.transact(work) == "Renamed"

    async def test_an_exception_rolls_everything_back(self, store: Store) -> None:
        one, offered = meeting(1, 2), proposal(1, 2)

        def work(tx: Tx) -> None:
            tx.organisations.save(RENAMED)
            tx.meetings.claim(one)
            tx.meetings.save(one)
            tx.proposals.save(offered)
            tx.effects.add(effect("a"))
            tx.settings.write(ORG, "buffer", "10 min")
            raise Stopped

        with pytest.raises(Stopped):
            await store.transact(work)
        assert await name(store) == OLD
        window = (NOON - 9, NOON + 9)
        assert await store.read(lambda tx: tx.meetings.claims([pid(1)], window)) == {pid(1): []}
        assert await store.read(lambda tx: tx.meetings.in_programme(PROGRAMME, window)) == ()
        assert await store.read(lambda tx: tx.proposals.open_of(pid(2))) == ()
        assert await store.read(lambda tx: tx.effects.by_key("a")) is None
        assert await store.read(lambda tx: tx.settings.read(ORG)) == {}

    async def test_the_store_works_on_after_an_exception(self, store: Store) -> None:
        def work(_tx: Tx) -> None:
            raise Stopped

        for _ in range(20):
            with pytest.raises(Stopped):
                await store.transact(work)
        await do(store, lambda tx: tx.organisations.save(RENAMED))
        assert await name(store) == "Renamed"

    async def test_stale_work_is_run_again_from_the_start(self, store: Store) -> None:
        seen: list[str] = []

        def work(tx: Tx) -> int:
            seen.append(tx.organisations.get(ORG).name)
            tx.organisations.save(RENAMED)
            if len(seen) < 3:
                raise Stale
            return len(seen)

        assert await store.transact(work) == 3
        assert seen == [OLD, OLD, OLD]

    async def test_stale_work_is_not_run_for_ever(self, store: Store) -> None:
        runs: list[int] = []

        def work(tx: Tx) -> None:
            runs.append(1)
            tx.organisations.save(RENAMED)
            raise Stale

        with pytest.raises(Stale):
            await store.transact(work)
        assert 2 <= len(runs) <= 20
        assert await name(store) == OLD

    async def test_no_update_is_lost(self, store: Store) -> None:
        one = proposal(1, 2)
        await do(store, lambda tx: tx.proposals.save(one))

        def work(tx: Tx) -> None:
            stored = tx.proposals.get(one.id)
            tx.proposals.save(replace(stored, expires_at=stored.expires_at + 1))

        await asyncio.gather(*(store.transact(work) for _ in range(12)))
        stored = await store.read(lambda tx: tx.proposals.get(one.id))
        assert (stored.version, stored.expires_at) == (12, one.expires_at + 12)

    async def test_the_same_effect_from_many_at_once(self, store: Store) -> None:
        results = await asyncio.gather(
            *(store.transact(lambda tx: tx.effects.add(effect("a"))) for _ in range(16))
        )
        assert results == [None] * 16
        assert len(await store.transact(lambda tx: tx.effects.claim(NOON, 60, 9, "t"))) == 1

    async def test_one_address_for_many_at_once(self, store: Store) -> None:
        people = [person(number, email="same@example.org") for number in range(20, 28)]
        results = await asyncio.gather(
            *(store.transact(partial(_save, one)) for one in people), return_exceptions=True
        )
        assert [type(result) for result in results if result is not None] == [Conflict] * 7
        found = await store.read(lambda tx: tx.people.by_email(ORG, "same@example.org"))
        assert found in people

    async def test_reading_work_cannot_write(self, store: Store) -> None:
        with pytest.raises(TandemError):
            await store.read(lambda tx: tx.organisations.save(RENAMED))
        with pytest.raises(TandemError):
            await store.read(lambda tx: tx.effects.add(effect("a")))
        assert await name(store) == OLD
        await do(store, lambda tx: tx.organisations.save(RENAMED))
        assert await name(store) == "Renamed"

    async def test_readers_do_not_wait_for_a_writer(self, store: Store) -> None:
        written, read = threading.Event(), threading.Event()

        def slow(tx: Tx) -> None:
            tx.organisations.save(RENAMED)
            written.set()
            assert read.wait(20)

        thread = threading.Thread(target=_run, args=(store, slow))
        thread.start()
        try:
            assert await asyncio.to_thread(written.wait, 20)
            assert await name(store) == OLD
        finally:
            read.set()
            await asyncio.to_thread(thread.join)
        assert await name(store) == "Renamed"

    async def test_a_reader_sees_one_moment(self, store: Store) -> None:
        started, changed = threading.Event(), threading.Event()

        def look(tx: Tx) -> tuple[str, str]:
            first = tx.organisations.get(ORG).name
            started.set()
            assert changed.wait(20)
            return first, tx.organisations.get(ORG).name

        found: list[tuple[str, str]] = []
        thread = threading.Thread(target=lambda: found.append(asyncio.run(_read(store, look))))
        thread.start()
        try:
            assert await asyncio.to_thread(started.wait, 20)
            await do(store, lambda tx: tx.organisations.save(RENAMED))
        finally:
            changed.set()
            await asyncio.to_thread(thread.join)
        assert found == [(OLD, OLD)]


def _save(one: Person, tx: Tx) -> None:
    tx.people.save(one)


def _run(store: Store, work: Callable[[Tx], None]) -> None:
    async def main() -> None:
        await store.transact(work)

    asyncio.run(main())


async def _read(store: Store, work: Callable[[Tx], tuple[str, str]]) -> tuple[str, str]:
    return await store.read(work)
