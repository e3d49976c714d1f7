"""The sealed columns: where each value belongs, and how all of them get another key.

The place `table.column:row id` is authenticated with a value, so that one that was moved to
another row does not open. A key of several columns is joined by "/".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import LargeBinary, bindparam, select, update

from adapters.storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, Executable, Row, Table

    from adapters.storage.db import Db
    from adapters.storage.sealing import Sealer


def place(column: Column[Any], *row_id: str) -> str:
    """Return where a sealed value belongs: `table.column:row id`."""
    return f"{column.table.name}.{column.name}:{'/'.join(row_id)}"


def reseal(db: Db, sealer: Sealer) -> int:
    """Seal every value that is not sealed with the ring's first key anew; return how many rows.

    A row's version stays: what it says has not changed. Raises SealError.
    """
    return sum(_reseal_table(db, sealer, table) for table in metadata.sorted_tables)


def _reseal_table(db: Db, sealer: Sealer, table: Table) -> int:
    columns = _sealed(table)
    if not columns:
        return 0
    old = [
        row
        for row in db.rows(_all(table))
        if not all(_is_current(sealer, getattr(row, column.name)) for column in columns)
    ]
    for row in old:
        _reseal_row(db, sealer, table, row)
    return len(old)


def _reseal_row(db: Db, sealer: Sealer, table: Table, row: Row[Any]) -> None:
    keys = {f"row_{column.name}": getattr(row, column.name) for column in table.primary_key}
    values: dict[str, bytes] = {}
    for column in _sealed(table):
        old = getattr(row, column.name)
        where = place(column, *map(str, keys.values()))
        values[column.name] = sealer.seal(sealer.open(old, where), where) if old else old
    db.run(_one(table), **keys, **values)


def _is_current(sealer: Sealer, value: bytes | None) -> bool:
    """Tell whether a value needs no other key; one that was wiped never does."""
    return not value or sealer.is_current(value)


def _sealed(table: Table) -> list[Column[Any]]:
    """Return the sealed columns of a table: no other column holds bytes."""
    return [column for column in table.columns if isinstance(column.type, LargeBinary)]


@cache
def _all(table: Table) -> Executable:
    return select(*table.primary_key, *_sealed(table)).with_for_update()


@cache
def _one(table: Table) -> Executable:
    """Return the statement without its values: they come from the parameters."""
    return update(table).where(
        *(column == bindparam(f"row_{column.name}") for column in table.primary_key)
    )
