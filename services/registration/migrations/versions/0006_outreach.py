"""Outreach whole: attempts, proposals, how cases end, and the accounts that support may appoint."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chassis.db.types import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outreach_case", sa.Column("outcome", sa.String(20)))
    op.add_column("outreach_case", sa.Column("closing_note", sa.Text))
    op.add_column("outreach_case", sa.Column("overdue_told", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_outreach_case_closed", "outreach_case", ["closed_at", "id"])
    _create_attempts()
    _create_proposals()
    _create_accounts()


def downgrade() -> None:
    for table in ("account", "outreach_proposal", "outreach_attempt"):
        op.drop_table(table)
    op.drop_index("ix_outreach_case_closed", "outreach_case")
    for column in ("overdue_told", "closing_note", "outcome"):
        op.drop_column("outreach_case", column)


def _create_attempts() -> None:
    op.create_table(
        "outreach_attempt",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("reached", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_outreach_attempt_tin", "outreach_attempt", ["tin", "at"])


def _create_proposals() -> None:
    op.create_table(
        "outreach_proposal",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("tin", sa.String(9), nullable=False),
        sa.Column("lines", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("note", sa.Text),
    )
    op.create_index("ix_outreach_proposal_tin", "outreach_proposal", ["tin", "proposed_at"])
    undecided = sa.text("state = 'proposed'")
    op.create_index(
        "uq_outreach_proposal_open",
        "outreach_proposal",
        ["tin"],
        unique=True,
        postgresql_where=undecided,
        sqlite_where=undecided,
    )


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("first_name", sa.String(60), nullable=False),
        sa.Column("last_name", sa.String(60), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(10)),
        sa.Column("signed_in_at", UtcDateTime),
    )
