"""Who has redeemed which temporary ID; rows of people who have not yet registered are found by theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UNREGISTERED = sa.text("user_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "temporary_id",
        sa.Column("temporary_id", sa.String(8), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("came_by_it", sa.Boolean, nullable=False),
    )
    op.create_index("ix_temporary_id_user_id", "temporary_id", ["user_id"])
    op.create_index(
        "ix_delegation_history_temporary_id",
        "delegation_history",
        ["temporary_id"],
        postgresql_where=_UNREGISTERED,
        sqlite_where=_UNREGISTERED,
    )


def downgrade() -> None:
    op.drop_index("ix_delegation_history_temporary_id", "delegation_history")
    op.drop_table("temporary_id")
