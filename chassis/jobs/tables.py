"""The table of a service that has jobs."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from chassis.db.tables import NAMING
from chassis.db.types import UtcDateTime

job = Table(
    "job",
    MetaData(naming_convention=NAMING),
    Column("name", String(60), primary_key=True),
    Column("done_for", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("touched", Integer, nullable=False),
    Column("so_far", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", UtcDateTime),
)
"""How far each job is: the due time whose run has ended last, when, and with how many things done; of a run under way
how many so far; and how many attempts in a row have failed."""


def with_jobs(metadata: MetaData) -> None:
    """Add the table to a service's own."""
    job.to_metadata(metadata)
