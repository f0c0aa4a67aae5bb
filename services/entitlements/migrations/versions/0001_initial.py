"""People, the directory, access as intervals, and requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import BigId, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    chassis_0001.upgrade()
    _create_others_facts()
    _create_access()
    _create_requests()


def downgrade() -> None:
    for table in ("request", "suspension", "access", "practice_line", "practice", "person"):
        op.drop_table(table)
    chassis_0001.downgrade()


def _create_others_facts() -> None:
    op.create_table(
        "person",
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_initial", sa.Text()),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("extension", sa.Text()),
        sa.Column("job_role", sa.Text()),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("registration_id", sa.String(64)),
        sa.Column("first_search", sa.Text(), nullable=False),
        sa.Column("last_search", sa.Text(), nullable=False),
    )
    op.create_index("ix_person_name", "person", ["last_search", "first_search", "user_id"])
    op.create_table(
        "practice",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("version", BigId, nullable=False),
    )
    op.create_table(
        "practice_line",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(20), primary_key=True),
    )


def _create_access() -> None:
    op.create_table(
        "access",
        sa.Column("access_id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("person.user_id"), nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("functions", Json, nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("request_id", sa.String(36)),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("ended_by", sa.String(64)),
    )
    _index_while("uq_access_standing", "access", ["user_id", "tin", "line"], "ended_at IS NULL")
    _index_while("ix_access_level", "access", ["tin", "level"], "ended_at IS NULL", unique=False)
    op.create_index("ix_access_place", "access", ["tin", "line", "user_id"])
    op.create_index("ix_access_user", "access", ["user_id", "tin", "line", "since"])
    op.create_table(
        "suspension",
        sa.Column("suspension_id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("person.user_id"), nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
    )
    _index_while("uq_suspension_standing", "suspension", ["user_id", "tin", "line", "cause"], "ended_at IS NULL")


def _create_requests() -> None:
    op.create_table(
        "request",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(64), sa.ForeignKey("person.user_id"), nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("registration_id", sa.String(64)),
        sa.Column("since", UtcDateTime()),
        sa.Column("decidable_since", UtcDateTime()),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("reason", sa.Text()),
    )
    still_open = "state IN ('unconfirmed', 'awaiting', 'no_manager')"
    _index_while("uq_request_open", "request", ["user_id", "tin", "line"], still_open)
    op.create_index("ix_request_place", "request", ["tin", "line", "state", "since"])
    op.create_index("ix_request_user", "request", ["user_id", "state"])


def _index_while(name: str, table: str, columns: list[str], condition: str, *, unique: bool = True) -> None:
    holds = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, postgresql_where=holds, sqlite_where=holds)
