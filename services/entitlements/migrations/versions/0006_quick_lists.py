"""People are found by any part of their name, and those whose access ended, without reading everybody (ENT-6)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ENDED = sa.text("ended_at IS NOT NULL")
_SEARCHED = """
    CREATE INDEX ix_person_searched ON person
    USING gin ((' ' || last_search || ' ' || first_search || ' ' || user_id) gin_trgm_ops)
"""


def upgrade() -> None:
    op.create_index(
        "ix_access_ended", "access", ["tin", "line", "user_id"], postgresql_where=_ENDED, sqlite_where=_ENDED
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute(_SEARCHED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_person_searched", "person")
    op.drop_index("ix_access_ended", "access")
