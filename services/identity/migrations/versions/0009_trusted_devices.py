"""Trusted devices, how somebody is used to sign in, and how unusual a sign-in under way is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("trusted_at", UtcDateTime, nullable=False),
        sa.Column("confirmed_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.String(64)),
        sa.Column("country", sa.String(2)),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_device_user_id_account"),
    )
    op.create_index("uq_device_digest", "device", ["digest"], unique=True)
    op.create_index("ix_device_user_id", "device", ["user_id"])
    op.create_index("ix_device_expires_at", "device", ["expires_at"])
    op.create_table(
        "habit",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("trait", sa.String(20), primary_key=True),
        sa.Column("value", sa.String(100), primary_key=True),
        sa.Column("met_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_habit_user_id_account"),
    )
    op.create_index("ix_habit_met_at", "habit", ["met_at"])
    op.add_column("account", sa.Column("contacts_changed_at", UtcDateTime))
    op.add_column("challenge", sa.Column("device_id", sa.String(36)))
    op.add_column("challenge", sa.Column("risk", Json))
    op.add_column("sign_in_ticket", sa.Column("risk", Json))


def downgrade() -> None:
    op.drop_column("sign_in_ticket", "risk")
    op.drop_column("challenge", "risk")
    op.drop_column("challenge", "device_id")
    op.drop_column("account", "contacts_changed_at")
    op.drop_table("habit")
    op.drop_table("device")
