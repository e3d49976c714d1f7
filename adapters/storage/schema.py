"""The schema of a database: which version it has, and how it becomes the newest one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.storage.engines import parse, postgres_engine, sqlite_engine
from adapters.storage.errors import SchemaError, StorageUnavailable, translate

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

HISTORY = Path(__file__).parent / "migrations"
# Any fixed number: two programs that migrate one PostgreSQL at once take turns by it.
TURN = 7_463_905_142


class SchemaKind(StrEnum):
    """How a database's schema stands to this version of the program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The version a database has (None: no schema yet) and the newest this program knows."""

    current: str | None
    newest: str
    kind: SchemaKind


def schema_state(url: str) -> SchemaState:
    """Return the state of a database's schema; makes nothing, not even a file.

    Raises StorageError leaves when the database cannot be reached.
    """
    parsed = parse(url)
    if _file(parsed) and not _holds_data(parsed):
        return _state(None)
    engine = _engine(parsed)
    try:
        with engine.connect() as connection:
            return _state(_current(connection))
    except DBAPIError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


def migrate(url: str) -> str:
    """Bring a database to the newest version and return that; all of it or nothing.

    An existing SQLite file is copied beside itself first (`<file>.backup-<version>`). Raises
    SchemaError for a database of a newer program, StorageError leaves otherwise.
    """
    parsed = parse(url)
    if _file(parsed):
        _prepare_file(parsed)
    engine = _engine(parsed)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            return _upgrade(connection)
    except DBAPIError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> str:
    state = _state(_current(connection))
    if state.kind is SchemaKind.NEWER:
        raise SchemaError(
            f"the database has schema version {state.current}, which this program does not know"
            f" (its newest is {state.newest}): start the newer program"
        )
    if state.kind is not SchemaKind.CURRENT:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return state.newest


def _state(current: str | None) -> SchemaState:
    script = ScriptDirectory.from_config(_config())
    newest = script.get_current_head() or ""
    if current is None:
        return SchemaState(current, newest, SchemaKind.EMPTY)
    if current == newest:
        return SchemaState(current, newest, SchemaKind.CURRENT)
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState(current, newest, SchemaKind.OLDER if current in known else SchemaKind.NEWER)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HISTORY).replace("%", "%%"))
    return config


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return postgres_engine(url, 1)
    # Tables that are made anew would take their references' rows with them.
    return sqlite_engine(url, "BEGIN IMMEDIATE", "foreign_keys=OFF")


def _file(url: URL) -> Path | None:
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database) if is_file and url.database else None


def _holds_data(url: URL) -> bool:
    file = _file(url)
    return file is not None and file.exists() and file.stat().st_size > 0


def _prepare_file(url: URL) -> None:
    """Make the file for its owner alone, or copy one that is about to be changed."""
    if not (file := _file(url)):
        return
    if not _holds_data(url):
        _make(file)
        return
    state = schema_state(url.render_as_string(hide_password=False))
    if state.kind is SchemaKind.OLDER:
        _copy(file, f"{file}.backup-{state.current}")


def _copy(file: Path, wanted: str) -> None:
    """Copy a database while it may be in use, never over an earlier copy."""
    target, number = Path(wanted), 1
    while target.exists():
        number += 1
        target = Path(f"{wanted}-{number}")
    _make(target)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    shutil.copymode(file, target)


def _make(file: Path) -> None:
    """Make an empty file that only its owner may read."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageUnavailable(f"{file} cannot be made: {error.strerror}") from error
