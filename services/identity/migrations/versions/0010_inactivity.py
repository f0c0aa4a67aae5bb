"""Accounts that nobody uses: when they were reactivated, of what their owners were warned, and the jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import jobs_0001
from chassis.db.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("reactivated_at", UtcDateTime))
    op.add_column("account", sa.Column("warned_days", sa.Integer))
    op.create_index("ix_account_state_last_sign_in_at", "account", ["state", "last_sign_in_at"])
    op.create_index("ix_held_access_tin", "held_access", ["tin"])
    jobs_0001.upgrade()


def downgrade() -> None:
    jobs_0001.downgrade()
    op.drop_index("ix_held_access_tin", table_name="held_access")
    op.drop_index("ix_account_state_last_sign_in_at", table_name="account")
    op.drop_column("account", "warned_days")
    op.drop_column("account", "reactivated_at")
