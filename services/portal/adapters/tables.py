"""The portal's one table of its own."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from chassis.db.tables import metadata as chassis_metadata
from chassis.db.types import UtcDateTime

METADATA = chassis_metadata()

web_session = Table(
    "web_session",
    METADATA,
    Column("id_hash", String(64), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("sid", String(64)),
    Column("sealed", Text, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),
    Column("idle_ends_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Index("ix_web_session_idle_ends_at", "idle_ends_at"),
    Index("ix_web_session_sid", "sid"),
)
