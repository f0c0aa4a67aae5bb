"""Notify's own tables."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from chassis.db.tables import metadata as chassis_metadata
from chassis.db.types import Json, UtcDateTime

METADATA = chassis_metadata()

_USER_ID = String(64)
_UUID = String(36)
_OPEN = text("due_at IS NOT NULL")

recipient = Table(
    "recipient",
    METADATA,
    Column("user_id", _USER_ID, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("email", String(320), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("site", String(40), nullable=False),
    Index("ix_recipient_kind", "kind"),
)

contact = Table(
    "contact",
    METADATA,
    Column("user_id", _USER_ID, primary_key=True),
    Column("contact_id", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("value", String(320), nullable=False),
    Index("ix_contact_value", "value"),
)

manager = Table(
    "manager",
    METADATA,
    Column("tin", String(9), primary_key=True),
    Column("line", String(20), primary_key=True),
    Column("user_id", _USER_ID, primary_key=True),
)

practice = Table(
    "practice",
    METADATA,
    Column("tin", String(9), primary_key=True),
    Column("name", Text, nullable=False),
)

message = Table(
    "message",
    METADATA,
    Column("id", _UUID, primary_key=True),
    Column("notice", String(40), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("recipient", String(400), nullable=False),
    Column("user_id", _USER_ID),
    Column("address", String(320)),
    Column("language", String(8), nullable=False),
    Column("site", String(40), nullable=False),
    Column("facts", Json, nullable=False),
    Column("cause_event", String(64), nullable=False),
    Column("cause_actor", String(100), nullable=False),
    Column("cause_at", UtcDateTime, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("traceparent", String(64)),
    Column("rank", Integer, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("sealed", Text),
    Column("sealed_place", String(200)),
    Column("expires_at", UtcDateTime),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(40)),
    Column("ended_at", UtcDateTime),
    Index("uq_message_once", "cause_event", "notice", "recipient", "channel", unique=True),
    Index("ix_message_open", "rank", "queued_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_message_address", "address"),
    Index("ix_message_user_id", "user_id"),
)

portal_message = Table(
    "portal_message",
    METADATA,
    Column("id", _UUID, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", _USER_ID, nullable=False),
    Column("notice", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ix_portal_message_user_id_id", "user_id", "id"),
    Index(
        "ix_portal_message_unread",
        "user_id",
        postgresql_where=text("read_at IS NULL"),
        sqlite_where=text("read_at IS NULL"),
    ),
)

gathering = Table(
    "gathering",
    METADATA,
    Column("registration_id", String(64), primary_key=True),
    Column("user_id", _USER_ID),
    Column("expected", Json),
    Column("opened", Json, nullable=False),
    Column("confirmed", Json),
    Column("tell_by", UtcDateTime),
    Column("told", Boolean, nullable=False),
    Index(
        "ix_gathering_tell_by",
        "tell_by",
        postgresql_where=text("tell_by IS NOT NULL"),
        sqlite_where=text("tell_by IS NOT NULL"),
    ),
)

sending = Table(
    "sending",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

number = Table(
    "number",
    METADATA,
    Column("value", String(16), primary_key=True),
    Column("sender", String(40), primary_key=True),
    Column("opted_out", Boolean, nullable=False),
    Column("since", UtcDateTime),
)

heard_text = Table(
    "heard_text",
    METADATA,
    Column("text_id", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

mailbox = Table(
    "mailbox",
    METADATA,
    Column("message_id", String(200), primary_key=True),
    Column("id", _UUID, nullable=False),
    Column("notice", String(40), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text),
    Column("language", String(8), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Index("ix_mailbox_id", "id"),
    Index("ix_mailbox_recipient", "recipient"),
    Index("ix_mailbox_sent_at", "sent_at"),
)
