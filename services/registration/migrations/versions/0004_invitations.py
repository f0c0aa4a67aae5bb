"""Invitations and the access that they carry; which of them a registration came by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("registration", sa.Column("temporary_id", sa.String(8)))
    _create_invitations()
    _create_access()


def downgrade() -> None:
    op.drop_table("invitation_access")
    op.drop_table("invitation")
    op.drop_column("registration", "temporary_id")


def _create_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("temporary_id", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("invited_by", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("wrong_passwords", sa.Integer, nullable=False),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("registration_id", sa.Uuid),
        sa.Column("redeemed_by", sa.String(32)),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("first_name", sa.String(60)),
        sa.Column("middle_initial", sa.String(8)),
        sa.Column("last_name", sa.String(60)),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(10)),
        sa.Column("email", sa.String(254)),
    )
    op.create_index("uq_invitation_temporary_id", "invitation", ["temporary_id"], unique=True)
    op.create_index("ix_invitation_invited_by", "invitation", ["invited_by", "id"])
    op.create_index("ix_invitation_registration_id", "invitation", ["registration_id"])
    op.create_index("ix_invitation_redeemed_by", "invitation", ["redeemed_by"])
    op.create_index(
        "ix_invitation_open", "invitation", ["expires_at", "id"], postgresql_where=_OPEN, sqlite_where=_OPEN
    )


def _create_access() -> None:
    op.create_table(
        "invitation_access",
        sa.Column("invitation_id", sa.Uuid, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("practice", sa.String(200)),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("functions", sa.Text, nullable=False),
        sa.Column("until", UtcDateTime),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name="fk_invitation_access_invitation_id_invitation"
        ),
    )
    op.create_index("ix_invitation_access_place", "invitation_access", ["tin", "line"])
