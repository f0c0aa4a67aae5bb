"""What Prometheus is told of jobs: when each ended last, and how often it failed since (OPS-5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine

from chassis.db.looking import brief_look
from chassis.jobs.progress import Progress, read_progress
from chassis.telemetry.readings import Figure


def job_figures(engine: Engine, names: Sequence[str]) -> Sequence[Figure]:
    """Figures of these jobs; what takes the database too long raises."""
    with brief_look(engine) as connection:
        known = read_progress(connection)
    return [figure for name in names for figure in _of(name, known.get(name, Progress()))]


def _of(name: str, progress: Progress) -> Iterator[Figure]:
    ended = progress.ended_at.timestamp() if progress.ended_at else 0.0
    label = ("job", name)
    yield Figure(
        "wardenry_job_failures", "Attempts at the job that failed, one after the other", progress.failures, label
    )
    yield Figure("wardenry_job_ended_timestamp_seconds", "When the job last came to its end; 0: never", ended, label)
