"""Numbers that want no texts, and the texts that said so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number",
        sa.Column("value", sa.String(16), primary_key=True),
        sa.Column("sender", sa.String(40), primary_key=True),
        sa.Column("opted_out", sa.Boolean, nullable=False),
        sa.Column("since", UtcDateTime),
    )
    op.create_table(
        "heard_text",
        sa.Column("text_id", sa.String(64), primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_contact_value", "contact", ["value"])


def downgrade() -> None:
    op.drop_index("ix_contact_value", "contact")
    op.drop_table("heard_text")
    op.drop_table("number")
