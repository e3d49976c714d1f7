"""What can go wrong with the database itself, and how its errors become ours."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg

from core.errors import NotFound, Stale, TandemError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError


class StorageError(TandemError):
    """The database cannot do what was asked; nothing was stored."""


class StorageFull(StorageError):  # noqa: N818  # named by what happened, like core.errors
    """The disk (or the file's size limit) is full; nothing was stored."""


class StorageUnavailable(StorageError):  # noqa: N818
    """The database cannot be reached, or another process holds it for too long."""


class SealError(StorageError):
    """A sealed value cannot be opened, or a key ring cannot be read. Holds no secret."""


class SchemaError(StorageError):
    """The database's schema does not fit this version of the program."""


# https://www.sqlite.org/rescode.html, primary codes (the low byte of an extended one).
SQLITE_ERRORS: dict[int, tuple[type[StorageError], str]] = {
    5: (StorageUnavailable, "another process holds the database"),  # SQLITE_BUSY
    6: (StorageUnavailable, "another process holds the database"),  # SQLITE_LOCKED
    8: (StorageError, "the database can only be read here"),  # SQLITE_READONLY
    10: (StorageUnavailable, "the disk of the database fails"),  # SQLITE_IOERR
    11: (StorageError, "the database file is damaged"),  # SQLITE_CORRUPT
    13: (StorageFull, "no space is left for the database"),  # SQLITE_FULL
    14: (StorageUnavailable, "the database file cannot be opened"),  # SQLITE_CANTOPEN
    26: (StorageError, "the file is not a database"),  # SQLITE_NOTADB
}
SQLITE_UNIQUE = frozenset({1555, 2067})  # SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
SQLITE_FOREIGN_KEY = 787

# https://www.postgresql.org/docs/current/errcodes-appendix.html, whole states or their classes.
SERIALIZATION_FAILURE, DEADLOCK, UNIQUE_VIOLATION = "40001", "40P01", "23505"
FOREIGN_KEY_VIOLATION = "23503"
AGAIN = frozenset({SERIALIZATION_FAILURE, DEADLOCK, UNIQUE_VIOLATION})
POSTGRES_ERRORS: dict[str, tuple[type[StorageError], str]] = {
    "25006": (StorageError, "the database can only be read here"),
    "53100": (StorageFull, "no space is left for the database"),
    "53": (StorageUnavailable, "the database has no resources left"),
    "57P": (StorageUnavailable, "the database is shutting down"),
    "08": (StorageUnavailable, "the connection to the database is lost"),
    "28": (StorageUnavailable, "the database does not let us in"),
}


def translate(error: DBAPIError) -> TandemError:
    """Return what an error of the driver means to us; Stale when the work may be run again.

    A doubled key is Stale too: two transactions inserted the same thing at once, and the second
    finds it there when it runs again. No text of the driver is kept: it shows stored values.
    """
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return translate_sqlite(cause, error.statement)
    if isinstance(cause, psycopg.Error):
        return _translate_postgres(cause, error.statement)
    return _bug(type(cause).__name__, "", error.statement)


def is_exclusion(error: DBAPIError) -> bool:
    """Tell whether the guard against double booking in PostgreSQL's schema stopped us."""
    return isinstance(error.orig, psycopg.errors.ExclusionViolation)


def translate_sqlite(cause: sqlite3.Error, statement: str | None = None) -> TandemError:
    """Return what an error of SQLite means to us."""
    code = getattr(cause, "sqlite_errorcode", 0)
    if code in SQLITE_UNIQUE:
        return Stale("another transaction was first")
    if code == SQLITE_FOREIGN_KEY:
        return NotFound("a stored row would refer to something that is not there")
    kind, message = SQLITE_ERRORS.get(code & 0xFF, (None, ""))
    return kind(message) if kind else _bug(type(cause).__name__, str(code), statement)


def _translate_postgres(cause: psycopg.Error, statement: str | None) -> TandemError:
    state = cause.sqlstate or ""
    if state in AGAIN:
        return Stale("another transaction was first")
    if state == FOREIGN_KEY_VIOLATION:
        return NotFound("a stored row would refer to something that is not there")
    if not state and isinstance(cause, psycopg.OperationalError):
        return StorageUnavailable("the database cannot be reached or does not let us in")
    for prefix, (kind, message) in POSTGRES_ERRORS.items():
        if state.startswith(prefix):
            return kind(message)
    return _bug(type(cause).__name__, state, statement)


def _bug(name: str, code: str, statement: str | None) -> StorageError:
    """Return an error that nobody expects; the statement has no values in it."""
    return StorageError(f"{name} {code} in: {' '.join((statement or '').split())[:300]}")
