"""Imports of people, and the people of each until they are invited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    _create_imports()
    op.create_table(
        "import_person",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("people_import.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("access", sa.Text, nullable=False),
        sa.Column("temporary_id", sa.String(8)),
        sa.Column("invitation_id", sa.Uuid),
        sa.Column("first_name", sa.String(60)),
        sa.Column("middle_initial", sa.String(8)),
        sa.Column("last_name", sa.String(60)),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(10)),
        sa.Column("email", sa.String(254)),
    )


def downgrade() -> None:
    op.drop_table("import_person")
    op.drop_table("people_import")


def _create_imports() -> None:
    op.create_table(
        "people_import",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("uploaded_by", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("site", sa.String(40)),
        sa.Column("address", sa.String(64)),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(100), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("faults", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("credentials_at", UtcDateTime),
    )
    op.create_index("ix_people_import_uploaded_by", "people_import", ["uploaded_by", "created_at", "id"])
    op.create_index("ix_people_import_created_at", "people_import", ["created_at"])
    op.create_index(
        "ix_people_import_running", "people_import", ["id"], postgresql_where=_RUNNING, sqlite_where=_RUNNING
    )
