"""Alembic's entry."""

from chassis.db.migrations import environment
from services.audit.adapters.tables import METADATA

environment.run(METADATA, "audit_version")
