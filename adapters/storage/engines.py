"""Engines: how this program talks to SQLite and to PostgreSQL.

Each database has two engines, one that writes and one that only reads, so that readers never
wait for writers.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from adapters.storage.errors import StorageError, translate_sqlite

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

BEGIN = "BEGIN"
BUSY_MS = 30_000
# FULL, because an acknowledged booking must survive a power cut; NORMAL would lose the last ones.
PRAGMAS = (f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "synchronous=FULL")
STATEMENTS = 1000  # kept compiled
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Engines:
    """Two engines of one database and how many threads each of them feeds.

    `pause` is how many seconds, at most, a writer waits before it tries a second time.
    """

    write: Engine
    read: Engine
    writers: int
    readers: int
    pause: float

    def dispose(self) -> None:
        """Close every connection."""
        self.write.dispose()
        self.read.dispose()


def parse(url: str) -> URL:
    """Return the URL with its driver named. Raises StorageError for what cannot work."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError("the address of the database cannot be read") from None
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise StorageError("the database is neither a SQLite file nor PostgreSQL")


def open_engines(url: str, workers: int) -> Engines:
    """Return the engines for a URL; `workers` threads write on PostgreSQL, one on SQLite."""
    parsed = parse(url)
    if parsed.get_backend_name() == "postgresql":
        write, read = postgres_engine(parsed, workers), postgres_engine(parsed, workers)
        event.listen(read, "connect", _read_one_snapshot)
        return Engines(write, read, workers, workers, pause=0.02)
    _switch_to_wal(Path(parsed.database or ""))
    write = sqlite_engine(parsed, "BEGIN IMMEDIATE")
    read = sqlite_engine(parsed, BEGIN, "query_only=ON", pool_size=workers)
    return Engines(write, read, 1, workers, pause=0)


def sqlite_engine(url: URL, begin: str, *pragmas: str, pool_size: int = 1) -> Engine:
    """Return an engine whose transactions start with `begin`.

    A plain BEGIN takes its snapshot at the first read and cannot wait for the write lock after
    that: "database is locked" at once. BEGIN IMMEDIATE waits before it reads.
    """
    engine = create_engine(
        url,
        hide_parameters=True,  # errors would show personal data
        pool_size=pool_size,
        max_overflow=0,
        query_cache_size=STATEMENTS,
        connect_args={"cached_statements": STATEMENTS},
    )

    def connect(driver_connection: Any, _record: object) -> None:
        driver_connection.isolation_level = None  # BEGIN is ours, see below
        for pragma in (*PRAGMAS, *pragmas):
            driver_connection.execute(f"PRAGMA {pragma}").close()

    def start(connection: Connection) -> None:
        if begin == BEGIN:  # it takes no lock and so cannot fail; the short way is ten times faster
            driver: Any = connection.connection.driver_connection
            driver.execute(begin).close()
        else:
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
    return engine


def postgres_engine(url: URL, pool_size: int) -> Engine:
    """Return an engine with the database's default isolation (read committed)."""
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        query_cache_size=STATEMENTS,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )


def _switch_to_wal(file: Path) -> None:
    """Let readers and the writer go on side by side; kept in the file, so done once at start."""
    if not file.exists():
        raise StorageError("there is no database file yet: it has to be made first")
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise translate_sqlite(error) from None


def _read_one_snapshot(driver_connection: psycopg.Connection, _record: object) -> None:
    driver_connection.read_only = True
    driver_connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
