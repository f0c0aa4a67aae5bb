"""It is known whose account is disabled, so that what they are given is suspended at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE person SET disabled = true WHERE user_id IN"
        " (SELECT user_id FROM suspension WHERE cause = 'account_disabled' AND ended_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_column("person", "disabled")
