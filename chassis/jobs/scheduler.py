"""Runs a service's jobs when they are due, in as many processes as there are; and for operators at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Generic, TypeVar

import structlog
from sqlalchemy import Connection, Engine

from chassis.db.work import SqlUnitOfWork
from chassis.jobs.breadth import Breadth, TooBroadError
from chassis.jobs.job import Job
from chassis.jobs.progress import Progress, claim, read_progress, save_progress
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.kernel.ids import new_id

ACTOR = "system:jobs"

Store = TypeVar("Store")
Begin = Callable[[Cause], SqlUnitOfWork[Store]]

log = structlog.get_logger(__name__)


class Jobs(Generic[Store]):
    """A service's jobs, by name in the order in which they are run.

    Each batch is a transaction of its own, with the claim on its job, the effects, their events and the progress in
    it: killed at any moment, what was done counts once, and the rest is the next worker's. Several workers share a run
    batch by batch. Runs are judged by the service's clock, which is its database's. One that would touch very many
    accounts fails before it begins, until an operator has run it (GO-7).
    """

    def __init__(
        self,
        jobs: Sequence[Job[Store]],
        engine: Engine,
        begin: Begin[Store],
        clock: Clock,
        breadth: Breadth | None = None,
    ) -> None:
        self._jobs = {job.name: job for job in jobs}
        self._engine = engine
        self._begin = begin
        self._clock = clock
        self._breadth = breadth or Breadth()

    @property
    def all(self) -> Sequence[Job[Store]]:
        """The jobs."""
        return tuple(self._jobs.values())

    def step(self) -> bool:
        """Do one batch of every job that is due; True while there may be more. A job that fails stops no other."""
        now, known = self._clock.now(), self.progress()
        due = [job for job in self.all if known[job.name].calls_for_run(job.calendar, now)]
        turns = [self._turn(job, begins=not known[job.name].so_far) for job in due]
        return any(turns)

    def progress(self) -> Mapping[str, Progress]:
        """How far each job is."""
        with self._engine.connect().execution_options(write=False) as connection, connection.begin():
            known = read_progress(connection)
        return {name: known.get(name, Progress()) for name in self._jobs}

    def run(self, name: str, as_of: datetime | None = None, *, however_many: bool = False) -> int:
        """Do now whatever a job has to do by `as_of`, the present if None; returns how many things that were.

        The calendar takes no notice. A batch that a worker has under way is waited for. Raises `KeyError` for a job
        that there is not, and, unless told to go on, `TooBroadError`.
        """
        job, moment, touched = self._jobs[name], as_of or self._clock.now(), 0
        if not however_many:
            self._ask_where_broad(job, moment)
        while done := self._batch(job, moment):
            touched += done
        return touched

    def forecast(self, name: str, as_of: datetime | None = None) -> int:
        """How many things `run` would touch; it changes nothing."""
        work = self._begin(_cause())
        return self._jobs[name].count(work, as_of or self._clock.now())

    def _batch(self, job: Job[Store], as_of: datetime) -> int:
        with self._transaction() as work:
            claim(_connection(work), job.name, wait=True)
            return job.batch(work, as_of)

    def _ask_where_broad(self, job: Job[Store], as_of: datetime) -> None:
        """Raises `TooBroadError` where a run would touch more accounts than it may unasked."""
        if job.whole is None:
            return
        touched, whole = job.count(self._begin(_cause()), as_of), job.whole(self._begin(_cause()), as_of)
        if self._breadth.asks(touched, whole):
            raise TooBroadError(job.name, touched, whole)

    def _turn(self, job: Job[Store], *, begins: bool) -> bool:
        try:
            if begins:
                self._ask_where_broad(job, self._clock.now())
            return self._due_batch(job)
        except Exception:
            log.exception("job_failed", job=job.name)
            self._note_failure(job)
            return False

    def _due_batch(self, job: Job[Store]) -> bool:
        with self._transaction() as work:
            connection = _connection(work)
            progress, now = claim(connection, job.name, wait=False), self._clock.now()
            if progress is None or not progress.calls_for_run(job.calendar, now):
                return False
            touched = job.batch(work, now)
            after = progress.after_batch(touched) if touched else progress.after_run(job.calendar, now)
            save_progress(connection, job.name, after)
        if not touched:
            log.info("job_done", job=job.name, touched=after.touched, due=after.done_for)
        return touched > 0

    def _note_failure(self, job: Job[Store]) -> None:
        with self._transaction() as work:
            connection = _connection(work)
            progress = claim(connection, job.name, wait=False)
            if progress is not None:
                save_progress(connection, job.name, progress.after_failure(self._clock.now()))

    @contextmanager
    def _transaction(self) -> Iterator[SqlUnitOfWork[Store]]:
        work = self._begin(_cause())
        try:
            yield work
            work.commit()
        finally:
            work.rollback()


def _cause() -> Cause:
    return Cause(ACTOR, str(new_id()))


def _connection(work: SqlUnitOfWork[Store]) -> Connection:
    """That of the unit's transaction, which begins."""
    work.writing()
    if work.connection is None:
        raise RuntimeError("a unit of work that writes has a connection")
    return work.connection
