"""Audit's own tables."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique

from chassis.db.tables import metadata
from chassis.db.types import BigId, UtcDateTime

METADATA = metadata()

log_head = Table(
    "log_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigId, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""How many entries there are; its one row is locked by whoever appends."""

entry = Table(
    "entry",
    METADATA,
    Column("leaf_index", BigId, primary_key=True, autoincrement=False),
    Column("event_id", String(64), nullable=False),
    Column("source", String(40), nullable=False),
    Column("type", String(100), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("sequence", BigId, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Unique("event_id"),
    Unique("subject", "sequence", "source"),
    Index("ix_entry_actor", "actor", "leaf_index"),
)

entry_personal = Table(
    "entry_personal",
    METADATA,
    Column("leaf_index", BigId, primary_key=True, autoincrement=False),
    Column("concerned", String(64)),
    Column("person", LargeBinary),
    Column("acting", String(64)),
    Column("address", LargeBinary),
    Index("ix_entry_personal_concerned", "concerned"),
    Index("ix_entry_personal_acting", "acting"),
)
"""Personal values beside the leaves: `person` about whom an entry concerns, `address` of who acted.

No foreign key, here or below: each append would pay for a look-up of what it has just written.
"""

held_access = Table(
    "held_access",
    METADATA,
    Column("user_id", String(64), primary_key=True),
    Column("tin", String(9), primary_key=True),
    Column("line", String(20), primary_key=True),
    Column("level", String(20), nullable=False),
    Column("until", UtcDateTime),
)

_unregistered = text("user_id IS NULL")

delegation_history = Table(
    "delegation_history",
    METADATA,
    Column("leaf_index", BigId, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("user_id", String(64)),
    Column("first_name", Text),
    Column("middle_initial", Text),
    Column("last_name", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("temporary_id", String(64)),
    Column("registered", Boolean, nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(20), nullable=False),
    Column("before_level", String(20)),
    Column("before_functions", Text),
    Column("before_until", UtcDateTime),
    Column("after_level", String(20)),
    Column("after_functions", Text),
    Column("after_until", UtcDateTime),
    Column("request_id", String(64)),
    Column("reason", Text),
    Index("ix_delegation_history_tin", "tin", "at", "leaf_index", "ordinal"),
    Index("ix_delegation_history_at", "at", "leaf_index", "ordinal"),
    Index("ix_delegation_history_user_id", "user_id", "at"),
    Index(
        "ix_delegation_history_temporary_id",
        "temporary_id",
        postgresql_where=_unregistered,
        sqlite_where=_unregistered,
    ),
)

temporary_id = Table(
    "temporary_id",
    METADATA,
    Column("temporary_id", String(8), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("came_by_it", Boolean, nullable=False),
    Index("ix_temporary_id_user_id", "user_id"),
)
"""Who has redeemed which; `came_by_it` says that they registered with it."""
