"""What people want of their sessions: limits, preferred times, holidays, for one programme."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has said anything yet."""
    op.add_column("person", sa.Column("wishes", sa.Text(), nullable=False, server_default="{}"))
