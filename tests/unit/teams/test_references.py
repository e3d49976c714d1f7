"""Addresses in the product's own store on SQLite: kept, replaced, forgotten, written when new."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer, new_key, parse_ring
from adapters.storage.store import SqlStore
from adapters.teams.references import AddressBook, Contact, Spot, StoredReferences

MAYA = Contact("29:maya", "a:1", "", "Maya Rossi", "Europe/London", "en-GB")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(url)
    made = SqlStore(url, Sealer(parse_ring(new_key("k1"))))
    yield made
    made.dispose()


async def test_what_was_kept_is_found_and_forgotten(store: SqlStore) -> None:
    book = AddressBook(StoredReferences(store))
    spot = Spot("https://smba.trafficmanager.net/uk/", "29:maya")
    await book.save("t", users={"u": MAYA}, places={"a:1": spot}, service=spot.service)
    again = AddressBook(StoredReferences(store))
    assert await again.contact("t", "u") == MAYA
    assert await again.spot("t", "a:1") == spot
    assert await again.service("t") == spot.service
    assert await again.contact("another", "u") is None
    await again.forget_place("t", "a:1")
    assert await book.spot("t", "a:1") is None


async def test_nothing_new_writes_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = 0
    transact = store.transact

    async def counted(work: Callable[[Any], Any]) -> Any:
        nonlocal writes
        writes += 1
        return await transact(work)

    monkeypatch.setattr(store, "transact", counted)
    book = AddressBook(StoredReferences(store))
    for _ in range(3):
        await book.save("t", users={"u": MAYA})
    assert writes == 1
    await book.save("t", users={"u": Contact("29:maya", "a:2")})
    assert writes == 2


async def test_names_of_another_version_are_passed_over(store: SqlStore) -> None:
    references = StoredReferences(store)
    await references.put("t", {"user:u": {"account": "29:maya", "favourite": "blue"}})
    assert await AddressBook(references).contact("t", "u") == Contact("29:maya")
