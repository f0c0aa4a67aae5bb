"""What support's agents have under way between them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from chassis.db.types import UtcDateTime
from services.identity.adapters.tables import METADATA

erasure_proposal = Table(
    "erasure_proposal",
    METADATA,
    Column("user_id", String(32), ForeignKey("account.user_id"), primary_key=True),
    Column("proposed_by", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
)
