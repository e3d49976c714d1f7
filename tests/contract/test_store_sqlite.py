"""The store contract for SQLite, in a file as in production."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage.schema import migrate
from adapters.storage.sealing import Sealer
from adapters.storage.store import SqlStore
from tests.contract.store.world import seed
from tests.contract.store_contract import StoreContract


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "tandem.db"
    migrate(f"sqlite:///{file}")
    return file


class TestSqliteStore(StoreContract):
    @pytest.fixture
    async def store(self, template: Path, tmp_path: Path) -> AsyncIterator[SqlStore]:
        file = shutil.copy(template, tmp_path)
        store = SqlStore(f"sqlite:///{file}", Sealer([("k1", bytes(32))]))
        await store.transact(seed)
        yield store
        store.dispose()
