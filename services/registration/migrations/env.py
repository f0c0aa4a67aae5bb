"""Alembic's entry."""

from chassis.db.migrations import environment
from services.registration.adapters.tables import metadata

environment.run(metadata, "registration_version")
