"""A million events that wait: do they slow the commits beside them, and does the relay's memory grow with them?"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from chassis.db.engine import make_engine
from tests.bench.bus.ground import Ground, running
from tests.bench.bus.ours import Wardenry
from tests.bench.bus.workload import commit

_FILL = """
INSERT INTO outbox (event_id, type, subject, sequence, at, data, actor, correlation_id, sent)
SELECT gen_random_uuid()::text, type, 'heap/' || n / 5, n %% 5 + 1, at, data, actor, correlation_id, false
FROM (SELECT * FROM outbox LIMIT 1) AS pattern, generate_series(0, %s - 1) AS n
"""


@dataclass(frozen=True)
class Backlog:
    """Commits a second without and with the backlog, its draining, and the relay's memory in MiB before and at most."""

    waiting: int
    commits_without: float
    commits_with: float
    drained: float
    memory_before: float
    memory_most: float


def measure(ground: Ground, waiting: int, watched: float) -> Backlog:
    """Fill the outbox, commit beside it, then drain for so many seconds and watch the relay."""
    contender = Wardenry()
    contender.prepare(ground)
    without = _commits(ground, 0)
    with psycopg.connect(ground.plain_mill, autocommit=True) as mill:
        mill.execute(_FILL, (waiting,))
        mill.execute("VACUUM ANALYZE outbox")
    with_backlog = _commits(ground, 1_000_000)
    with running(contender, ground) as (relay, _):
        time.sleep(3)
        before, most = relay.memory_info().rss, 0
        begun, at_first = time.monotonic(), _unsent(ground)
        while (left := _unsent(ground)) and time.monotonic() - begun < watched:
            most = max(most, relay.memory_info().rss)
            time.sleep(0.5)
        drained = (at_first - left) / (time.monotonic() - begun)
    return Backlog(waiting, without, with_backlog, drained, before / 2**20, most / 2**20)


def _commits(ground: Ground, first: int, count: int = 2_000) -> float:
    engine = make_engine(ground.mill)
    commit(engine, [first])
    begun = time.monotonic()
    for number in range(first + 5, first + 5 + count):
        commit(engine, [number])
    spent = time.monotonic() - begun
    engine.dispose()
    return count / spent


def _unsent(ground: Ground) -> int:
    with psycopg.connect(ground.plain_mill, autocommit=True) as mill:
        row = mill.execute("SELECT count(*) FROM outbox WHERE NOT sent").fetchone()
        return int(row[0]) if row else 0
