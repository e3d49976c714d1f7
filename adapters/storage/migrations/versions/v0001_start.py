"""Everything the first version keeps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only in a column whose type is exactly INTEGER.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _people()
    _calendars()
    _proposals()
    _meetings()
    _work()
    _talk()


def _to(table: str, column: str, target: str, **more: Any) -> sa.ForeignKeyConstraint:
    """Return a reference that is checked at the commit."""
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint(
        [column], [target], name=name, deferrable=True, initially="DEFERRED", **more
    )


def _where(condition: str) -> dict[str, Any]:
    """Return the options of an index over some of the rows."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _people() -> None:
    """Organisations, people, programmes and their settings."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_table(
        "person",
        sa.Column("key", NUMBER, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_folded", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("buffer", sa.Integer(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("leave", sa.Text(), nullable=False),
        sa.Column("meeting_link", sa.Text(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("welcomed", sa.Boolean(), nullable=False),
        sa.Column("nudges", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_person"),
        sa.UniqueConstraint("id", name="uq_person_id"),
        sa.UniqueConstraint("org_id", "email_folded", name="uq_person_org_id_email_folded"),
        _to("person", "org_id", "organisation.id"),
    )
    op.create_table(
        "chat_identity",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "workspace", "user", name="pk_chat_identity"),
        _to("chat_identity", "person_id", "person.id"),
    )
    op.create_index("ix_chat_identity_person_id", "chat_identity", ["person_id"])
    op.create_table(
        "programme",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
        _to("programme", "org_id", "organisation.id"),
    )
    op.create_index("ix_programme_org_id", "programme", ["org_id"])
    op.create_table(
        "membership",
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "person_id", "role", name="pk_membership"),
        _to("membership", "person_id", "person.id"),
        _to("membership", "programme_id", "programme.id"),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"])
    op.create_table(
        "pair",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("mentor_id", sa.Text(), nullable=False),
        sa.Column("mentee_id", sa.Text(), nullable=False),
        sa.Column("coaching", sa.Boolean(), nullable=False),
        sa.Column("two", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pair"),
        sa.UniqueConstraint("programme_id", "two", name="uq_pair_programme_id_two"),
        _to("pair", "mentee_id", "person.id"),
        _to("pair", "mentor_id", "person.id"),
        _to("pair", "programme_id", "programme.id"),
    )
    op.create_index("ix_pair_mentee_id", "pair", ["mentee_id"])
    op.create_index("ix_pair_mentor_id", "pair", ["mentor_id"])
    op.create_table(
        "setting",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_setting"),
    )


def _calendars() -> None:
    """Grants and calendar links."""
    op.create_table(
        "calendar_grant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why_broken", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_grant"),
        _to("calendar_grant", "person_id", "person.id"),
    )
    op.create_index("ix_calendar_grant_person_id", "calendar_grant", ["person_id"])
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("calendar_id", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_link"),
        _to("calendar_link", "grant_id", "calendar_grant.id", ondelete="CASCADE"),
        _to("calendar_link", "person_id", "person.id"),
    )
    op.create_index("ix_calendar_link_grant_id", "calendar_link", ["grant_id"])
    op.create_index("ix_calendar_link_person_id", "calendar_link", ["person_id"])


def _proposals() -> None:
    """Proposals."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        _to("proposal", "programme_id", "programme.id"),
    )
    op.create_index(
        "ix_proposal_open",
        "proposal",
        ["programme_id"],
        **_where("state IN ('drafted', 'offered')"),
    )
    op.create_table(
        "proposal_person",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "person_id", name="pk_proposal_person"),
        _to("proposal_person", "person_id", "person.id"),
        _to("proposal_person", "proposal_id", "proposal.id"),
    )
    op.create_index("ix_proposal_person_person_id", "proposal_person", ["person_id"])


def _meetings() -> None:
    """Meetings, claims and the places of copies."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("buffer", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        _to("meeting", "programme_id", "programme.id"),
    )
    op.create_index("ix_meeting_programme_id_end_at", "meeting", ["programme_id", "end_at"])
    op.create_table(
        "meeting_person",
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_meeting_person"),
        _to("meeting_person", "meeting_id", "meeting.id"),
        _to("meeting_person", "person_id", "person.id"),
    )
    op.create_index("ix_meeting_person_person_id", "meeting_person", ["person_id"])
    op.create_table(
        "claim",
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("buffer", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_claim"),
        sa.CheckConstraint("buffer BETWEEN 0 AND 86400", name=op.f("ck_claim_buffer")),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at AND end_at + buffer < 8589934592",
            name=op.f("ck_claim_span"),
        ),
        _to("claim", "meeting_id", "meeting.id"),
        _to("claim", "person_id", "person.id"),
    )
    op.create_index("ix_claim_person_id_end_at", "claim", ["person_id", "end_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE claim ADD CONSTRAINT ex_claim_time EXCLUDE USING gist (int8range("
            "(person_key << 33) + start_at, (person_key << 33) + end_at + buffer) WITH &&)"
        )
    op.create_table(
        "event_ref",
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "link_id", name="pk_event_ref"),
        _to("event_ref", "meeting_id", "meeting.id"),
    )


def _work() -> None:
    """Effects."""
    op.create_table(
        "effect",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column("meeting_id", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("give_up_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_effect"),
        sa.UniqueConstraint("key", name="uq_effect_key"),
    )
    op.create_index("ix_effect_closed", "effect", ["due_at"], **_where("state <> 'ready'"))
    op.create_index("ix_effect_dead", "effect", ["due_at"], **_where("state = 'dead'"))
    op.create_index("ix_effect_due", "effect", ["due_at"], **_where("state = 'ready'"))
    op.create_index("ix_effect_lane", "effect", ["lane", "id"], **_where("state = 'ready'"))
    op.create_index("ix_effect_meeting_id", "effect", ["meeting_id"])
    op.create_index("ix_effect_person_id_id", "effect", ["person_id", "id"])


def _talk() -> None:
    """Conversations, cards, the local chat and the logs."""
    op.create_table(
        "conversation",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_conversation"),
    )
    op.create_index("ix_conversation_saved_at", "conversation", ["saved_at"])
    op.create_table(
        "post",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "subject", "place", name="pk_post"),
    )
    op.create_table(
        "local_message",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_local_message"),
        sa.UniqueConstraint("id", name="uq_local_message_id"),
    )
    op.create_index("ix_local_message_person_id_at", "local_message", ["person_id", "at"])
    op.create_table(
        "audit_entry",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_org_id_at", "audit_entry", ["org_id", "at"])
    op.create_table(
        "deployment",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_deployment"),
    )
