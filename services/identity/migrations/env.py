"""Alembic's way into identity's revisions."""

from chassis.db.migrations import environment
from services.identity.adapters import (  # noqa: F401 (their tables stand in METADATA by that)
    access_tables,
    device_tables,
    openid_tables,
    support_tables,
)
from services.identity.adapters.tables import METADATA

environment.run(METADATA, "identity_version")
