"""Access is reviewed, and may be suspended in some of its functions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("suspension", sa.Column("functions", Json))
    op.create_table(
        "review",
        sa.Column("review_id", sa.String(36), primary_key=True),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("closed_at", UtcDateTime()),
    )
    op.create_index("uq_review_open", "review", ["tin"], unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN)
    op.create_index("ix_review_due", "review", ["due_at"], postgresql_where=_OPEN, sqlite_where=_OPEN)
    op.create_index("ix_review_tin", "review", ["tin", "opened_at"])
    op.create_table(
        "review_item",
        sa.Column("item_id", sa.String(36), primary_key=True),
        sa.Column("review_id", sa.String(36), sa.ForeignKey("review.review_id"), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("functions", Json, nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at", UtcDateTime()),
    )
    op.create_index("uq_review_item", "review_item", ["review_id", "user_id", "tin", "line"], unique=True)


def downgrade() -> None:
    op.drop_table("review_item")
    op.drop_table("review")
    op.drop_column("suspension", "functions")
