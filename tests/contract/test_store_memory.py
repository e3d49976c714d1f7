"""The store contract for the store in memory."""

import pytest

from adapters.memory.store import MemoryStore
from tests.contract.store.world import seed
from tests.contract.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    async def store(self) -> MemoryStore:
        store = MemoryStore()
        await store.transact(seed)
        return store
