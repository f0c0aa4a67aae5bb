"""Find invitations that nobody redeemed and that ended long ago, so that whom they were for can be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unredeemed = sa.text("state IN ('expired', 'revoked', 'voided') AND email IS NOT NULL")
    op.create_index(
        "ix_invitation_unredeemed",
        "invitation",
        ["ended_at", "id"],
        postgresql_where=unredeemed,
        sqlite_where=unredeemed,
    )


def downgrade() -> None:
    op.drop_index("ix_invitation_unredeemed", "invitation")
