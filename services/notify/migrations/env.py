"""Alembic's entry."""

from chassis.db.migrations import environment
from services.notify.adapters.tables import METADATA

environment.run(METADATA, "notify_version")
