"""One transaction's connection, with the few ways in which the repositories use it.

Statements are built once per process and run with parameters, so that SQLAlchemy's compiled text
is found again; that is most of what a short transaction costs.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Executable, Row, Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    Insert = PostgresInsert | SqliteInsert

Values = dict[str, Any]


class Db:
    """The connection of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def one(self, statement: Executable, **values: Any) -> Row[Any] | None:
        """Return the first row."""
        return self._connection.execute(statement, values).first()

    def need(self, statement: Executable, name: str, **values: Any) -> Row[Any]:
        """Return the first row. Raises NotFound with `name`."""
        row = self.one(statement, **values)
        if row is None:
            raise NotFound(name)
        return row

    def rows(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        """Return all rows."""
        return self._connection.execute(statement, values).all()

    def run(self, statement: Executable, **values: Any) -> int:
        """Return how many rows were written."""
        return self._connection.execute(statement, values).rowcount

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows."""
        if rows:
            self._connection.execute(_insert(table, self._dialect), rows)

    def add(self, table: Table, values: Values) -> None:
        """Insert a row; one whose key is there already changes nothing."""
        self._connection.execute(_add(table, self._dialect), values)

    def added(self, table: Table, values: Values) -> Row[Any] | None:
        """Insert a row and return its primary key; None for one whose key is there already."""
        return self._connection.execute(_added(table, self._dialect), values).first()

    def upsert(self, table: Table, values: Values, *keys: str) -> None:
        """Insert a row, or replace the one with the same values of `keys`."""
        self._connection.execute(_upsert(table, keys, self._dialect), values)

    def save_versioned(self, table: Table, values: Values) -> bool:
        """Insert a row of version 0, or replace the same version by the next one.

        Tells whether it was inserted. Raises Stale when the stored version is another one.
        """
        known, row_id = values["version"], values["id"]
        if known == 0:
            row = self.one(_first_version(table, self._dialect), **values)
        else:
            changes = {name: values[name] for name in values if name not in {"id", "version"}}
            row = self.one(_next_version(table), **changes, row_id=row_id, known=known)
        if row is None:
            raise Stale(str(row_id))
        return bool(row.version == 0)


@cache
def _insert(table: Table, dialect: str) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _add(table: Table, dialect: str) -> Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _added(table: Table, dialect: str) -> Executable:
    return _insert(table, dialect).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def _upsert(table: Table, keys: tuple[str, ...], dialect: str) -> Insert:
    insert = _insert(table, dialect)
    fixed = {*keys, *(column.name for column in table.primary_key)}
    values = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in fixed}
    if not values:
        return insert.on_conflict_do_nothing(index_elements=keys)
    return insert.on_conflict_do_update(index_elements=keys, set_=values)


@cache
def _first_version(table: Table, dialect: str) -> Executable:
    insert = _insert(table, dialect)
    columns = [c.name for c in table.columns if c.name not in {"id", "version"}]
    values: Values = {name: insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_=values | {"version": table.c.version + 1},
        where=table.c.version == 0,
    ).returning(table.c.version)


@cache
def _next_version(table: Table) -> Executable:
    """Return the statement without its other columns: they come from the parameters."""
    return (
        update(table)
        .where(table.c.id == bindparam("row_id"), table.c.version == bindparam("known"))
        .values(version=table.c.version + 1)
        .returning(table.c.version)
    )
