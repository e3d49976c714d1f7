"""The store contract for a real PostgreSQL."""

from collections.abc import Iterator

import pytest

from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from tests.contract.store.world import seed
from tests.contract.store_contract import StoreContract
from tests.pg import postgres


@pytest.fixture(scope="module")
def url() -> str:
    return postgres().migrated()


@pytest.fixture(scope="module")
def opened(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url, Sealer([("k1", bytes(32))]))
    yield store
    store.dispose()


class TestPostgresStore(StoreContract):
    @pytest.fixture
    async def store(self, url: str, opened: SqlStore) -> SqlStore:
        postgres().clear(url)
        await opened.transact(seed)
        return opened
