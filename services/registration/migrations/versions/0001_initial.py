"""The directory, registrations, managers and outreach."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "outreach_waiting",
    "outreach_case",
    "access_request",
    "registration",
    "practice_manager",
    "practice",
)


def upgrade() -> None:
    chassis_0001.upgrade()
    _create_directory()
    _create_registrations()
    _create_requests()
    _create_outreach()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    chassis_0001.downgrade()


def _create_directory() -> None:
    op.create_table(
        "practice",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("lines", sa.String(40), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "practice_manager",
        sa.Column("tin", sa.String(9), primary_key=True),
        sa.Column("line", sa.String(16), primary_key=True),
        sa.Column("user_id", sa.String(32), primary_key=True),
    )


def _create_registrations() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("practice_type", sa.String(40), nullable=False),
        sa.Column("no_tin", sa.Boolean, nullable=False),
        sa.Column("submitted_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("first_name", sa.String(60)),
        sa.Column("middle_initial", sa.String(8)),
        sa.Column("last_name", sa.String(60)),
        sa.Column("job_role", sa.String(40)),
        sa.Column("line1", sa.String(100)),
        sa.Column("line2", sa.String(100)),
        sa.Column("city", sa.String(100)),
        sa.Column("us_state", sa.String(2)),
        sa.Column("zip", sa.String(10)),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(10)),
        sa.Column("mobile", sa.String(20)),
        sa.Column("email", sa.String(254)),
    )
    op.create_index("ix_registration_user_id", "registration", ["user_id"])


def _create_requests() -> None:
    op.create_table(
        "access_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("registration_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("practice", sa.String(200)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("nominated", sa.String(8)),
        sa.Column("nominee_first_name", sa.String(60)),
        sa.Column("nominee_last_name", sa.String(60)),
        sa.Column("nominee_email", sa.String(254)),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_access_request_registration_id_registration"
        ),
    )
    op.create_index("ix_access_request_registration_id", "access_request", ["registration_id"])


def _create_outreach() -> None:
    op.create_table(
        "outreach_case",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("practice", sa.String(200)),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("closed_at", UtcDateTime),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index("ix_outreach_case_tin", "outreach_case", ["tin"])
    op.create_index(
        "uq_outreach_case_open",
        "outreach_case",
        ["tin", "line"],
        unique=True,
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
    op.create_index("ix_outreach_case_due", "outreach_case", ["due_at", "id"])
    op.create_table(
        "outreach_waiting",
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("first_name", sa.String(60)),
        sa.Column("last_name", sa.String(60)),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(10)),
        sa.ForeignKeyConstraint(["case_id"], ["outreach_case.id"], name="fk_outreach_waiting_case_id_outreach_case"),
    )
    op.create_index("ix_outreach_waiting_request_id", "outreach_waiting", ["request_id"])
