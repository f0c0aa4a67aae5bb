"""Erasures that one support agent has proposed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_proposal",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_erasure_proposal_user_id_account"),
    )


def downgrade() -> None:
    op.drop_table("erasure_proposal")
