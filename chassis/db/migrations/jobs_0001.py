"""The table of jobs as first shipped; the revision by which a service gets jobs calls this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "job",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("done_for", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("touched", sa.Integer, nullable=False),
        sa.Column("so_far", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("retry_at", UtcDateTime),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("job")
