"""What only SQLite does: its settings, a full disk, a file that another process holds."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.storage import engines
from adapters.storage.errors import StorageError, StorageFull, StorageUnavailable
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.repositories import Tx
from tests.contract.store.world import NOON, ORG, PEOPLE, effect, meeting, person, pid
from tests.unit.storage.conftest import OLD_KEY

SEALER = Sealer([OLD_KEY])


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("busy_timeout", 30_000),
        ("foreign_keys", 1),
        ("synchronous", 2),  # FULL
    ],
)
async def test_settings_of_every_connection(
    sqlite_store: SqlStore, pragma: str, value: object
) -> None:
    for engine in (sqlite_store._engines.write, sqlite_store._engines.read):
        with engine.connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def _limit(store: SqlStore, pages: int) -> None:
    """Let the file grow by so many pages at most, as a full disk would."""
    with store._engines.write.connect() as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar() or 0
        connection.execute(text(f"PRAGMA max_page_count = {used + pages}"))


async def test_a_full_disk_stores_nothing_of_the_transaction(sqlite_store: SqlStore) -> None:
    _limit(sqlite_store, 8)

    def work(tx: Tx) -> None:
        tx.meetings.claim(meeting(1, 2))
        for number in range(2000):
            tx.effects.add(effect(f"e{number}", payload={"text": "x" * 500}))

    with pytest.raises(StorageFull, match="no space is left"):
        await sqlite_store.transact(work)
    assert await sqlite_store.read(lambda tx: tx.effects.by_key("e0")) is None
    window = (0, 2 * NOON)
    assert await sqlite_store.read(lambda tx: tx.meetings.claims([pid(1)], window)) == {pid(1): []}


async def test_work_goes_on_when_there_is_space_again(sqlite_store: SqlStore) -> None:
    _limit(sqlite_store, 0)
    big = effect("big", payload={"text": "x" * 100_000})
    with pytest.raises(StorageFull):
        await sqlite_store.transact(lambda tx: tx.effects.add(big))
    assert len(await sqlite_store.read(lambda tx: tx.people.of(ORG))) == PEOPLE
    _limit(sqlite_store, 1000)
    await sqlite_store.transact(lambda tx: tx.effects.add(big))
    assert await sqlite_store.read(lambda tx: tx.effects.by_key("big")) is not None


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[SqlStore]:
    monkeypatch.setattr(engines, "PRAGMAS", ("busy_timeout=1", *engines.PRAGMAS[1:]))
    store = SqlStore(sqlite_url, SEALER)
    yield store
    store.dispose()


async def test_another_process_that_holds_the_file(impatient: SqlStore, sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="another process"):
            await impatient.transact(lambda tx: tx.organisations.all())
        assert await impatient.read(lambda tx: tx.organisations.all()) == ()
        other.execute("ROLLBACK")
    assert await impatient.transact(lambda tx: tx.organisations.all()) == ()


async def test_two_stores_on_one_file_take_turns(sqlite_store: SqlStore, sqlite_url: str) -> None:
    other = SqlStore(sqlite_url, SEALER)
    entered, left = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        tx.effects.add(effect("first"))
        entered.set()
        left.wait(0.2)

    future = sqlite_store._writers.submit(sqlite_store._run, sqlite_store._engines.write, hold)
    assert entered.wait(20)
    found = await other.transact(lambda tx: tx.effects.by_key("first"))
    assert found is not None
    future.result()
    other.dispose()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    with pytest.raises(StorageError, match="no database file yet"):
        SqlStore(f"sqlite:///{file}", SEALER)
    assert not file.exists()


def test_something_else_than_a_database(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("this is a letter to somebody, and not a short one" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="not a database"):
        SqlStore(f"sqlite:///{file}", SEALER)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/tandem"])
def test_databases_that_cannot_work_are_refused(url: str) -> None:
    with pytest.raises(StorageError, match="neither a SQLite file nor PostgreSQL"):
        SqlStore(url, SEALER)


def test_an_address_that_makes_no_sense_is_not_shown() -> None:
    with pytest.raises(StorageError, match="cannot be read") as error:
        SqlStore("user:password", SEALER)
    assert "password" not in str(error.value)


async def test_errors_show_no_stored_values(sqlite_store: SqlStore) -> None:
    secret = "somebody@example.org"

    def work(tx: Tx) -> None:
        tx.people.save(person(1, email=secret, name=None))

    with pytest.raises(StorageError) as error:
        await sqlite_store.transact(work)
    assert secret not in str(error.value)
    assert error.value.__cause__ is None
    assert "INSERT INTO person" in str(error.value)
