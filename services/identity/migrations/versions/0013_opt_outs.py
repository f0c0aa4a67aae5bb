"""Numbers that take no texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opted_out_number",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("short_code", sa.String(16)),
        sa.Column("since", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("opted_out_number")
