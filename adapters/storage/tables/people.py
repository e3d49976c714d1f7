"""Organisations, people, programmes and their settings."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from adapters.storage.tables.common import ID, NUMBER, metadata, to

organisation = Table(
    "organisation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
)

person = Table(
    "person",
    metadata,
    # The small number by which the guard of `claim` tells people apart.
    Column("key", NUMBER, Identity(), primary_key=True),
    Column("id", ID, nullable=False),
    Column("org_id", ID, to("organisation.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("email_folded", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("hours", Text),
    Column("buffer", Integer),
    Column("duration", Integer),
    Column("leave", Text, nullable=False),
    Column("meeting_link", Text),
    Column("is_admin", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("welcomed", Boolean, nullable=False),
    Column("nudges", Boolean, nullable=False),
    Column("reach", Text, nullable=False, server_default=""),
    Column("picture", Text, nullable=False, server_default=""),
    Column("wishes", Text, nullable=False, server_default="{}"),
    UniqueConstraint("id"),
    UniqueConstraint("org_id", "email_folded"),
)

chat_identity = Table(
    "chat_identity",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("person_id", ID, to("person.id"), nullable=False),
    Index(None, "person_id"),
)

programme = Table(
    "programme",
    metadata,
    Column("id", ID, primary_key=True),
    Column("org_id", ID, to("organisation.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index(None, "org_id"),
)

membership = Table(
    "membership",
    metadata,
    Column("programme_id", ID, to("programme.id"), primary_key=True),
    Column("person_id", ID, to("person.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index(None, "person_id"),
)

pair = Table(
    "pair",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, to("programme.id"), nullable=False),
    Column("mentor_id", ID, to("person.id"), nullable=False),
    Column("mentee_id", ID, to("person.id"), nullable=False),
    Column("coaching", Boolean, nullable=False),
    # The two ids in order, joined: two people are one pair, whoever of them leads.
    Column("two", Text, nullable=False),
    UniqueConstraint("programme_id", "two"),
    Index(None, "mentor_id"),
    Index(None, "mentee_id"),
)

setting = Table(
    "setting",
    metadata,
    Column("scope", ID, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
