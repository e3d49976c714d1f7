"""Sealed columns: what the file shows, other keys, swapped values, and a change of keys."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.storage.errors import SealError
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from tests.contract.store.world import do, each, grant, pid
from tests.unit.storage.conftest import OLD_KEY

NEW_KEY = ("new", bytes(range(1, 33)))
FACT = "tandem-secret-address@example.org"


@pytest.fixture
async def filled(sqlite_store: SqlStore) -> SqlStore:
    await do(
        sqlite_store,
        each((grant(1), grant(2)), lambda tx, one: tx.links.save_grant(one)),
        lambda tx: tx.deployment.put("address", FACT),
    )
    return sqlite_store


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_the_file_does_not_show_secrets(filled: SqlStore, sqlite_url: str) -> None:
    filled.dispose()
    raw = b"".join(file.read_bytes() for file in _file(sqlite_url).parent.iterdir())
    assert b"person-1" in raw
    for secret in (b"secret-word", b"account-of-1", b"dav.example.net", FACT.encode()):
        assert secret not in raw
    assert b"p1@example.org" in raw  # what is not sealed can be found in this way


async def test_a_ring_without_the_key_is_told_so(filled: SqlStore, sqlite_url: str) -> None:
    other = SqlStore(sqlite_url, Sealer([NEW_KEY]))
    for work in (
        lambda tx: tx.links.grant(grant(1).id),
        lambda tx: tx.links.grants_of([pid(1)]),
        lambda tx: tx.deployment.get("address"),
        lambda tx: tx.links.reseal(),
    ):
        with pytest.raises(SealError, match="no key 'old'"):
            await other.transact(work)
    other.dispose()


async def test_a_wrong_key_is_told_so(filled: SqlStore, sqlite_url: str) -> None:
    wrong = SqlStore(sqlite_url, Sealer([(OLD_KEY[0], NEW_KEY[1])]))
    with pytest.raises(SealError, match="key 'old' does not open"):
        await wrong.read(lambda tx: tx.links.grant(grant(1).id))
    wrong.dispose()


@pytest.mark.parametrize("column", ["account", "secret"])
async def test_a_value_moved_to_another_row_does_not_open(
    filled: SqlStore, sqlite_url: str, column: str
) -> None:
    with closing(sqlite3.connect(_file(sqlite_url))) as connection, connection:
        connection.execute(
            f"UPDATE calendar_grant SET {column} = "  # noqa: S608  # one of two known names
            f"(SELECT {column} FROM calendar_grant WHERE id = 'grant-2') WHERE id = 'grant-1'"
        )
    with pytest.raises(SealError, match=rf"calendar_grant\.{column}:grant-1"):
        await filled.read(lambda tx: tx.links.grant(grant(1).id))
    assert await filled.read(lambda tx: tx.links.grant(grant(2).id)) == grant(2)


async def test_keys_are_changed_without_a_pause(filled: SqlStore, sqlite_url: str) -> None:
    both = SqlStore(sqlite_url, Sealer([NEW_KEY, OLD_KEY]))
    assert await both.read(lambda tx: tx.links.grant(grant(1).id)) == grant(1)
    await both.transact(lambda tx: tx.links.save_grant(grant(3)))
    assert await both.transact(lambda tx: tx.links.reseal()) == 3  # two grants, one fact
    assert await both.transact(lambda tx: tx.links.reseal()) == 0
    both.dispose()
    new = SqlStore(sqlite_url, Sealer([NEW_KEY]))
    found = await new.read(lambda tx: tx.links.grants_of([pid(1), pid(2), pid(3)]))
    assert found == {one.id: one for one in (grant(1), grant(2), grant(3))}
    assert await new.read(lambda tx: tx.deployment.get("address")) == FACT
    new.dispose()


async def test_resealing_on_postgres(postgres_store: SqlStore, postgres_url: str) -> None:
    await postgres_store.transact(lambda tx: tx.links.save_grant(grant(1)))
    both = SqlStore(postgres_url, Sealer([NEW_KEY, OLD_KEY]))
    assert await both.transact(lambda tx: tx.links.reseal()) == 1
    both.dispose()
    with pytest.raises(SealError):
        await postgres_store.read(lambda tx: tx.links.grant(grant(1).id))


async def test_a_version_stays_when_its_row_is_sealed_anew(
    filled: SqlStore, sqlite_url: str
) -> None:
    loaded = await filled.read(lambda tx: tx.links.grant(grant(1).id))
    both = SqlStore(sqlite_url, Sealer([NEW_KEY, OLD_KEY]))
    await both.transact(lambda tx: tx.links.reseal())
    await both.transact(lambda tx: tx.links.save_grant(loaded))
    assert (await both.read(lambda tx: tx.links.grant(loaded.id))).version == 1
    both.dispose()
