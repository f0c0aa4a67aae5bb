"""A service of one table, whose one job crosses things off: what the scheduler promises is seen in it."""

from __future__ import annotations

import sys
import time as real_time
from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Integer, Table, func, insert, select, update

from chassis.db.engine import make_engine
from chassis.db.outbox import Outlet
from chassis.db.tables import metadata, outbox
from chassis.db.work import SqlUnitOfWork
from chassis.jobs.calendar import Daily
from chassis.jobs.job import Job
from chassis.jobs.scheduler import Jobs
from chassis.jobs.tables import with_jobs
from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock
from chassis.kernel.messages import Event, Message
from chassis.kernel.work import UnitOfWork
from chassis.testing.clocks import StandingClock

METADATA = metadata()
with_jobs(METADATA)
thing = Table("thing", METADATA, Column("number", Integer, primary_key=True), Column("crossed_off", Integer))
BATCH = 3
DAY = Daily(time(7), ZoneInfo("America/New_York"))


class CrossedOff(Event):
    """Something was done."""


class Things:
    """The store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cross_off(self) -> int:
        due = select(thing.c.number).where(thing.c.crossed_off == 0).order_by(thing.c.number).limit(BATCH)
        numbers = list(self._connection.execute(due).scalars())
        crossed = update(thing).where(thing.c.number.in_(numbers)).values(crossed_off=thing.c.crossed_off + 1)
        self._connection.execute(crossed)
        return len(numbers)

    def due(self) -> int:
        counted = select(func.count()).select_from(thing).where(thing.c.crossed_off == 0)
        return int(self._connection.execute(counted).scalar_one())


def cross_off(work: UnitOfWork[Things], _: datetime) -> int:
    done = work.writing().cross_off()
    work.record(*(CrossedOff() for _ in range(done)))
    return done


def count(work: UnitOfWork[Things], _: datetime) -> int:
    with work.reading() as store:
        return store.due()


class World:
    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.clock = StandingClock(datetime(2026, 6, 10, 12, tzinfo=UTC))

    def make(self, things: int) -> None:
        METADATA.create_all(self.engine)
        with self.engine.begin() as connection:
            connection.execute(insert(thing), [{"number": each, "crossed_off": 0} for each in range(things)])

    def job(
        self, name: str = "crossing", batch: Callable[[UnitOfWork[Things], datetime], int] = cross_off
    ) -> Job[Things]:
        return Job(name, DAY, batch, count)

    def broad_job(self, accounts: int) -> Job[Things]:
        """One whose things are accounts, of which there are so many in all."""
        return Job("crossing", DAY, cross_off, count, whole=lambda _work, _as_of: accounts)

    def jobs(self, *jobs: Job[Things], clock: Clock | None = None) -> Jobs[Things]:
        """A worker's own."""
        clock = clock or self.clock

        def begin(cause: Cause) -> SqlUnitOfWork[Things]:
            return SqlUnitOfWork(self.engine, Things, Outlet("sample", _publish), cause, clock)

        return Jobs(jobs or (self.job(),), self.engine, begin, clock)

    def crossed_off(self) -> list[int]:
        """How often each thing was."""
        with self.engine.connect().execution_options(write=False) as connection:
            return list(connection.execute(select(thing.c.crossed_off).order_by(thing.c.number)).scalars())

    def told(self) -> int:
        """How many events there are."""
        with self.engine.connect().execution_options(write=False) as connection:
            return int(connection.execute(select(func.count()).select_from(outbox)).scalar_one())


def _publish(_: Event) -> Message:
    return Message("sample.thing.crossed_off.v1", "thing/any", {})


def _hang(work: UnitOfWork[Things], as_of: datetime) -> int:
    """Does a batch, and never comes to its commit."""
    done = cross_off(work, as_of)
    print("claimed", flush=True)  # noqa: T201 (whoever waits for it reads it)
    real_time.sleep(600)
    return done


if __name__ == "__main__":
    World(sys.argv[1]).jobs(World(sys.argv[1]).job(batch=_hang)).step()
