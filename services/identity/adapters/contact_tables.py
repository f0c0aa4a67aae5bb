"""Changes of contacts, with what was before: for as long as they can be undone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from chassis.db.types import Json, UtcDateTime
from services.identity.adapters.tables import METADATA

contact_change = Table(
    "contact_change",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("before", Json, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("ix_contact_change_user_id", "user_id", "changed_at"),
    Index("ix_contact_change_expires_at", "expires_at"),
)

opted_out_number = Table(
    "opted_out_number",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("short_code", String(16)),
    Column("since", UtcDateTime, nullable=False),
)
