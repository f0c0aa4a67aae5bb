"""The OpenID provider's tables: clients, and the steps of signing in to them, by digests alone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from chassis.db.types import Json, UtcDateTime
from services.identity.adapters.tables import METADATA

__all__ = [
    "METADATA",
    "authorization_code",
    "authorization_request",
    "client",
    "owed_logout",
    "redeemed_code",
    "sign_in_ticket",
]

client = Table(
    "client",
    METADATA,
    Column("client_id", String(100), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("site", String(40), nullable=False),
    Column("secret_digest", String(64)),
    Column("redirect_uris", Json, nullable=False),
    Column("post_logout_redirect_uris", Json, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("pkce", Boolean, nullable=False),
    Column("id_token_algorithm", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("backchannel_logout_uri", Text),
)

authorization_request = Table(
    "authorization_request",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("browser_digest", String(64), nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_authorization_request_browser_digest", "browser_digest"),
    Index("ix_authorization_request_expires_at", "expires_at"),
)

sign_in_ticket = Table(
    "sign_in_ticket",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("acr", String(100), nullable=False),
    Column("amr", Json, nullable=False),
    Column("authenticated_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("risk", Json),
    Index("ix_sign_in_ticket_user_id", "user_id"),
    Index("ix_sign_in_ticket_expires_at", "expires_at"),
)

authorization_code = Table(
    "authorization_code",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("client_id", String(100), nullable=False),
    Column("session_id", String(36), ForeignKey("session.id"), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("nonce", Text),
    Column("code_challenge", String(64)),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_authorization_code_session_id", "session_id"),
    Index("ix_authorization_code_client_id", "client_id"),
    Index("ix_authorization_code_expires_at", "expires_at"),
)

redeemed_code = Table(
    "redeemed_code",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("client_id", String(100), nullable=False),
    Column("session_id", String(36), ForeignKey("session.id"), nullable=False),
    Column("forget_at", UtcDateTime, nullable=False),
    Index("ix_redeemed_code_session_id", "session_id"),
    Index("ix_redeemed_code_forget_at", "forget_at"),
)

owed_logout = Table(
    "owed_logout",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("client_id", String(100), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("session_id", String(36), nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_owed_logout_due_at", "due_at"),
)
