"""What only PostgreSQL does: locks, the guard in the schema, failures of the server."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text

from adapters.storage.errors import StorageError, StorageFull, StorageUnavailable
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.errors import NotFound, TimeTaken
from core.repositories import Tx
from tests.contract.store.world import (
    HOUR,
    NOON,
    ORG,
    PEOPLE,
    book,
    do,
    each,
    effect,
    meeting,
    person,
    pid,
)
from tests.unit.storage.conftest import OLD_KEY

SEALER = Sealer([OLD_KEY])
CLAIM = sql.SQL(
    "INSERT INTO claim (meeting_id, person_id, person_key, start_at, end_at, buffer)"
    " SELECT {meeting}, id, key, {start}, {end}, {buffer} FROM person WHERE id = {person}"
)


def _claim(start: int, end: int, buffer: int = 0, person: str = "person-1") -> sql.Composed:
    return CLAIM.format(
        meeting="by-hand", start=start, end=end, buffer=buffer, person=sql.Literal(person)
    )


@pytest.fixture
def other(postgres_url: str) -> Iterator[psycopg.Connection]:
    """A connection of somebody who knows nothing of this program's locks."""
    with psycopg.connect(postgres_url) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    ("start", "end", "buffer", "free"),
    [
        (NOON + HOUR + 600, NOON + 2 * HOUR, 0, True),
        (NOON + HOUR + 599, NOON + 2 * HOUR, 0, False),
        (NOON - HOUR, NOON, 0, True),
        (NOON - HOUR, NOON, 1, False),
        (NOON + 5, NOON + 6, 0, False),
    ],
)
async def test_the_schema_itself_guards_a_persons_time(
    postgres_store: SqlStore,
    other: psycopg.Connection,
    start: int,
    end: int,
    buffer: int,
    free: bool,
) -> None:
    await do(postgres_store, book(meeting(1, buffer=10)))
    other.execute(_claim(start, end, buffer, "person-2"))
    if free:
        other.execute(_claim(start, end, buffer))
    else:
        with pytest.raises(psycopg.errors.ExclusionViolation):
            other.execute(_claim(start, end, buffer))


