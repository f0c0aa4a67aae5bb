"""Alembic's entry."""

from chassis.db.migrations import environment
from services.entitlements.adapters.tables import METADATA

environment.run(METADATA, "entitlements_version")
