"""Recipients, messages and what is gathered for them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "mailbox",
    "sending",
    "gathering",
    "portal_message",
    "message",
    "practice",
    "manager",
    "contact",
    "recipient",
)


def upgrade() -> None:
    chassis_0001.upgrade()
    _create_recipients()
    _create_practices()
    _create_messages()
    _create_portal_inbox()
    _create_gathering()
    _create_mailbox()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    chassis_0001.downgrade()


def _create_recipients() -> None:
    op.create_table(
        "recipient",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
    )
    op.create_index("ix_recipient_kind", "recipient", ["kind"])
    op.create_table(
        "contact",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("contact_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
    )


def _create_practices() -> None:
    op.create_table(
        "manager",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(20), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
    )
    op.create_table(
        "practice",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(400), nullable=False),
        sa.Column("user_id", sa.String(64)),
        sa.Column("address", sa.String(320)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("cause_event", sa.String(64), nullable=False),
        sa.Column("cause_actor", sa.String(100), nullable=False),
        sa.Column("cause_at", UtcDateTime, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("sealed", sa.Text),
        sa.Column("sealed_place", sa.String(200)),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("ended_at", UtcDateTime),
    )
    once = ["cause_event", "notice", "recipient", "channel"]
    op.create_index("uq_message_once", "message", once, unique=True)
    unended = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_message_open",
        "message",
        ["rank", "queued_at", "id"],
        postgresql_where=unended,
        sqlite_where=unended,
    )
    op.create_index("ix_message_address", "message", ["address"])
    op.create_index("ix_message_user_id", "message", ["user_id"])


def _create_portal_inbox() -> None:
    op.create_table(
        "portal_message",
        sa.Column("id", sa.String(36), sa.ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("read_at", UtcDateTime),
    )
    op.create_index("ix_portal_message_user_id_id", "portal_message", ["user_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_portal_message_unread", "portal_message", ["user_id"], postgresql_where=unread, sqlite_where=unread
    )


def _create_gathering() -> None:
    op.create_table(
        "gathering",
        sa.Column("registration_id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64)),
        sa.Column("expected", Json),
        sa.Column("opened", Json, nullable=False),
        sa.Column("confirmed", Json),
        sa.Column("tell_by", UtcDateTime),
        sa.Column("told", sa.Boolean, nullable=False),
    )
    owed = sa.text("tell_by IS NOT NULL")
    op.create_index("ix_gathering_tell_by", "gathering", ["tell_by"], postgresql_where=owed, sqlite_where=owed)
    sending = op.create_table(
        "sending",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.bulk_insert(sending, [{"id": 1, "since": datetime.now(UTC)}])


def _create_mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("message_id", sa.String(200), primary_key=True),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_mailbox_id", "mailbox", ["id"])
    op.create_index("ix_mailbox_recipient", "mailbox", ["recipient"])
    op.create_index("ix_mailbox_sent_at", "mailbox", ["sent_at"])
