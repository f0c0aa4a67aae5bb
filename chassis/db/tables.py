"""The tables that the chassis keeps in every service's own database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from chassis.db.types import BigId, Json, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_chassis = MetaData(naming_convention=NAMING)

outbox = Table(
    "outbox",
    _chassis,
    Column("position", BigId, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("type", String(100), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("sequence", BigId, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("data", Json, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("actor_site", String(40)),
    Column("actor_address", String(64)),
    Column("correlation_id", String(64), nullable=False),
    Column("causation_id", String(64)),
    Column("traceparent", String(64)),
    Column("sent", Boolean, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("uq_outbox_subject_sequence", "subject", "sequence", unique=True),
    Index("ix_outbox_unsent", "position", postgresql_where=text("NOT sent"), sqlite_where=text("NOT sent")),
)

outbox_sequence = Table(
    "outbox_sequence",
    _chassis,
    Column("subject", String(200), primary_key=True),
    Column("last", BigId, nullable=False),
)

inbox = Table(
    "inbox",
    _chassis,
    Column("source", String(40), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("sequence", BigId, primary_key=True, autoincrement=False),
    Column("event_id", String(64), nullable=False),
    Column("type", String(100), nullable=False),
    Column("envelope", Json),
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_inbox_received_at", "received_at"),
)
"""What has arrived. Done is what `inbox_subject.done` has come past; `envelope` is null where nobody here wants it."""

inbox_subject = Table(
    "inbox_subject",
    _chassis,
    Column("source", String(40), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("done", BigId, nullable=False),
    Column("due_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("unknown_since", UtcDateTime),
    Column("parked_at", UtcDateTime),
    Column("reason", Text),
    Column("stack", Text),
    Index(
        "ix_inbox_subject_due",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
        sqlite_where=text("due_at IS NOT NULL"),
    ),
)

idempotency = Table(
    "idempotency",
    _chassis,
    Column("scope", String(64), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", LargeBinary),
    Column("at", UtcDateTime, nullable=False),
    Column("shown_until", UtcDateTime),
    Index("ix_idempotency_at", "at"),
)

rate_limit = Table(
    "rate_limit",
    _chassis,
    Column("bucket", String(100), primary_key=True),
    Column("window_start", UtcDateTime, nullable=False),
    Column("used", Integer, nullable=False),
)

ended_session = Table(
    "ended_session",
    _chassis,
    Column("session_id", String(36), primary_key=True),
    Column("remember_until", UtcDateTime, nullable=False),
    Index("ix_ended_session_remember_until", "remember_until"),
)

verification_key = Table(
    "verification_key",
    _chassis,
    Column("kid", String(64), primary_key=True),
    Column("public_key", Json, nullable=False),
    Column("expires_at", UtcDateTime),
)

UNDECLARED: Final = "undeclared_indexes"
"""Under this, a service's metadata names indexes that one kind of database alone has: revisions make them."""


def metadata() -> MetaData:
    """A service's own metadata to add its tables to: with the naming convention and the chassis' tables in it."""
    own = MetaData(naming_convention=NAMING)
    for table in _chassis.sorted_tables:
        table.to_metadata(own)
    return own
