"""How fast events are appended to audit's log, beside bare inserts in batches of the same size (AUD-1).

    python -m tests.bench.audit_append [--events 20000] [--batch 100] [--sqlite]

`bare row` writes the same finished rows into the same two tables with the driver's `executemany`: what the databases
and their indexes cost. `bare hash` is the least that a log of events can be: number, JSON and its SHA-256 in a table
without further index. `ours` begins with the event as it arrived: commitments, canonical leaf, hash, head, inserts.
`one by one` is ours with a transaction for each event. Batches of all alternate. Goal: 33 % of the bare insert.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Connection, Engine, LargeBinary, MetaData, Table, insert

from chassis.db.engine import make_engine
from chassis.kernel.clock import SystemClock
from chassis.kernel.ids import new_id
from deploy.native.postgresql import PostgresqlServer
from services.audit.adapters import disclosed_json
from services.audit.adapters.log import SqlLog
from services.audit.adapters.tables import METADATA, entry, entry_personal, log_head
from services.audit.domain.entry import Arrival, Entry, entry_of

BARE = Table(
    "bare_hash",
    MetaData(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
ELSEWHERE = 1_000_000_000
"""Where the bare rows stand, out of the log's way."""

DATA = json.loads(
    """{"access_id": "0195a7c2-1b2c-7def-8123-456789abcdef", "user_id": "ssmith1234", "tin": "223344556",
    "line": "medical", "practice": "OGYAM GEORGE Y MD", "by": "geogym1", "at": "2025-03-01T12:30:00Z",
    "request_id": null, "before": null,
    "after": {"level": "processor", "functions": ["claim_status", "patient_coverage"], "until": null},
    "person": {"first_name": "Sally", "middle_initial": null, "last_name": "Smith", "email": "s@example.com",
    "phone": "+18605550100", "extension": null, "job_role": "Biller"}}"""
)


def arrival(number: int, now: datetime) -> Arrival:
    return Arrival(
        event_id=str(new_id()),
        source="entitlements",
        type="entitlements.access.given.v1",
        subject=f"access/user{number % 5000}",
        sequence=number,
        time=now,
        actor="user:geogym1",
        site="medical",
        address="192.0.2.7",
        correlation_id=str(new_id()),
        causation_id=None,
        data=DATA,
    )


def ours(connection: Connection, batch: Sequence[Arrival], _first: int) -> None:
    now = SystemClock().now()
    SqlLog(connection).append([entry_of(each, now, secrets.token_bytes) for each in batch])


def bare_hash(connection: Connection, batch: Sequence[Arrival], first: int) -> None:
    bodies = [orjson.dumps(each.data) for each in batch]
    rows = [(number, body, sha256(body).digest()) for number, body in enumerate(bodies, first)]
    _many(connection, "bare_hash", 3, rows)


def bare_row(connection: Connection, rows: Sequence[tuple[tuple[Any, ...], tuple[Any, ...]]], _first: int) -> None:
    _many(connection, "entry", len(entry.c), [row for row, _ in rows])
    _many(connection, "entry_personal", len(entry_personal.c), [personal for _, personal in rows])


def finished(number: int, each: Entry, dialect: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Both rows of an entry, as the driver wants them."""
    came, kept = each.arrival, each.personal
    at: Any = came.time if dialect == "postgresql" else came.time.isoformat(" ")
    row = (number, came.event_id, came.source, came.type, came.subject, came.sequence, at, came.actor)
    person, address = disclosed_json.dumps(kept.person), disclosed_json.dumps(kept.address)
    return (*row, each.leaf, each.leaf_hash), (number, kept.concerned, person, kept.acting, address)


def _many(connection: Connection, table: str, width: int, rows: Sequence[tuple[Any, ...]]) -> None:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    cursor = connection.connection.cursor()
    cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join([mark] * width)})", rows)  # noqa: S608
    cursor.close()


def timed(engine: Engine, write: Callable[[Connection, Any, int], None], batch: Any, first: int) -> float:
    begun = time.perf_counter()
    with engine.begin() as connection:
        write(connection, batch, first)
    return time.perf_counter() - begun


def measure(engine: Engine, events: int, size: int) -> dict[str, float]:
    """Seconds for each way, over as many events (but for `one by one`, which stands for a tenth of them)."""
    for tables in (METADATA, BARE.metadata):
        tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(log_head).values(id=1, size=0))
    now = datetime.now(UTC)
    spent = dict.fromkeys(("bare hash", "bare row", "ours", "one by one", "leaf alone"), 0.0)
    for first in range(0, events, size):
        batch = [arrival(number, now) for number in range(first, first + size)]
        begun = time.perf_counter()
        for each in batch:
            entry_of(each, now, secrets.token_bytes)
        spent["leaf alone"] += time.perf_counter() - begun
        bare = [
            entry_of(arrival(ELSEWHERE + number, now), now, secrets.token_bytes)
            for number in range(first, first + size)
        ]
        rows = [finished(ELSEWHERE + number, each, engine.dialect.name) for number, each in enumerate(bare, first)]
        spent["bare hash"] += timed(engine, bare_hash, batch, first)
        spent["bare row"] += timed(engine, bare_row, rows, first)
        spent["ours"] += timed(engine, ours, batch, first)
        for number in range(events + first, events + first + size // 10):
            spent["one by one"] += 10 * timed(engine, ours, [arrival(number, now)], first)
    return spent


@contextmanager
def database(*, sqlite: bool) -> Iterator[str]:
    if sqlite:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'audit.sqlite'}"
    else:
        with PostgresqlServer() as server:
            yield server.databases.create().url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--sqlite", action="store_true")
    wished = parser.parse_args()
    with database(sqlite=wished.sqlite) as url:
        engine = make_engine(url)
        spent = measure(engine, wished.events, wished.batch)
        engine.dispose()
    for name, seconds in spent.items():
        sys.stdout.write(
            f"{name:10} {wished.events / seconds:8.0f}/s   {spent['bare row'] / seconds:5.0%} of the bare row   "
            f"{spent['bare hash'] / seconds:5.0%} of the bare hash\n"
        )


if __name__ == "__main__":
    main()
