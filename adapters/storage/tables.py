"""The tables, in SQLAlchemy Core: one definition for SQLite and PostgreSQL.

Instants are epoch seconds in bigint columns. What is queried or unique has its own column;
nested values are JSON text (adapters/storage/codecs.py). Columns of bytes hold sealed values and
nothing else (repos/sealed.py). References are checked at the commit, so that a transaction may
write in any order.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = Text()
# SQLite numbers rows by itself only in a column whose type is exactly INTEGER.
NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _to(column: str, *, cascade: bool = False) -> ForeignKey:
    """Return a reference that is checked at the commit."""
    return ForeignKey(
        column,
        deferrable=True,
        initially="DEFERRED",
        ondelete="CASCADE" if cascade else None,
    )


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
    Column("org_id", ID, _to("organisation.id"), nullable=False),
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
    Column("person_id", ID, _to("person.id"), nullable=False),
    Index(None, "person_id"),
)

programme = Table(
    "programme",
    metadata,
    Column("id", ID, primary_key=True),
    Column("org_id", ID, _to("organisation.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index(None, "org_id"),
)

membership = Table(
    "membership",
    metadata,
    Column("programme_id", ID, _to("programme.id"), primary_key=True),
    Column("person_id", ID, _to("person.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index(None, "person_id"),
)

pair = Table(
    "pair",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, _to("programme.id"), nullable=False),
    Column("mentor_id", ID, _to("person.id"), nullable=False),
    Column("mentee_id", ID, _to("person.id"), nullable=False),
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

calendar_grant = Table(
    "calendar_grant",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, _to("person.id"), nullable=False),
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
    Column("grant_id", ID, _to("calendar_grant.id", cascade=True), nullable=False),
    Column("person_id", ID, _to("person.id"), nullable=False),
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
    Column("person_id", ID, _to("person.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),  # sealed
    Column("expires_at", BigInteger, nullable=False),
    Column("used", Boolean, nullable=False),
    Index(None, "expires_at"),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, _to("programme.id"), nullable=False),
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
    Column("proposal_id", ID, _to("proposal.id"), primary_key=True),
    Column("person_id", ID, _to("person.id"), primary_key=True),
    Index(None, "person_id"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", ID, primary_key=True),
    Column("programme_id", ID, _to("programme.id"), nullable=False),
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
    Column("programme_id", ID, _to("programme.id"), nullable=False),
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
    Column("meeting_id", ID, _to("meeting.id"), primary_key=True),
    Column("person_id", ID, _to("person.id"), primary_key=True),
    Index(None, "person_id"),
)

# Whose time a booked meeting holds; `buffer` in seconds.
claim = Table(
    "claim",
    metadata,
    Column("meeting_id", ID, _to("meeting.id"), primary_key=True),
    Column("person_id", ID, _to("person.id"), primary_key=True),
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
    Column("meeting_id", ID, _to("meeting.id"), primary_key=True),
    Column("link_id", ID, primary_key=True),
    Column("remote_id", LargeBinary, nullable=False),  # sealed: it may name the account
    Column("etag", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
)

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
    Column("org_id", ID, _to("organisation.id")),
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
