"""It is kept at which practices access has yet to follow the lines of business (REG-17)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relining",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("site", sa.String(40)),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("causation_id", sa.String(64)),
    )


def downgrade() -> None:
    op.drop_table("relining")
