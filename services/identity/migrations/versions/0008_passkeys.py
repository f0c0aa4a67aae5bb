"""Passkeys, those that were begun, sign-ins by passkey alone, and what a passkey is to sign within a challenge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("user_handle", sa.String(43), nullable=False),
        sa.Column("credential_id", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("verifies_user", sa.Boolean, nullable=False),
        sa.Column("transports", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.Column("suspended_at", UtcDateTime),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_passkey_user_id_account"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"])
    op.create_table(
        "passkey_enrolment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("user_handle", sa.String(43), nullable=False),
        sa.Column("challenge", sa.String(43), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_passkey_enrolment_user_id_account"),
        sa.UniqueConstraint("user_id", name="uq_passkey_enrolment_user_id"),
    )
    op.create_table(
        "passkey_sign_in",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("challenge", sa.String(43), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_passkey_sign_in_expires_at", "passkey_sign_in", ["expires_at"])
    op.add_column("challenge", sa.Column("passkey_challenge", sa.String(43)))


def downgrade() -> None:
    op.drop_column("challenge", "passkey_challenge")
    op.drop_table("passkey_sign_in")
    op.drop_table("passkey_enrolment")
    op.drop_table("passkey")
