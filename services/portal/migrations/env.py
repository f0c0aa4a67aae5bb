"""Alembic's entry."""

from chassis.db.migrations import environment
from services.portal.adapters.tables import METADATA

environment.run(METADATA, "portal_version")
