"""Recoveries of passwords, when a password was changed, and accounts by date of birth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32)),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("sends", Json, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_recovery_user_id_account"),
    )
    op.create_index("ix_recovery_key", "recovery", ["key", "created_at"])
    op.create_index("ix_recovery_expires_at", "recovery", ["expires_at"])
    op.add_column("account", sa.Column("password_changed_at", UtcDateTime))
    op.create_index("ix_account_date_of_birth", "account", ["date_of_birth"])


def downgrade() -> None:
    op.drop_index("ix_account_date_of_birth", "account")
    op.drop_column("account", "password_changed_at")
    op.drop_table("recovery")
