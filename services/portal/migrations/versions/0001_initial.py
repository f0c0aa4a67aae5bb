"""Web sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    chassis_0001.upgrade()
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("sid", sa.String(64)),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=False),
        sa.Column("idle_ends_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("leased_until", UtcDateTime),
    )
    op.create_index("ix_web_session_idle_ends_at", "web_session", ["idle_ends_at"])
    op.create_index("ix_web_session_sid", "web_session", ["sid"])


def downgrade() -> None:
    op.drop_table("web_session")
    chassis_0001.downgrade()
