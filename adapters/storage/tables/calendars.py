"""Connected calendars and consents under way."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
)

from adapters.storage.tables.common import ID, metadata, to

calendar_grant = Table(
    "calendar_grant",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, to("person.id"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("account", LargeBinary, nullable=False),  # sealed
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("state", Text, nullable=False),
    Column("why_broken", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Index(None, "person_id"),
)

calendar_link = Table(
    "calendar_link",
    metadata,
    Column("id", ID, primary_key=True),
    Column("grant_id", ID, to("calendar_grant.id", cascade=True), nullable=False),
    Column("person_id", ID, to("person.id"), nullable=False),
    Column("calendar_id", LargeBinary, nullable=False),  # sealed: it may name the account
    Column("name", Text, nullable=False),
    Column("use", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Index(None, "grant_id"),
    Index(None, "person_id"),
)

# A step of connecting that waits for its person; `data` is empty after its use.
pending_consent = Table(
    "pending_consent",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, to("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),  # sealed
    Column("expires_at", BigInteger, nullable=False),
    Column("used", Boolean, nullable=False),
    Index(None, "expires_at"),
)
