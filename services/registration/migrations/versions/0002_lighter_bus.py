"""The bus's tables without what it no longer keeps."""

from __future__ import annotations

from chassis.db.migrations import chassis_0002

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    chassis_0002.upgrade()


def downgrade() -> None:
    chassis_0002.downgrade()
