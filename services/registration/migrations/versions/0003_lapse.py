"""Registrations that wait for their confirmation are found by when they were submitted; jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import jobs_0001

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UNCONFIRMED = sa.text("state = 'unconfirmed'")


def upgrade() -> None:
    jobs_0001.upgrade()
    op.create_index(
        "ix_registration_unconfirmed",
        "registration",
        ["submitted_at", "id"],
        postgresql_where=_UNCONFIRMED,
        sqlite_where=_UNCONFIRMED,
    )


def downgrade() -> None:
    op.drop_index("ix_registration_unconfirmed", "registration")
    jobs_0001.downgrade()
