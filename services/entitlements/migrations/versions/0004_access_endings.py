"""Access that ends by itself is found by when, and it is known of which its end was announced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENDS = sa.text("ended_at IS NULL AND until IS NOT NULL")


def upgrade() -> None:
    op.add_column("access", sa.Column("ending_told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_access_until", "access", ["until", "access_id"], postgresql_where=_ENDS, sqlite_where=_ENDS)


def downgrade() -> None:
    op.drop_index("ix_access_until", "access")
    op.drop_column("access", "ending_told")
