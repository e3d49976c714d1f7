"""The database's clock beside our own: leases and due times of several processes lean on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.storage.engines import parse, postgres_engine
from adapters.storage.errors import translate

if TYPE_CHECKING:
    from core.ports import Clock


def clock_difference(url: str, clock: Clock) -> float:
    """Return by how many seconds the database's clock is surely ahead of ours (behind: negative).

    0 for SQLite, which has no clock but this machine's. Raises StorageError leaves.
    """
    parsed = parse(url)
    if parsed.get_backend_name() != "postgresql":
        return 0.0
    engine = postgres_engine(parsed, 1)
    try:
        with engine.connect() as connection:
            before = clock.now()
            theirs = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
            after = clock.now() + 1  # our clock tells whole seconds
    except DBAPIError as error:
        raise translate(error) from None
    finally:
        engine.dispose()
    return max(float(theirs) - after, 0.0) + min(float(theirs) - before, 0.0)
