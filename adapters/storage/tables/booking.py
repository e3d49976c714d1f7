"""Proposals, meetings, series, and the time they claim."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from adapters.storage.tables.common import ID, metadata, to

proposal = Table(
    "proposal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, to("programme.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("meeting_id", ID),
    Column("replaced_by", ID),
    Column("request", Text, nullable=False),
    Column("slots", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)

OPEN_STATES = text("state IN ('drafted', 'offered')")
Index(
    "ix_proposal_open",
    proposal.c.programme_id,
    sqlite_where=OPEN_STATES,
    postgresql_where=OPEN_STATES,
)

# Who an open proposal concerns: the asker and everybody who is to take part.
proposal_person = Table(
    "proposal_person",
    metadata,
    Column("proposal_id", ID, to("proposal.id"), primary_key=True),
    Column("person_id", ID, to("person.id"), primary_key=True),
    Index(None, "person_id"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, to("programme.id"), nullable=False),
    Column("proposal_id", ID),
    Column("owner", ID, nullable=False),
    Column("attendees", Text, nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("end_at", BigInteger, nullable=False),
    Column("zone", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("buffer", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("slot", BigInteger, nullable=False, server_default="0"),
    Column("series", ID),
    Column("agenda", Text, nullable=False, server_default=""),
    Column("notes", Text, nullable=False, server_default=""),
    Index(None, "programme_id", "end_at"),
)

OF_SERIES = text("series IS NOT NULL")
Index("ix_meeting_series", meeting.c.series, sqlite_where=OF_SERIES, postgresql_where=OF_SERIES)

# Its id is that of its first meeting. `pattern` is the rule with its zone, first day and length.
series = Table(
    "series",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, to("programme.id"), nullable=False),
    Column("owner", ID, nullable=False),
    Column("people", Text, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)

meeting_person = Table(
    "meeting_person",
    metadata,
    Column("meeting_id", ID, to("meeting.id"), primary_key=True),
    Column("person_id", ID, to("person.id"), primary_key=True),
    Index(None, "person_id"),
)

# Whose time a booked meeting holds; `buffer` in seconds.
claim = Table(
    "claim",
    metadata,
    Column("meeting_id", ID, to("meeting.id"), primary_key=True),
    Column("person_id", ID, to("person.id"), primary_key=True),
    Column("person_key", BigInteger, nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("end_at", BigInteger, nullable=False),
    Column("buffer", Integer, nullable=False),
    CheckConstraint("buffer BETWEEN 0 AND 86400", name="buffer"),
    # 33 bits of seconds reach to the year 2242; the guard below packs them under the person.
    CheckConstraint(
        "start_at >= 0 AND start_at < end_at AND end_at + buffer < 8589934592", name="span"
    ),
    ExcludeConstraint(
        (
            text("int8range((person_key << 33) + start_at, (person_key << 33) + end_at + buffer)"),
            "&&",
        ),
        using="gist",
        name="ex_claim_time",
    ).ddl_if(dialect="postgresql"),
    Index(None, "person_id", "end_at"),
)

event_ref = Table(
    "event_ref",
    metadata,
    Column("meeting_id", ID, to("meeting.id"), primary_key=True),
    Column("link_id", ID, primary_key=True),
    Column("remote_id", LargeBinary, nullable=False),  # sealed: it may name the account
    Column("etag", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
)
