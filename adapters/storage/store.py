"""The store on SQLite or PostgreSQL: units of work in threads, one transaction each."""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from adapters.storage.db import Db
from adapters.storage.engines import open_engines
from adapters.storage.errors import translate
from adapters.storage.readers import Readers
from adapters.storage.repos.booking import SqlMeetings
from adapters.storage.repos.chats import SqlInbox, SqlReferences, SqlWorkspaces
from adapters.storage.repos.effects import SqlEffects
from adapters.storage.repos.health import SqlHealth
from adapters.storage.repos.links import SqlConsents, SqlDeployment, SqlLinks
from adapters.storage.repos.people import (
    SqlOrganisations,
    SqlPeople,
    SqlProgrammes,
    SqlSettings,
)
from adapters.storage.repos.proposals import SqlProposals
from adapters.storage.repos.talk import SqlAudit, SqlConversations, SqlLocal, SqlPosts
from adapters.storage.together import Together
from core.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from adapters.storage.sealing import Sealer
    from core.repositories import Tx

T = TypeVar("T")

ATTEMPTS = 10
LONGEST_PAUSE = 0.2  # seconds


class SqlTx:
    """One transaction: the repositories on one connection."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        db = Db(connection)
        self.organisations = SqlOrganisations(db)
        self.people = SqlPeople(db)
        self.programmes = SqlProgrammes(db)
        self.settings = SqlSettings(db)
        self.links = SqlLinks(db, sealer)
        self.health = SqlHealth(db)
        self.consents = SqlConsents(db, sealer)
        self.proposals = SqlProposals(db)
        self.meetings = SqlMeetings(db, sealer)
        self.effects = SqlEffects(db)
        self.conversations = SqlConversations(db)
        self.posts = SqlPosts(db)
        self.local = SqlLocal(db)
        self.inbox = SqlInbox(db, sealer)
        self.workspaces = SqlWorkspaces(db, sealer)
        self.references = SqlReferences(db)
        self.audit = SqlAudit(db)
        self.deployment = SqlDeployment(db, sealer)


class SqlStore:
    """The port `Store` on a database whose schema is there (adapters/storage/migrations).

    Writing units of SQLite run on one thread, in the order in which they came: its own lock
    polls and is unfair. Those that wait there share a commit. A caller that is cancelled does not
    stop a unit that has begun.
    """

    def __init__(self, url: str, sealer: Sealer, *, workers: int = 8) -> None:
        """Open the database. Raises StorageError for a URL that cannot work."""
        self._sealer = sealer
        self._engines = open_engines(url, workers)
        self._writers = ThreadPoolExecutor(self._engines.writers, "store-write")
        self._together: Together[Tx] | None = None
        self._readers: Readers[Tx] | ThreadPoolExecutor
        write, read = self._engines.write, self._engines.read
        if self._engines.writers == 1:
            alone = partial(self._run, write)
            self._together = Together(self._writers, write, self._view, alone)
            alone = partial(self._run, read)
            self._readers = Readers(read, self._view, alone, self._engines.readers)
        else:
            self._readers = ThreadPoolExecutor(self._engines.readers, "store-read")

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a thread in one transaction, again when another one was first.

        Raises what `work` raises, Stale when it was last too often, StorageError leaves.
        """
        if self._together is None:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._writers, self._run, self._engines.write, work)
        return await asyncio.wrap_future(self._together.add(work))

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one snapshot of the database; writing there raises StorageError."""
        if isinstance(self._readers, Readers):
            return await self._readers.read(work)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._run, self._engines.read, work)

    def dispose(self) -> None:
        """Let the units that have begun end, then close every connection."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._engines.dispose()

    def _view(self, connection: Connection) -> Tx:
        return SqlTx(connection, self._sealer)

    def _run(self, engine: Engine, work: Callable[[Tx], T]) -> T:
        for attempt in range(ATTEMPTS - 1):
            try:
                return self._attempt(engine, work)
            except Stale:
                most = min(LONGEST_PAUSE, self._engines.pause * 2**attempt)
                time.sleep(random.random() * most)  # noqa: S311  # jitter
        return self._attempt(engine, work)

    def _attempt(self, engine: Engine, work: Callable[[Tx], T]) -> T:
        try:
            with engine.begin() as connection:
                return work(self._view(connection))
        except DBAPIError as error:
            raise translate(error) from None
