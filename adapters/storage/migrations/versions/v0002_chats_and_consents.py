"""Steps of connecting that wait, what came in from chats, workspaces, where people are reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only in a column whose type is exactly INTEGER.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add columns of people, and the new tables."""
    for name in ("reach", "picture"):
        op.add_column("person", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    _consents()
    _inbound()
    _chats()


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return a reference that is checked at the commit."""
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint(
        [column], [target], name=name, deferrable=True, initially="DEFERRED"
    )


def _consents() -> None:
    op.create_table(
        "pending_consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending_consent"),
        _to("pending_consent", "person_id", "person.id"),
    )
    op.create_index("ix_pending_consent_expires_at", "pending_consent", ["expires_at"])


def _inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("number", NUMBER, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_inbound"),
        sa.UniqueConstraint("key", name="uq_inbound_key"),
    )
    waiting = sa.text("NOT done")
    op.create_index("ix_inbound_at", "inbound", ["at"])
    for name, columns in (("due", ["due_at"]), ("lane", ["lane", "number"])):
        op.create_index(
            f"ix_inbound_{name}",
            "inbound",
            columns,
            sqlite_where=waiting,
            postgresql_where=waiting,
        )


def _chats() -> None:
    op.create_table(
        "workspace",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "external_id", name="pk_workspace"),
        _to("workspace", "org_id", "organisation.id"),
    )
    op.create_index("ix_workspace_org_id", "workspace", ["org_id"])
    op.create_table(
        "chat_reference",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "workspace", "key", name="pk_chat_reference"),
    )
