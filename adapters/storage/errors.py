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
SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL = 5, 6, 8, 10, 13
SQLITE_ERRORS: dict[int, tuple[type[StorageError], str]] = {
    SQLITE_BUSY: (StorageUnavailable, "another process holds the database"),
    SQLITE_LOCKED: (StorageUnavailable, "another process holds the database"),
    SQLITE_READONLY: (StorageError, "the database can only be read here"),
    SQLITE_IOERR: (StorageUnavailable, "the disk of the database fails"),
    SQLITE_FULL: (StorageFull, "no space is left for the database"),
}
SQLITE_UNIQUE = frozenset({1555, 2067})  # SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
SQLITE_FOREIGN_KEY = frozenset({787})

# https://www.postgresql.org/docs/current/errcodes-appendix.html
SERIALIZATION_FAILURE, DEADLOCK, UNIQUE_VIOLATION = "40001", "40P01", "23505"
FOREIGN_KEY_VIOLATION, EXCLUSION_VIOLATION = "23503", "23P01"
AGAIN = frozenset({SERIALIZATION_FAILURE, DEADLOCK, UNIQUE_VIOLATION})
POSTGRES_ERRORS: dict[str, tuple[type[StorageError], str]] = {
    "25006": (StorageError, "the database can only be read here"),
    "53100": (StorageFull, "no space is left for the database"),
    "53": (StorageUnavailable, "the database has no resources left"),
    "57P": (StorageUnavailable, "the database is shutting down"),
    "08": (StorageUnavailable, "the connection to the database is lost"),
}


def translate(error: DBAPIError) -> TandemError | None:
    """Return what an error of the driver means to us; Stale when the work may be run again.

    A doubled key is Stale too: two transactions inserted the same thing at once, and the second
    finds it there when it runs again. None for what we have no name for: a bug.
    """
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(cause, psycopg.Error):
        return _of_postgres(cause)
    return None


def is_exclusion(error: DBAPIError) -> bool:
    """Tell whether the guard against double booking in PostgreSQL's schema stopped us."""
    return isinstance(error.orig, psycopg.errors.ExclusionViolation)


def _of_sqlite(cause: sqlite3.Error) -> TandemError | None:
    code = getattr(cause, "sqlite_errorcode", 0)
    if code in SQLITE_UNIQUE:
        return Stale("another transaction was first")
    if code in SQLITE_FOREIGN_KEY:
        return NotFound("a stored row would refer to something that is not there")
    kind, message = SQLITE_ERRORS.get(code & 0xFF, (None, ""))
    return kind(message) if kind else None


def _of_postgres(cause: psycopg.Error) -> TandemError | None:
    state = cause.sqlstate or ""
    if state in AGAIN:
        return Stale("another transaction was first")
    if state == FOREIGN_KEY_VIOLATION:
        return NotFound("a stored row would refer to something that is not there")
    if not state and isinstance(cause, psycopg.OperationalError):
        return StorageUnavailable("the database cannot be reached")
    for prefix, (kind, message) in POSTGRES_ERRORS.items():
        if state.startswith(prefix):
            return kind(message)
    return None
