"""Clients, and the steps of signing in to them in a browser."""

import sqlalchemy as sa
from alembic import op

from chassis.db.types import Json, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = ("redeemed_code", "authorization_code", "sign_in_ticket", "authorization_request", "client")


def upgrade() -> None:
    _create_clients()
    _create_steps()
    _create_codes()
    op.add_column("session", sa.Column("browser_digest", sa.String(64)))
    op.create_index("uq_session_browser_digest", "session", ["browser_digest"], unique=True)
    op.add_column("refresh_token", sa.Column("scopes", Json))
    op.create_index("ix_refresh_token_client_id", "refresh_token", ["client_id"])


def downgrade() -> None:
    op.drop_index("ix_refresh_token_client_id", "refresh_token")
    op.drop_column("refresh_token", "scopes")
    op.drop_index("uq_session_browser_digest", "session")
    op.drop_column("session", "browser_digest")
    for table in _TABLES:
        op.drop_table(table)


def _create_clients() -> None:
    op.create_table(
        "client",
        sa.Column("client_id", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("secret_digest", sa.String(64)),
        sa.Column("redirect_uris", Json, nullable=False),
        sa.Column("post_logout_redirect_uris", Json, nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("pkce", sa.Boolean, nullable=False),
        sa.Column("id_token_algorithm", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def _create_steps() -> None:
    op.create_table(
        "authorization_request",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("browser_digest", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_authorization_request_browser_digest", "authorization_request", ["browser_digest"])
    op.create_index("ix_authorization_request_expires_at", "authorization_request", ["expires_at"])
    op.create_table(
        "sign_in_ticket",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("acr", sa.String(100), nullable=False),
        sa.Column("amr", Json, nullable=False),
        sa.Column("authenticated_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.user_id"], name="fk_sign_in_ticket_user_id_account"),
    )
    op.create_index("ix_sign_in_ticket_user_id", "sign_in_ticket", ["user_id"])
    op.create_index("ix_sign_in_ticket_expires_at", "sign_in_ticket", ["expires_at"])


def _create_codes() -> None:
    op.create_table(
        "authorization_code",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("nonce", sa.Text),
        sa.Column("code_challenge", sa.String(64)),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        _session_key("authorization_code"),
    )
    op.create_index("ix_authorization_code_session_id", "authorization_code", ["session_id"])
    op.create_index("ix_authorization_code_client_id", "authorization_code", ["client_id"])
    op.create_index("ix_authorization_code_expires_at", "authorization_code", ["expires_at"])
    op.create_table(
        "redeemed_code",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("forget_at", UtcDateTime, nullable=False),
        _session_key("redeemed_code"),
    )
    op.create_index("ix_redeemed_code_session_id", "redeemed_code", ["session_id"])
    op.create_index("ix_redeemed_code_forget_at", "redeemed_code", ["forget_at"])


def _session_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=f"fk_{table}_session_id_session")
