"""Series of sessions, and which sessions belong to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of series, and what ties meetings to them."""
    op.add_column("meeting", sa.Column("slot", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("meeting", sa.Column("series", sa.Text(), nullable=True))
    belongs = sa.text("series IS NOT NULL")
    op.create_index(
        "ix_meeting_series",
        "meeting",
        ["series"],
        sqlite_where=belongs,
        postgresql_where=belongs,
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name="fk_series_programme_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
