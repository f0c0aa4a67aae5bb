"""Identity's tables. What is secret stands as a hash, or sealed; user IDs stand in their canonical form."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from chassis.db.tables import metadata
from chassis.db.types import Json, UtcDateTime
from chassis.jobs.tables import with_jobs

METADATA = metadata()
with_jobs(METADATA)

user_id = Table(
    "user_id",
    METADATA,
    Column("user_id", String(32), primary_key=True),
    Column("holder", String(36)),
    Column("kept", Boolean, nullable=False),
    Column("lapses_at", UtcDateTime),
    Index("ix_user_id_holder", "holder"),
)

reservation = Table(
    "reservation",
    METADATA,
    Column("registration_id", String(36), primary_key=True),
    Column("user_id", String(32), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("answers", Json, nullable=False),
    Column("site", String(40), nullable=False),
    Column("person", Json, nullable=False),
    Column("reserved_at", UtcDateTime, nullable=False),
    Column("lapses_at", UtcDateTime, nullable=False),
    Index("ix_reservation_reserved_at", "reserved_at"),
)

account = Table(
    "account",
    METADATA,
    Column("user_id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("site", String(40), nullable=False),
    Column("registration_id", String(36), unique=True),
    Column("first_name", String(100), nullable=False),
    Column("middle_initial", String(10)),
    Column("last_name", String(100), nullable=False),
    Column("job_role", String(60), nullable=False),
    Column("address", Json),
    Column("phone", String(20)),
    Column("extension", String(20)),
    Column("language", String(5), nullable=False),
    Column("date_of_birth", Date),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirm_before", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("last_sign_in_at", UtcDateTime),
    Column("password_changed_at", UtcDateTime),
    Column("contacts_changed_at", UtcDateTime),
    Column("temporary_until", UtcDateTime),
    Column("reactivated_at", UtcDateTime),
    Column("warned_days", Integer),
    Index("ix_account_date_of_birth", "date_of_birth"),
    Index("ix_account_state_last_sign_in_at", "state", "last_sign_in_at"),
)

contact = Table(
    "contact",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("value", String(320), nullable=False),
    Column("verified_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("pending", String(320)),
    Index("ix_contact_user_id", "user_id"),
)

security_answer = Table(
    "security_answer",
    METADATA,
    Column("user_id", String(32), ForeignKey("account.user_id"), primary_key=True),
    Column("question", String(60), primary_key=True),
    Column("hash", Text, nullable=False),
)

failure_count = Table(
    "failure_count",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", UtcDateTime),
    Column("last_at", UtcDateTime),
    Column("blocked_until", UtcDateTime),
    Index("ix_failure_count_last_at", "last_at"),
)

code = Table(
    "code",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("contact_id", String(36), nullable=False),
    Column("challenge_id", String(36)),
    Column("digest", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("redeemed_at", UtcDateTime),
    Index("ix_code_user_id_purpose", "user_id", "purpose", "issued_at"),
    Index(
        "uq_code_open",
        "user_id",
        "purpose",
        unique=True,
        postgresql_where=text("state = 'open'"),
        sqlite_where=text("state = 'open'"),
    ),
    Index("ix_code_issued_at", "issued_at"),
)

challenge = Table(
    "challenge",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("site", String(40), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("passed_at", UtcDateTime),
    Column("session_id", String(36)),
    Column("device_id", String(36)),
    Column("risk", Json),
    Column("acr", String(100)),
    Column("amr", Json),
    Column("passkey_challenge", String(43)),
    Index("ix_challenge_user_id", "user_id"),
    Index("ix_challenge_expires_at", "expires_at"),
)

authenticator = Table(
    "authenticator",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(60), nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("used_at", UtcDateTime),
    Column("used_step", BigInteger),
    Index("ix_authenticator_user_id", "user_id"),
)

passkey = Table(
    "passkey",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("user_handle", String(43), nullable=False),
    Column("credential_id", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("verifies_user", Boolean, nullable=False),
    Column("transports", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("suspended_at", UtcDateTime),
    Index("ix_passkey_user_id", "user_id"),
)

passkey_enrolment = Table(
    "passkey_enrolment",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("user_handle", String(43), nullable=False),
    Column("challenge", String(43), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

passkey_sign_in = Table(
    "passkey_sign_in",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("site", String(40), nullable=False),
    Column("challenge", String(43), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_passkey_sign_in_expires_at", "expires_at"),
)

recovery_code = Table(
    "recovery_code",
    METADATA,
    Column("user_id", String(32), ForeignKey("account.user_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

recovery = Table(
    "recovery",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("user_id", String(32), ForeignKey("account.user_id")),
    Column("secret_hash", String(64), nullable=False),
    Column("site", String(40), nullable=False),
    Column("step", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("sends", Json, nullable=False),
    Index("ix_recovery_key", "key", "created_at"),
    Index("ix_recovery_expires_at", "expires_at"),
)

session = Table(
    "session",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("user_id", String(32), ForeignKey("account.user_id"), nullable=False),
    Column("site", String(40), nullable=False),
    Column("acr", String(100), nullable=False),
    Column("amr", Json, nullable=False),
    Column("address", String(64)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("authenticated_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_because", String(40)),
    Column("browser_digest", String(64)),
    Index("ix_session_user_id", "user_id", "started_at"),
    Index("uq_session_browser_digest", "browser_digest", unique=True),
    Index("ix_session_ends_at", "ends_at"),
)

refresh_token = Table(
    "refresh_token",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("family_id", String(36), nullable=False),
    Column("session_id", String(36), ForeignKey("session.id"), nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("scopes", Json),
    Index("ix_refresh_token_session_id", "session_id"),
    Index("ix_refresh_token_client_id", "client_id"),
)

signing_key = Table(
    "signing_key",
    METADATA,
    Column("kid", String(64), primary_key=True),
    Column("algorithm", String(20), nullable=False),
    Column("sealed_private", Text, nullable=False),
    Column("public_key", Json, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Index(
        "uq_signing_key_current",
        "algorithm",
        unique=True,
        postgresql_where=text("current"),
        sqlite_where=text("current"),
    ),
)

budget = Table(
    "budget",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("window_start", UtcDateTime, nullable=False),
    Column("spent", Integer, nullable=False),
)