@pytest.mark.parametrize(
    ("start", "end"), [(NOON, NOON), (-1, NOON), (NOON, 2**33), (2**33 + NOON, 2**33 + NOON + 9)]
)
async def test_the_guard_stays_within_one_person(
    postgres_store: SqlStore, other: psycopg.Connection, start: int, end: int
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        other.execute(_claim(start, end))


async def test_the_guard_is_told_as_time_taken(
    postgres_store: SqlStore, other: psycopg.Connection
) -> None:
    await do(postgres_store, lambda tx: tx.meetings.save(meeting(3, 4, id="by-hand")))
    other.execute(_claim(NOON, NOON + HOUR))
    booking = asyncio.ensure_future(postgres_store.transact(book(meeting(2, 1))))
    await asyncio.to_thread(_wait_for_a_waiter, other)
    other.commit()
    with pytest.raises(TimeTaken):
        await booking
    assert await postgres_store.read(
        lambda tx: tx.meetings.claims([pid(2)], (NOON, NOON + HOUR))
    ) == {pid(2): []}


def _wait_for_a_waiter(connection: psycopg.Connection) -> None:
    """Return when another connection to this database waits for a lock."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    )
    for _ in range(2000):
        row = connection.execute(query).fetchone()
        if row and row[0]:
            return
        threading.Event().wait(0.01)
    raise TimeoutError


async def test_a_deadlock_is_resolved_by_running_again(postgres_store: SqlStore) -> None:
    barrier = threading.Barrier(2)
    runs: list[int] = []

    def rename(first: int, second: int) -> object:
        tried = False

        def work(tx: Tx) -> None:
            nonlocal tried
            runs.append(first)
            tx.people.save(person(first, name=f"by {first}"))
            if not tried:
                tried = True
                barrier.wait(20)
            tx.people.save(person(second, name=f"by {first}"))

        return postgres_store.transact(work)

    await asyncio.gather(rename(1, 2), rename(2, 1))  # type: ignore[call-overload]  # awaitables
    found = await postgres_store.read(lambda tx: tx.people.many([pid(1), pid(2)]))
    assert len({one.name for one in found.values()}) == 1
    assert len(runs) == 3


async def test_a_worker_passes_by_what_another_is_taking(
    postgres_store: SqlStore, other: psycopg.Connection
) -> None:
    effects = (effect("a"), effect("b"), effect("c"))
    await do(postgres_store, each(effects, lambda tx, one: tx.effects.add(one)))
    other.execute("SELECT id FROM effect WHERE key = 'a' FOR UPDATE")
    taking = postgres_store.transact(lambda tx: tx.effects.claim(NOON, 60, 2, "t"))
    taken = await asyncio.wait_for(taking, 20)
    assert [one.key for one in taken] == ["b", "c"]


async def test_the_limit_is_the_limit_in_a_large_table(postgres_store: SqlStore) -> None:
    effects = [effect(f"e{n}", NOON - n, lane=f"l{n % 700}") for n in range(1500)]
    await do(postgres_store, each(effects, lambda tx, one: tx.effects.add(one)))
    taken = await postgres_store.transact(lambda tx: tx.effects.claim(NOON, 60, 5, "t"))
    assert len(taken) == 5
    left = await postgres_store.transact(lambda tx: tx.effects.claim(NOON, 60, 5000, "u"))
    assert len(left) == 695


def _fails(state: str, times: int) -> tuple[list[int], object]:
    """Return a list that counts the runs, and work that fails in the server at first."""
    runs: list[int] = []
    raising = text(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")

    def work(tx: Tx) -> int:
        runs.append(1)
        tx.people.save(person(1, name=f"run {len(runs)}"))
        if len(runs) <= times:
            tx.people._db.run(raising)  # type: ignore[attr-defined]  # the SQL side of the port
        return len(runs)

    return runs, work


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
async def test_failures_that_pass_are_run_again(postgres_store: SqlStore, state: str) -> None:
    _, work = _fails(state, 2)
    assert await postgres_store.transact(work) == 3  # type: ignore[arg-type]  # work of a Tx
    found = await postgres_store.read(lambda tx: tx.people.get(pid(1)))
    assert found.name == "run 3"


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53100", StorageFull),
        ("53300", StorageUnavailable),
        ("57P01", StorageUnavailable),
        ("08006", StorageUnavailable),
        ("23503", NotFound),
        ("42P01", StorageError),
    ],
)
async def test_other_failures_are_told_at_once(
    postgres_store: SqlStore, state: str, kind: type[Exception]
) -> None:
    runs, work = _fails(state, 99)
    with pytest.raises(kind) as error:
        await postgres_store.transact(work)  # type: ignore[arg-type]  # work of a Tx
    assert type(error.value) is kind
    assert len(runs) == 1
    assert await postgres_store.read(lambda tx: tx.people.get(pid(1))) == person(1)


async def test_a_server_that_is_not_there() -> None:
    store = SqlStore("postgresql://nobody@/tandem?host=/nonexistent", SEALER)
    with pytest.raises(StorageUnavailable):
        await store.transact(lambda tx: tx.organisations.all())
    with pytest.raises(StorageUnavailable):
        await store.read(lambda tx: tx.organisations.all())
    store.dispose()


async def test_connections_that_were_cut_are_replaced(
    postgres_store: SqlStore, other: psycopg.Connection
) -> None:
    await asyncio.gather(*(postgres_store.read(lambda tx: tx.people.of(ORG)) for _ in range(8)))
    other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    other.commit()
    assert len(await postgres_store.read(lambda tx: tx.people.of(ORG))) == PEOPLE
    await postgres_store.transact(book(meeting(1, 2)))
