"""Contacts that are to become others, and changes of contacts that can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("pending", sa.String(320)))
    op.create_table(
        "contact_change",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_contact_change_user_id_account"),
        sa.UniqueConstraint("digest", name="uq_contact_change_digest"),
    )
    op.create_index("ix_contact_change_user_id", "contact_change", ["user_id", "changed_at"])
    op.create_index("ix_contact_change_expires_at", "contact_change", ["expires_at"])


def downgrade() -> None:
    op.drop_table("contact_change")
    op.drop_column("contact", "pending")
