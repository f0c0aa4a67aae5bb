"""The copy of who holds what at which practice."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from chassis.db.types import UtcDateTime
from services.identity.adapters.tables import METADATA

held_access = Table(
    "held_access",
    METADATA,
    Column("user_id", String(32), primary_key=True),
    Column("tin", String(9), primary_key=True),
    Column("line", String(20), primary_key=True),
    Column("level", String(20), nullable=False),
    Column("until", UtcDateTime),
    Index("ix_held_access_tin", "tin"),
)
