"""How far jobs are, as the database has it. A claim is the lock on a job's row: a killed worker's is free at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from chassis.db.engine import upsert
from chassis.jobs.calendar import Calendar
from chassis.jobs.tables import job

_AHEAD = timedelta(minutes=1)
_SHORTEST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Progress:
    """A job's row. `done_for` is the due time whose run ended last, `ended_at` when, `touched` with how many things
    done; `so_far` are those of the run under way. `failures` attempts in a row failed; the next is at `retry_at`.
    """

    done_for: datetime | None = None
    ended_at: datetime | None = None
    touched: int = 0
    so_far: int = 0
    failures: int = 0
    retry_at: datetime | None = None

    def calls_for_run(self, calendar: Calendar, now: datetime) -> bool:
        """Whether a due time has come that no run was for: one run makes up for all that were missed.

        A mark that lies ahead was made by a clock that was wrong, and counts for nothing.
        """
        if self.retry_at is not None and now < self.retry_at <= now + _LONGEST_PAUSE:
            return False
        if self.done_for is None or self.done_for > now + _AHEAD:
            return True
        return self.done_for < calendar.latest(now)

    def after_batch(self, touched: int) -> Progress:
        """A batch was done, and there may be more."""
        return replace(self, so_far=self.so_far + touched, failures=0, retry_at=None)

    def after_run(self, calendar: Calendar, now: datetime) -> Progress:
        """Nothing is left of what was due."""
        return Progress(done_for=calendar.latest(now), ended_at=now, touched=self.so_far)

    def after_failure(self, now: datetime) -> Progress:
        """An attempt failed: the next one comes after a pause that doubles."""
        pause = min(_SHORTEST_PAUSE * 2 ** min(self.failures, 10), _LONGEST_PAUSE)
        return replace(self, failures=self.failures + 1, retry_at=now + pause)


def read_progress(connection: Connection) -> Mapping[str, Progress]:
    """All jobs' progress, by name; of one that never ran there is none."""
    return {row.name: _progress(row) for row in connection.execute(select(job))}


def claim(connection: Connection, name: str, *, wait: bool) -> Progress | None:
    """The job's progress, and the job until the transaction ends; None where another has it, unless told to wait."""
    fresh = upsert(connection, job).values(name=name, touched=0, so_far=0, failures=0)
    connection.execute(fresh.on_conflict_do_nothing(index_elements=["name"]))
    found = connection.execute(select(job).where(job.c.name == name).with_for_update(skip_locked=not wait)).first()
    return _progress(found) if found else None


def save_progress(connection: Connection, name: str, progress: Progress) -> None:
    """Write a claimed job's progress back."""
    values = {field: getattr(progress, field) for field in Progress.__dataclass_fields__}
    connection.execute(update(job).where(job.c.name == name).values(values))


def _progress(row: Row[Any]) -> Progress:
    return Progress(row.done_for, row.ended_at, row.touched, row.so_far, row.failures, row.retry_at)
