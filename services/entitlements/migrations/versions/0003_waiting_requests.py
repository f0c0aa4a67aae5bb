"""Requests know of how often managers were reminded, and are found by since when they could be decided; jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import jobs_0001

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WAITING = sa.text("state IN ('awaiting', 'no_manager')")


def upgrade() -> None:
    jobs_0001.upgrade()
    op.add_column("request", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_request_waiting",
        "request",
        ["decidable_since", "request_id"],
        postgresql_where=_WAITING,
        sqlite_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_request_waiting", "request")
    op.drop_column("request", "reminders")
    jobs_0001.downgrade()
