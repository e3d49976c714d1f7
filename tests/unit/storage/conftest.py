"""SQL stores in a fresh SQLite file or PostgreSQL database, holding the small world."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from tests.contract.store.world import seed
from tests.pg import postgres

OLD_KEY = ("old", bytes(range(32)))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    migrate(url)
    return url


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(sqlite_url, Sealer([OLD_KEY]))
    await store.transact(seed)
    yield store
    store.dispose()


@pytest.fixture
def postgres_url() -> str:
    return postgres().migrated()


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore(postgres_url, Sealer([OLD_KEY]))
    await store.transact(seed)
    yield store
    store.dispose()
