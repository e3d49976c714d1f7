"""When each card was sent, so that those of long ago can be forgotten."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the time; of the cards that are there nobody knows it, so they count as of today."""
    op.add_column(
        "post", sa.Column("saved_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute(sa.text("UPDATE post SET saved_at = :now").bindparams(now=int(time.time())))
    op.create_index("ix_post_saved_at", "post", ["saved_at"])
