"""The store in memory: dictionaries with a copy, for tests and measurements.

It keeps every promise of the ports, transactions included, and forgets everything at the end.
"""

from __future__ import annotations

import asyncio
import threading
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from adapters.memory import booking, talk, work
from adapters.memory.health import MemoryHealth
from adapters.memory.people import (
    MemoryConsents,
    MemoryLinks,
    MemoryOrganisations,
    MemoryPeople,
    MemoryProgrammes,
    MemorySettings,
)
from adapters.memory.table import Tables
from core.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.repositories import Tx

T = TypeVar("T")

ATTEMPTS = 10


class MemoryTx:
    """One transaction on a fork of the tables."""

    def __init__(self, tables: Tables, numbers: count[int]) -> None:
        self.organisations = MemoryOrganisations(tables)
        self.people = MemoryPeople(tables)
        self.programmes = MemoryProgrammes(tables)
        self.settings = MemorySettings(tables)
        self.links = MemoryLinks(tables)
        self.health = MemoryHealth(tables)
        self.consents = MemoryConsents(tables)
        self.proposals = booking.MemoryProposals(tables)
        self.meetings = booking.MemoryMeetings(tables)
        self.effects = work.MemoryEffects(tables, numbers)
        self.conversations = work.MemoryConversations(tables)
        self.posts = work.MemoryPosts(tables)
        self.local = work.MemoryLocal(tables)
        self.inbox = talk.MemoryInbox(tables, numbers)
        self.workspaces = talk.MemoryWorkspaces(tables)
        self.references = talk.MemoryReferences(tables)
        self.audit = work.MemoryAudit(tables, numbers)
        self.deployment = work.MemoryDeployment(tables)


class MemoryStore:
    """The port `Store` on dictionaries. Units of work run one after the other."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._numbers = count(1)
        self._lock = threading.Lock()

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on a fork of the tables, which takes their place when it succeeds."""
        await asyncio.sleep(0)
        with self._lock:
            for _ in range(ATTEMPTS - 1):
                try:
                    return self._attempt(work)
                except Stale:
                    continue
            return self._attempt(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on the committed tables; writing there raises TandemError."""
        await asyncio.sleep(0)
        return work(MemoryTx(self._tables.fork(writable=False), self._numbers))

    def _attempt(self, work: Callable[[Tx], T]) -> T:
        tables = self._tables.fork(writable=True)
        result = work(MemoryTx(tables, self._numbers))
        tables.check()
        self._tables = tables
        return result
