"""Who vouches for a new address of whom, and what stops it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from chassis.db.types import UtcDateTime
from services.identity.adapters.tables import METADATA

vouching = Table(
    "vouching",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("contact_id", String(36), nullable=False),
    Column("email", String(320), nullable=False),
    Column("vouched_by", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("site", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("vouched_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("confirmed_by", String(32)),
    Column("confirmed_at", UtcDateTime),
    Column("works_at", UtcDateTime),
    Column("verified_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Index("ix_vouching_vouched_at", "vouched_at"),
    Index("ix_vouching_ended_at", "ended_at"),
    Index(
        "uq_vouching_open",
        "user_id",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
        sqlite_where=text("ended_at IS NULL"),
    ),
)

vouching_stop = Table(
    "vouching_stop",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("vouching_id", String(36), ForeignKey("vouching.id"), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("contact_id", String(36), nullable=False),
    Index("ix_vouching_stop_vouching_id", "vouching_id"),
    Index("ix_vouching_stop_user_id", "user_id"),
)
