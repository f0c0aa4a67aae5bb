"""Registration's tables. Personal data stands in columns of its own, so that erasure can reach it (IDN-13)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, Uuid, false, text

from chassis.db.tables import metadata as chassis_metadata
from chassis.db.types import UtcDateTime
from chassis.jobs.tables import with_jobs

metadata = chassis_metadata()
with_jobs(metadata)

_unconfirmed = text("state = 'unconfirmed'")

practices = Table(
    "practice",
    metadata,
    Column("tin", String(9), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("lines", String(40), nullable=False),
    Column("details", Text, nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_with_rowid=False,
)

practice_managers = Table(
    "practice_manager",
    metadata,
    Column("tin", String(9), primary_key=True),
    Column("line", String(16), primary_key=True),
    Column("user_id", String(32), primary_key=True),
)

registrations = Table(
    "registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", String(32), nullable=False),
    Column("site", String(40), nullable=False),
    Column("language", String(8), nullable=False),
    Column("practice_type", String(40), nullable=False),
    Column("no_tin", Boolean, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("temporary_id", String(8)),
    Column("first_name", String(60)),
    Column("middle_initial", String(8)),
    Column("last_name", String(60)),
    Column("job_role", String(40)),
    Column("line1", String(100)),
    Column("line2", String(100)),
    Column("city", String(100)),
    Column("us_state", String(2)),
    Column("zip", String(10)),
    Column("phone", String(20)),
    Column("extension", String(10)),
    Column("mobile", String(20)),
    Column("email", String(254)),
    Index("ix_registration_user_id", "user_id"),
    Index(
        "ix_registration_unconfirmed",
        "submitted_at",
        "id",
        postgresql_where=_unconfirmed,
        sqlite_where=_unconfirmed,
    ),
)

access_requests = Table(
    "access_request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("registration_id", Uuid, ForeignKey("registration.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(16), nullable=False),
    Column("practice", String(200)),
    Column("state", String(16), nullable=False),
    Column("nominated", String(8)),
    Column("nominee_first_name", String(60)),
    Column("nominee_last_name", String(60)),
    Column("nominee_email", String(254)),
    Index("ix_access_request_registration_id", "registration_id"),
)

_still_open = text("closed_at IS NULL")

outreach_cases = Table(
    "outreach_case",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tin", String(9), nullable=False),
    Column("line", String(16), nullable=False),
    Column("practice", String(200)),
    Column("reason", String(40), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("closing_note", Text),
    Column("overdue_told", Boolean, nullable=False, server_default=false()),
    Index("ix_outreach_case_tin", "tin"),
    Index("uq_outreach_case_open", "tin", "line", unique=True, postgresql_where=_still_open, sqlite_where=_still_open),
    Index("ix_outreach_case_due", "due_at", "id"),
    Index("ix_outreach_case_closed", "closed_at", "id"),
)

outreach_waiting = Table(
    "outreach_waiting",
    metadata,
    Column("case_id", Uuid, ForeignKey("outreach_case.id"), primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    Column("user_id", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("first_name", String(60)),
    Column("last_name", String(60)),
    Column("email", String(254)),
    Column("phone", String(20)),
    Column("extension", String(10)),
    Index("ix_outreach_waiting_request_id", "request_id"),
)

_open = text("state = 'open'")
_unredeemed = text("state IN ('expired', 'revoked', 'voided') AND email IS NOT NULL")

invitations = Table(
    "invitation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("temporary_id", String(8), nullable=False),
    Column("password_hash", String(200)),
    Column("invited_by", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("wrong_passwords", Integer, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("registration_id", Uuid),
    Column("redeemed_by", String(32)),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Column("first_name", String(60)),
    Column("middle_initial", String(8)),
    Column("last_name", String(60)),
    Column("phone", String(20)),
    Column("extension", String(10)),
    Column("email", String(254)),
    Index("uq_invitation_temporary_id", "temporary_id", unique=True),
    Index("ix_invitation_invited_by", "invited_by", "id"),
    Index("ix_invitation_registration_id", "registration_id"),
    Index("ix_invitation_redeemed_by", "redeemed_by"),
    Index("ix_invitation_open", "expires_at", "id", postgresql_where=_open, sqlite_where=_open),
    Index("ix_invitation_unredeemed", "ended_at", "id", postgresql_where=_unredeemed, sqlite_where=_unredeemed),
)

invitation_access = Table(
    "invitation_access",
    metadata,
    Column("invitation_id", Uuid, ForeignKey("invitation.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(16), nullable=False),
    Column("practice", String(200)),
    Column("level", String(20), nullable=False),
    Column("functions", Text, nullable=False),
    Column("until", UtcDateTime),
    Index("ix_invitation_access_place", "tin", "line"),
)

_running = text("state = 'running'")

people_imports = Table(
    "people_import",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("uploaded_by", String(32), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("site", String(40)),
    Column("address", String(64)),
    Column("correlation_id", String(64), nullable=False),
    Column("file_name", String(100), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("faults", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("credentials_at", UtcDateTime),
    Index("ix_people_import_uploaded_by", "uploaded_by", "created_at", "id"),
    Index("ix_people_import_created_at", "created_at"),
    Index("ix_people_import_running", "id", postgresql_where=_running, sqlite_where=_running),
)

import_people = Table(
    "import_person",
    metadata,
    Column("import_id", Uuid, ForeignKey("people_import.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("rows", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("temporary_id", String(8)),
    Column("invitation_id", Uuid),
    Column("first_name", String(60)),
    Column("middle_initial", String(8)),
    Column("last_name", String(60)),
    Column("phone", String(20)),
    Column("extension", String(10)),
    Column("email", String(254)),
)

outreach_attempts = Table(
    "outreach_attempt",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tin", String(9), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_outreach_attempt_tin", "tin", "at"),
)

_undecided = text("state = 'proposed'")

outreach_proposals = Table(
    "outreach_proposal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("tin", String(9), nullable=False),
    Column("lines", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("proof", Text, nullable=False),
    Column("proposed_by", String(32), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(32)),
    Column("decided_at", UtcDateTime),
    Column("note", Text),
    Index("ix_outreach_proposal_tin", "tin", "proposed_at"),
    Index("uq_outreach_proposal_open", "tin", unique=True, postgresql_where=_undecided, sqlite_where=_undecided),
)

accounts = Table(
    "account",
    metadata,
    Column("user_id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("first_name", String(60), nullable=False),
    Column("last_name", String(60), nullable=False),
    Column("email", String(254), nullable=False),
    Column("phone", String(20)),
    Column("extension", String(10)),
    Column("signed_in_at", UtcDateTime),
)
