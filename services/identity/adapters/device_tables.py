"""The tables of trusted devices, and of how somebody is used to sign in (IDN-4)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from chassis.db.types import UtcDateTime
from services.identity.adapters.tables import METADATA

device = Table(
    "device",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("browser", String(40), nullable=False),
    Column("platform", String(40), nullable=False),
    Column("trusted_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("address", String(64)),
    Column("country", String(2)),
    Index("uq_device_digest", "digest", unique=True),
    Index("ix_device_user_id", "user_id"),
    Index("ix_device_expires_at", "expires_at"),
)

habit = Table(
    "habit",
    METADATA,
    Column("user_id", String(32), ForeignKey("account.user_id"), primary_key=True),
    Column("trait", String(20), primary_key=True),
    Column("value", String(100), primary_key=True),
    Column("met_at", UtcDateTime, nullable=False),
    Index("ix_habit_met_at", "met_at"),
)
