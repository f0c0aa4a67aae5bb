"""Where clients are told of sessions that ended, and what they are owed of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("backchannel_logout_uri", sa.Text))
    op.create_table(
        "owed_logout",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_index("ix_owed_logout_due_at", "owed_logout", ["due_at"])


def downgrade() -> None:
    op.drop_table("owed_logout")
    op.drop_column("client", "backchannel_logout_uri")
