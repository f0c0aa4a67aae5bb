"""Claims are row locks and progress is the subject's: neither needs a column on each event any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime


def upgrade() -> None:
    """Drop the two columns, and find what arrived by when it did."""
    op.drop_column("outbox", "claimed_until")
    op.drop_column("inbox", "done_at")
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def downgrade() -> None:
    """Bring the columns back, and mark as done what is."""
    op.drop_index("ix_inbox_received_at", "inbox")
    op.add_column("inbox", sa.Column("done_at", UtcDateTime))
    op.add_column("outbox", sa.Column("claimed_until", UtcDateTime))
    op.execute(
        "UPDATE inbox SET done_at = received_at WHERE EXISTS (SELECT 1 FROM inbox_subject AS s "
        "WHERE s.source = inbox.source AND s.subject = inbox.subject AND s.done >= inbox.sequence)"
    )
