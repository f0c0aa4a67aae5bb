"""From commit to effect: how long an event takes at half the rate that the bus can carry, and what it costs to wait."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import psycopg

from chassis.db.engine import make_engine
from tests.bench.bus.ground import Ground, Spent, running
from tests.bench.bus.ours import Wardenry
from tests.bench.bus.workload import commit

_WARM = 200
_IDLE_SECONDS = 20.0


@dataclass(frozen=True)
class Delays:
    """In milliseconds, over so many events."""

    events: int
    rate: float
    median: float
    late: float
    """The 99th percentile."""


def measure(ground: Ground, rate: float, seconds: float) -> Delays:
    """Commit one by one at this rate; an effect counts from when its transaction is committed.

    PostgreSQL tells that moment itself (`track_commit_timestamp`); it and the committing client share a clock.
    """
    contender, count = Wardenry(), int(rate * seconds)
    contender.prepare(ground)
    with running(contender, ground):
        committed = _commit_evenly(ground, count + _WARM, rate)
        while contender.done(ground) < len(committed):
            time.sleep(0.05)
        effective = _effective(ground)
    delays = sorted(1000 * (effective[number] - committed[number]) for number in range(_WARM, len(committed)))
    return Delays(count, rate, statistics.median(delays), delays[int(0.99 * len(delays))])


def idle(ground: Ground) -> tuple[Spent, ...]:
    """What the relay's and the consumer's process use while nothing happens."""
    contender = Wardenry()
    contender.prepare(ground)
    with running(contender, ground) as processes:
        time.sleep(3)
        before = [sum(each.cpu_times()[:2]) for each in processes]
        time.sleep(_IDLE_SECONDS)
        after = [sum(each.cpu_times()[:2]) for each in processes]
        memory = [each.memory_info().rss / 2**20 for each in processes]
    shares = [(end - begin) / _IDLE_SECONDS for begin, end in zip(before, after, strict=True)]
    return tuple(Spent(share, used) for share, used in zip(shares, memory, strict=True))


def _commit_evenly(ground: Ground, count: int, rate: float) -> list[float]:
    engine = make_engine(ground.mill)
    begun, committed = time.monotonic(), []
    for number in range(count):
        early = begun + number / rate - time.monotonic()
        if early > 0:
            time.sleep(early)
        commit(engine, [number])
        committed.append(time.time())
    engine.dispose()
    return committed


def _effective(ground: Ground) -> dict[int, float]:
    query = "SELECT number, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 FROM effect"
    with psycopg.connect(ground.plain_bakery) as connection:
        return dict(connection.execute(query).fetchall())
