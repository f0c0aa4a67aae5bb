"""Accounts, reservations, codes, sessions and keys."""

import sqlalchemy as sa
from alembic import op

from chassis.db.migrations import chassis_0001
from chassis.db.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "budget",
    "signing_key",
    "refresh_token",
    "session",
    "challenge",
    "code",
    "failure_count",
    "security_answer",
    "contact",
    "account",
    "reservation",
    "user_id",
)


def upgrade() -> None:
    chassis_0001.upgrade()
    _create_reservations()
    _create_accounts()
    _create_proofs()
    _create_sessions()
    _create_limits()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    chassis_0001.downgrade()


def _create_reservations() -> None:
    op.create_table(
        "user_id",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(36)),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("lapses_at", UtcDateTime),
    )
    op.create_index("ix_user_id_holder", "user_id", ["holder"])
    op.create_table(
        "reservation",
        sa.Column("registration_id", sa.String(36), primary_key=True),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("date_of_birth", sa.Date, nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("person", Json, nullable=False),
        sa.Column("reserved_at", UtcDateTime, nullable=False),
        sa.Column("lapses_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("user_id", name="uq_reservation_user_id"),
    )
    op.create_index("ix_reservation_reserved_at", "reservation", ["reserved_at"])


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("registration_id", sa.String(36)),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("middle_initial", sa.String(10)),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("job_role", sa.String(60), nullable=False),
        sa.Column("address", Json),
        sa.Column("phone", sa.String(20)),
        sa.Column("extension", sa.String(20)),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("confirm_before", UtcDateTime),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("last_sign_in_at", UtcDateTime),
        sa.UniqueConstraint("registration_id", name="uq_account_registration_id"),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.String(36), primary_key=True),
        _account_column(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
        sa.Column("verified_at", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        _account_key("contact"),
    )
    op.create_index("ix_contact_user_id", "contact", ["user_id"])
    op.create_table(
        "security_answer",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("question", sa.String(60), primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        _account_key("security_answer"),
    )


def _create_proofs() -> None:
    op.create_table(
        "code",
        sa.Column("id", sa.String(36), primary_key=True),
        _account_column(),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("challenge_id", sa.String(36)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("redeemed_at", UtcDateTime),
        _account_key("code"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("ix_code_user_id_purpose", "code", ["user_id", "purpose", "issued_at"])
    op.create_index(
        "uq_code_open", "code", ["user_id", "purpose"], unique=True, postgresql_where=is_open, sqlite_where=is_open
    )
    op.create_index("ix_code_issued_at", "code", ["issued_at"])
    op.create_table(
        "challenge",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        _account_column(),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("passed_at", UtcDateTime),
        _account_key("challenge"),
    )
    op.create_index("ix_challenge_user_id", "challenge", ["user_id"])
    op.create_index("ix_challenge_expires_at", "challenge", ["expires_at"])


def _create_sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(36), primary_key=True),
        _account_column(),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("acr", sa.String(100), nullable=False),
        sa.Column("amr", Json, nullable=False),
        sa.Column("address", sa.String(64)),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("authenticated_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_because", sa.String(40)),
        _account_key("session"),
    )
    op.create_index("ix_session_user_id", "session", ["user_id", "started_at"])
    op.create_index("ix_session_ends_at", "session", ["ends_at"])
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("family_id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_refresh_token_session_id_session"),
    )
    op.create_index("ix_refresh_token_session_id", "refresh_token", ["session_id"])
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(64), primary_key=True),
        sa.Column("algorithm", sa.String(20), nullable=False),
        sa.Column("sealed_private", sa.Text, nullable=False),
        sa.Column("public_key", Json, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("not_before", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
    )
    current = sa.text("current")
    op.create_index(
        "uq_signing_key_current",
        "signing_key",
        ["algorithm"],
        unique=True,
        postgresql_where=current,
        sqlite_where=current,
    )


def _create_limits() -> None:
    op.create_table(
        "failure_count",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", UtcDateTime),
        sa.Column("last_at", UtcDateTime),
        sa.Column("blocked_until", UtcDateTime),
    )
    op.create_index("ix_failure_count_last_at", "failure_count", ["last_at"])
    op.create_table(
        "budget",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("window_start", UtcDateTime, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
    )


def _account_column() -> sa.Column[str]:
    return sa.Column("user_id", sa.String(32), nullable=False)


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name=f"fk_{table}_user_id_account")
