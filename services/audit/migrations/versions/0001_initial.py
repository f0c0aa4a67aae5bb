"""The log, who holds which access, and the delegation history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    chassis_0001.upgrade()
    _create_log()
    _create_held_access()
    _create_delegation_history()


def downgrade() -> None:
    for table in ("delegation_history", "held_access", "entry_personal", "entry", "log_head"):
        op.drop_table(table)
    chassis_0001.downgrade()


def _create_log() -> None:
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("size", BigId, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0}])
    op.create_table(
        "entry",
        sa.Column("leaf_index", BigId, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("sequence", BigId, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("event_id", name="uq_entry_event_id"),
        sa.UniqueConstraint("subject", "sequence", "source", name="uq_entry_subject_sequence_source"),
    )
    op.create_index("ix_entry_actor", "entry", ["actor", "leaf_index"])
    op.create_table(
        "entry_personal",
        sa.Column("leaf_index", BigId, primary_key=True, autoincrement=False),
        sa.Column("concerned", sa.String(64)),
        sa.Column("person", sa.LargeBinary()),
        sa.Column("acting", sa.String(64)),
        sa.Column("address", sa.LargeBinary()),
    )
    op.create_index("ix_entry_personal_concerned", "entry_personal", ["concerned"])
    op.create_index("ix_entry_personal_acting", "entry_personal", ["acting"])


def _create_held_access() -> None:
    op.create_table(
        "held_access",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(20), primary_key=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("until", UtcDateTime()),
    )


def _create_delegation_history() -> None:
    op.create_table(
        "delegation_history",
        sa.Column("leaf_index", BigId, primary_key=True, autoincrement=False),
        sa.Column("ordinal", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("user_id", sa.String(64)),
        *(sa.Column(name, sa.Text()) for name in ("first_name", "middle_initial", "last_name", "email", "phone")),
        sa.Column("temporary_id", sa.String(64)),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        *_grant_columns("before"),
        *_grant_columns("after"),
        sa.Column("request_id", sa.String(64)),
        sa.Column("reason", sa.Text()),
    )
    op.create_index("ix_delegation_history_tin", "delegation_history", ["tin", "at", "leaf_index", "ordinal"])
    op.create_index("ix_delegation_history_at", "delegation_history", ["at", "leaf_index", "ordinal"])
    op.create_index("ix_delegation_history_user_id", "delegation_history", ["user_id", "at"])


def _grant_columns(side: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{side}_level", sa.String(20)),
        sa.Column(f"{side}_functions", sa.Text()),
        sa.Column(f"{side}_until", UtcDateTime()),
    ]
