"""Who holds what at which practice, temporary passwords, and how strong a sign-in was that wants a new password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_access",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(20), primary_key=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("until", UtcDateTime),
    )
    op.add_column("account", sa.Column("temporary_until", UtcDateTime))
    op.add_column("challenge", sa.Column("acr", sa.String(100)))
    op.add_column("challenge", sa.Column("amr", Json))


def downgrade() -> None:
    op.drop_column("challenge", "amr")
    op.drop_column("challenge", "acr")
    op.drop_column("account", "temporary_until")
    op.drop_table("held_access")
