"""Authenticators, recovery codes, and the session that a challenge was begun in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authenticator",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("used_at", UtcDateTime),
        sa.Column("used_step", sa.BigInteger),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_authenticator_user_id_account"),
    )
    op.create_index("ix_authenticator_user_id", "authenticator", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_recovery_code_user_id_account"),
    )
    op.add_column("challenge", sa.Column("session_id", sa.String(36)))


def downgrade() -> None:
    op.drop_column("challenge", "session_id")
    op.drop_table("recovery_code")
    op.drop_table("authenticator")
