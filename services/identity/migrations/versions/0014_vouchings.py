"""Who vouches for a new address of somebody whose mailbox is lost, and what stops it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vouching",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("vouched_by", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("vouched_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("confirmed_by", sa.String(32)),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("works_at", UtcDateTime),
        sa.Column("verified_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_vouching_user_id_account"),
    )
    op.create_index("ix_vouching_vouched_at", "vouching", ["vouched_at"])
    op.create_index("ix_vouching_ended_at", "vouching", ["ended_at"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_vouching_open", "vouching", ["user_id"], unique=True, postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_table(
        "vouching_stop",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("vouching_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["vouching_id"], ["vouching.id"], name="fk_vouching_stop_vouching_id_vouching"),
    )
    op.create_index("ix_vouching_stop_vouching_id", "vouching_stop", ["vouching_id"])
    op.create_index("ix_vouching_stop_user_id", "vouching_stop", ["user_id"])


def downgrade() -> None:
    op.drop_table("vouching_stop")
    op.drop_table("vouching")
