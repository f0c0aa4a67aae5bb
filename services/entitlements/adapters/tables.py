"""Entitlements' own tables."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false, literal_column, text

from chassis.db.tables import UNDECLARED, metadata
from chassis.db.types import BigId, Json, UtcDateTime
from chassis.jobs.tables import with_jobs

METADATA = metadata()
with_jobs(METADATA)
METADATA.info[UNDECLARED] = frozenset({"ix_person_searched"})

_STANDING = text("ended_at IS NULL")
_ENDED = text("ended_at IS NOT NULL")
_ENDS = text("ended_at IS NULL AND until IS NOT NULL")
_WAITING = text("state IN ('awaiting', 'no_manager')")
_REVIEW_OPEN = text("state = 'open'")
_OPEN = text("state IN ('unconfirmed', 'awaiting', 'no_manager')")

person = Table(
    "person",
    METADATA,
    Column("user_id", String(64), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("middle_initial", Text),
    Column("last_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("phone", Text),
    Column("extension", Text),
    Column("job_role", Text),
    Column("state", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("registration_id", String(64)),
    Column("first_search", Text, nullable=False),
    Column("last_search", Text, nullable=False),
    Index("ix_person_name", "last_search", "first_search", "user_id"),
)
"""People, from others' events; the `_search` columns hold `domain.people.search_form` of the names."""

SEARCHED = literal_column("' ' || person.last_search || ' ' || person.first_search || ' ' || person.user_id", Text)
"""Where words are looked for: each part of a name, and the user ID, stands behind a blank. PostgreSQL has an index of
this very expression (`ix_person_searched`)."""

practice = Table(
    "practice",
    METADATA,
    Column("tin", String(9), primary_key=True),
    Column("name", Text, nullable=False),
    Column("lines", Json, nullable=False),
    Column("version", BigId, nullable=False),
)
"""The directory, from registration's events."""

practice_line = Table(
    "practice_line",
    METADATA,
    Column("tin", String(9), primary_key=True),
    Column("line", String(20), primary_key=True),
)
"""Locked by whoever changes access or opens requests at the TIN; every TIN locked once has a row for each line."""

relining = Table(
    "relining",
    METADATA,
    Column("tin", String(9), primary_key=True),
    Column("actor", String(100), nullable=False),
    Column("site", String(40)),
    Column("correlation_id", String(64), nullable=False),
    Column("causation_id", String(64)),
)
"""Practices at which access has yet to follow the lines of business, and what brought that about (REG-17)."""

access = Table(
    "access",
    METADATA,
    Column("access_id", String(36), primary_key=True),
    Column("user_id", String(64), ForeignKey("person.user_id"), nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("functions", Json, nullable=False),
    Column("until", UtcDateTime),
    Column("given_by", String(64), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("request_id", String(36)),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64)),
    Column("ending_told", Boolean, nullable=False, server_default=false()),
    Index(
        "uq_access_standing", "user_id", "tin", "line", unique=True, postgresql_where=_STANDING, sqlite_where=_STANDING
    ),
    Index("ix_access_place", "tin", "line", "user_id"),
    Index("ix_access_ended", "tin", "line", "user_id", postgresql_where=_ENDED, sqlite_where=_ENDED),
    Index("ix_access_level", "tin", "level", postgresql_where=_STANDING, sqlite_where=_STANDING),
    Index("ix_access_user", "user_id", "tin", "line", "since"),
    Index("ix_access_until", "until", "access_id", postgresql_where=_ENDS, sqlite_where=_ENDS),
)
"""Intervals of access; of one user and place at most one stands open."""

suspension = Table(
    "suspension",
    METADATA,
    Column("suspension_id", String(36), primary_key=True),
    Column("user_id", String(64), ForeignKey("person.user_id"), nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(20), nullable=False),
    Column("cause", String(40), nullable=False),
    Column("functions", Json),
    Column("since", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(
        "uq_suspension_standing",
        "user_id",
        "tin",
        "line",
        "cause",
        unique=True,
        postgresql_where=_STANDING,
        sqlite_where=_STANDING,
    ),
)
"""What keeps a user's access at a place from counting as held, wholly or these `functions` of it, as intervals like
access itself (ENT-14).
"""

review = Table(
    "review",
    METADATA,
    Column("review_id", String(36), primary_key=True),
    Column("tin", String(9), nullable=False),
    Column("lines", Json, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reminded", Boolean, nullable=False, server_default=false()),
    Column("closed_at", UtcDateTime),
    Index("uq_review_open", "tin", unique=True, postgresql_where=_REVIEW_OPEN, sqlite_where=_REVIEW_OPEN),
    Index("ix_review_due", "due_at", postgresql_where=_REVIEW_OPEN, sqlite_where=_REVIEW_OPEN),
    Index("ix_review_tin", "tin", "opened_at"),
)
"""Access reviews; of one TIN at most one is open (ENT-13)."""

review_item = Table(
    "review_item",
    METADATA,
    Column("item_id", String(36), primary_key=True),
    Column("review_id", String(36), ForeignKey("review.review_id"), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("functions", Json, nullable=False),
    Column("until", UtcDateTime),
    Column("state", String(20), nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", UtcDateTime),
    Index("uq_review_item", "review_id", "user_id", "tin", "line", unique=True),
)
"""What each reviewed access was as its review opened, and what was decided about it."""

bulk_change = Table(
    "bulk_change",
    METADATA,
    Column("change_id", String(36), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)
"""Changes of many people's access that were made as one (GO-3)."""

bulk_effect = Table(
    "bulk_effect",
    METADATA,
    Column("change_id", String(36), ForeignKey("bulk_change.change_id"), primary_key=True),
    Column("user_id", String(64), primary_key=True),
    Column("tin", String(9), primary_key=True),
    Column("line", String(20), primary_key=True),
    Column("before", String(36)),
    Column("after", String(36)),
)
"""The intervals before and after, of each user and place that one changed."""

request = Table(
    "request",
    METADATA,
    Column("request_id", String(36), primary_key=True),
    Column("user_id", String(64), ForeignKey("person.user_id"), nullable=False),
    Column("tin", String(9), nullable=False),
    Column("line", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("registration_id", String(64)),
    Column("since", UtcDateTime),
    Column("decidable_since", UtcDateTime),
    Column("decided_by", String(64)),
    Column("decided_at", UtcDateTime),
    Column("reason", Text),
    Column("reminders", Integer, nullable=False, server_default="0"),
    Index("uq_request_open", "user_id", "tin", "line", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_request_place", "tin", "line", "state", "since"),
    Index("ix_request_user", "user_id", "state"),
    Index("ix_request_waiting", "decidable_since", "request_id", postgresql_where=_WAITING, sqlite_where=_WAITING),
)
"""Requests; of one user and place at most one is open."""
