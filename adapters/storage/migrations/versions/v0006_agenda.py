"""What a session is about, and the programme's line for notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nothing was said of the sessions so far."""
    for name in ("agenda", "notes"):
        op.add_column("meeting", sa.Column(name, sa.Text(), nullable=False, server_default=""))
