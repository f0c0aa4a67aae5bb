"""What a change of many people's access did is kept, so that it can be undone as one."""

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
        "bulk_change",
        sa.Column("change_id", sa.String(36), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime()),
    )
    op.create_table(
        "bulk_effect",
        sa.Column("change_id", sa.String(36), sa.ForeignKey("bulk_change.change_id"), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(20), primary_key=True),
        sa.Column("before", sa.String(36)),
        sa.Column("after", sa.String(36)),
    )


def downgrade() -> None:
    op.drop_table("bulk_effect")
    op.drop_table("bulk_change")
