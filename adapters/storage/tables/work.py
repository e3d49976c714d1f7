"""What is still to be done, and the records for administrators."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from adapters.storage.tables.common import ID, NUMBER, metadata

effect = Table(
    "effect",
    metadata,
    Column("id", NUMBER, Identity(), primary_key=True),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("lane", Text),
    Column("meeting_id", ID),
    Column("person_id", ID),
    Column("sequence", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("give_up_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("lease", Text, nullable=False),
    UniqueConstraint("key"),
    Index(None, "meeting_id"),
    Index(None, "person_id", "id"),
)
READY, CLOSED, DEAD = text("state = 'ready'"), text("state <> 'ready'"), text("state = 'dead'")
Index("ix_effect_due", effect.c.due_at, sqlite_where=READY, postgresql_where=READY)
Index("ix_effect_lane", effect.c.lane, effect.c.id, sqlite_where=READY, postgresql_where=READY)
Index("ix_effect_closed", effect.c.due_at, sqlite_where=CLOSED, postgresql_where=CLOSED)
Index("ix_effect_dead", effect.c.due_at, sqlite_where=DEAD, postgresql_where=DEAD)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", NUMBER, Identity(), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("org_id", ID, nullable=False),
    Column("actor", ID, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("programme_id", ID),
    Index(None, "org_id", "at"),
)

deployment = Table(
    "deployment",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),  # sealed
)
