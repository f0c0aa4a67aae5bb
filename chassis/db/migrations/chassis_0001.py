"""The chassis' tables as first shipped; a service's first revision calls this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import BigId, Json, UtcDateTime


def upgrade() -> None:
    """Create the chassis' tables."""
    _create_outbox()
    _create_inbox()
    _create_edges()


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in (
        "verification_key",
        "ended_session",
        "rate_limit",
        "idempotency",
        "inbox_subject",
        "inbox",
        "outbox_sequence",
        "outbox",
    ):
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("sequence", BigId, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("actor_site", sa.String(40)),
        sa.Column("actor_address", sa.String(64)),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("causation_id", sa.String(64)),
        sa.Column("traceparent", sa.String(64)),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("claimed_until", UtcDateTime),
        sa.UniqueConstraint("event_id", name="uq_outbox_event_id"),
    )
    op.create_index("uq_outbox_subject_sequence", "outbox", ["subject", "sequence"], unique=True)
    unsent = sa.text("NOT sent")
    op.create_index("ix_outbox_unsent", "outbox", ["position"], postgresql_where=unsent, sqlite_where=unsent)
    op.create_table(
        "outbox_sequence",
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("last", BigId, nullable=False),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("sequence", BigId, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("envelope", Json),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("done_at", UtcDateTime),
    )
    op.create_table(
        "inbox_subject",
        sa.Column("source", sa.String(40), primary_key=True),
        sa.Column("subject", sa.String(200), primary_key=True),
        sa.Column("done", BigId, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("unknown_since", UtcDateTime),
        sa.Column("parked_at", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.Column("stack", sa.Text),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_inbox_subject_due", "inbox_subject", ["due_at"], postgresql_where=due, sqlite_where=due)


def _create_edges() -> None:
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(64), primary_key=True),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("shown_until", UtcDateTime),
    )
    op.create_index("ix_idempotency_at", "idempotency", ["at"])
    op.create_table(
        "rate_limit",
        sa.Column("bucket", sa.String(100), primary_key=True),
        sa.Column("window_start", UtcDateTime, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
    )
    op.create_table(
        "ended_session",
        sa.Column("session_id", sa.String(36), primary_key=True),
        sa.Column("remember_until", UtcDateTime, nullable=False),
    )
    op.create_index("ix_ended_session_remember_until", "ended_session", ["remember_until"])
    op.create_table(
        "verification_key",
        sa.Column("kid", sa.String(64), primary_key=True),
        sa.Column("public_key", Json, nullable=False),
        sa.Column("expires_at", UtcDateTime),
    )
