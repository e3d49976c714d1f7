"""Sealed columns: what the file shows, other keys, swapped values, and a change of keys."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.errors import SealError
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from core.booking.meeting import EventRef
from core.ids import MeetingId
from core.repositories import Tx
from tests.contract.store.world import book, do, each, grant, link, meeting, pid
from tests.unit.storage.conftest import OLD_KEY

NEW_KEY = ("new", bytes(range(1, 33)))
FACT = "tandem-secret-address@example.org"
MEETING = MeetingId("meeting-sealed")
# As CalDAV servers do it: the addresses of a calendar and of what lies in it name the account.
HOMES = {n: f"https://dav.example.net/account-of-{n}%40example.net/work/" for n in (1, 2)}
LINKS = {n: replace(link(f"link-{n}", grant(n)), calendar_id=home) for n, home in HOMES.items()}
REFS = {
    n: EventRef(MEETING, one.id, f"{one.calendar_id}{MEETING}.ics", '"7"', 0)
    for n, one in LINKS.items()
}


@pytest.fixture
async def filled(sqlite_store: SqlStore) -> SqlStore:
    await do(
        sqlite_store,
        each((grant(1), grant(2)), lambda tx, one: tx.links.save_grant(one)),
        each(LINKS.values(), lambda tx, one: tx.links.save(one)),
        book(meeting(1, 2, id=MEETING)),
        each(REFS.values(), lambda tx, one: tx.meetings.save_ref(one)),
        lambda tx: tx.deployment.put("address", FACT),
    )
    return sqlite_store


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_the_file_does_not_show_secrets(filled: SqlStore, sqlite_url: str) -> None:
    filled.dispose()
    raw = b"".join(file.read_bytes() for file in _file(sqlite_url).parent.iterdir())
    assert b"person-1" in raw
    for secret in (b"secret-word", b"account-of-", b"dav.example.net", FACT.encode()):
        assert secret not in raw
    assert b"p1@example.org" in raw  # what is not sealed can be found in this way


async def test_a_ring_without_the_key_is_told_so(filled: SqlStore, sqlite_url: str) -> None:
    other = SqlStore(sqlite_url, Sealer([NEW_KEY]))
    for work in (
        lambda tx: tx.links.grant(grant(1).id),
        lambda tx: tx.links.grants_of([pid(1)]),
        lambda tx: tx.links.get(LINKS[1].id),
        lambda tx: tx.links.of([pid(1)]),
        lambda tx: tx.meetings.refs(MEETING),
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


@pytest.mark.parametrize(
    ("place", "load"),
    [
        ("calendar_grant.account:grant-1", lambda tx: tx.links.grant(grant(1).id)),
        ("calendar_grant.secret:grant-1", lambda tx: tx.links.grant(grant(1).id)),
        ("calendar_link.calendar_id:link-1", lambda tx: tx.links.get(LINKS[1].id)),
        (f"event_ref.remote_id:{MEETING}/link-1", lambda tx: tx.meetings.refs(MEETING)),
    ],
)
async def test_a_value_moved_to_another_row_does_not_open(
    filled: SqlStore, sqlite_url: str, place: str, load: Callable[[Tx], object]
) -> None:
    await filled.read(load)
    table, column = place.partition(":")[0].split(".")
    key = "link_id" if table == "event_ref" else "id"
    mine = place.rpartition(":")[2].rpartition("/")[2]
    other = mine.replace("1", "2")
    with closing(sqlite3.connect(_file(sqlite_url))) as connection, connection:
        moved = connection.execute(
            f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {key} = ?)"  # noqa: S608  # known names
            f" WHERE {key} = ?",
            (other, mine),
        )
        assert moved.rowcount == 1
    with pytest.raises(SealError, match=re.escape(place)):
        await filled.read(load)
    assert await filled.read(lambda tx: tx.links.grant(grant(2).id)) == grant(2)


async def test_keys_are_changed_without_a_pause(filled: SqlStore, sqlite_url: str) -> None:
    both = SqlStore(sqlite_url, Sealer([NEW_KEY, OLD_KEY]))
    assert await both.read(lambda tx: tx.links.grant(grant(1).id)) == grant(1)
    await both.transact(lambda tx: tx.links.save_grant(grant(3)))
    assert (
        await both.transact(lambda tx: tx.links.reseal()) == 7
    )  # two grants, links, refs; one fact
    assert await both.transact(lambda tx: tx.links.reseal()) == 0
    both.dispose()
    new = SqlStore(sqlite_url, Sealer([NEW_KEY]))
    found = await new.read(lambda tx: tx.links.grants_of([pid(1), pid(2), pid(3)]))
    assert found == {one.id: one for one in (grant(1), grant(2), grant(3))}
    assert await new.read(lambda tx: tx.links.of([pid(1)])) == {pid(1): (LINKS[1],)}
    assert await new.read(lambda tx: tx.meetings.refs(MEETING)) == (REFS[1], REFS[2])
    assert await new.read(lambda tx: tx.deployment.get("address")) == FACT
    new.dispose()


async def test_resealing_on_postgres(postgres_store: SqlStore, postgres_url: str) -> None:
    await do(
        postgres_store,
        lambda tx: tx.links.save_grant(grant(1)),
        lambda tx: tx.links.save(LINKS[1]),
        book(meeting(1, 2, id=MEETING)),
        lambda tx: tx.meetings.save_ref(REFS[1]),
    )
    both = SqlStore(postgres_url, Sealer([NEW_KEY, OLD_KEY]))
    assert await both.transact(lambda tx: tx.links.reseal()) == 3
    assert await both.read(lambda tx: tx.links.get(LINKS[1].id)) == LINKS[1]
    assert await both.read(lambda tx: tx.meetings.refs(MEETING)) == (REFS[1],)
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
