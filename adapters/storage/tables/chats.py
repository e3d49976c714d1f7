"""Conversations, messages, and the chats they are in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from adapters.storage.tables.common import ID, NUMBER, metadata, to

conversation = Table(
    "conversation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("data", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Index(None, "saved_at"),
)

post = Table(
    "post",
    metadata,
    Column("person_id", ID, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False, server_default="0"),
    Index(None, "saved_at"),
)

# What came in from a chat; `body` is wiped when it was answered.
inbound = Table(
    "inbound",
    metadata,
    Column("number", NUMBER, Identity(), primary_key=True),
    Column("key", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("body", LargeBinary),  # sealed
    Column("at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    UniqueConstraint("key"),
    Index(None, "at"),
)

WAITING = text("NOT done")
Index("ix_inbound_due", inbound.c.due_at, sqlite_where=WAITING, postgresql_where=WAITING)
Index(
    "ix_inbound_lane",
    inbound.c.lane,
    inbound.c.number,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)

workspace = Table(
    "workspace",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("org_id", ID, to("organisation.id")),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("active", Boolean, nullable=False),
    Index(None, "org_id"),
)

chat_reference = Table(
    "chat_reference",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("data", Text, nullable=False),
)

local_message = Table(
    "local_message",
    metadata,
    Column("number", NUMBER, Identity(), primary_key=True),
    Column("id", ID, nullable=False),
    Column("person_id", ID, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("id"),
    Index(None, "person_id", "at"),
)
