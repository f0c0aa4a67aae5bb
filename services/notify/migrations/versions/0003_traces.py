"""A message knows the trace that it belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("traceparent", sa.String(64)))


def downgrade() -> None:
    op.drop_column("message", "traceparent")
