"""How long the directory takes to say what a TIN is, beside a bare select by the same key of the same table.

    python -m tests.bench.directory_look_up [ROWS] [--database sqlite|postgresql] [--rounds 41]

`bare` is the driver's own cursor: one row of the table by its primary key. `ours` is what the use cases ask of the
store (`practices.named`): the same, checked against nothing, as a `Practice` of the domain. Both in one open
transaction on one connection, for TINs at random, of which one in ten is in no directory; rounds alternate, and the
ratio is the median of the rounds'. Goal: with 1 000 000 practices at most 1.5 times the bare one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from chassis.db.engine import make_engine
from deploy.native.postgresql import PostgresqlServer
from services.registration.adapters.practices import SqlPractices
from services.registration.bootstrap import build, import_directory
from tests.bench.practices import rows, write
from tests.contract.registration.world import settings

LOOK_UPS = 500
UNKNOWN = "000000000"
LookUp = Callable[[str], object]


def bare(connection: Connection) -> LookUp:
    """By the driver's cursor."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"SELECT tin, name, lines, version FROM practice WHERE tin = {mark}"  # noqa: S608 (of constants alone)
    cursor: Any = connection.connection.cursor()

    def look_up(tin: str) -> object:
        cursor.execute(statement, (tin,))
        return cursor.fetchone()

    return look_up


def ours(connection: Connection) -> LookUp:
    """As a use case does it."""
    practices = SqlPractices(connection)
    return lambda tin: practices.named({tin}).get(tin)


def each_took(look_up: LookUp, tins: Sequence[str]) -> float:
    """Microseconds for one, on the average."""
    begin = time.perf_counter()
    for tin in tins:
        look_up(tin)
    return (time.perf_counter() - begin) / len(tins) * 1e6


def bench(url: str, path: Path, known: Sequence[str], rounds: int) -> None:
    """Import, then alternate the two, and print their medians."""
    service = build(settings(url))
    service.migrate()
    import_directory(service, path)
    service.engine.dispose()
    chance = random.Random(1)  # noqa: S311 (nothing here is secret)
    tins = [UNKNOWN if chance.random() < 0.1 else chance.choice(known) for _ in range(LOOK_UPS)]
    with make_engine(url).connect().execution_options(write=False) as connection, connection.begin():
        kind, ways = connection.dialect.name, {"bare": bare(connection), "ours": ours(connection)}
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, look_up in ways.items():
                taken[way].append(each_took(look_up, tins))
    middle = {way: statistics.median(took) for way, took in taken.items()}
    ratio = statistics.median(o / b for o, b in zip(taken["ours"], taken["bare"], strict=True))
    print(  # noqa: T201
        f"{kind:10} {len(known):9,} practices: bare {middle['bare']:6.1f} µs, ours {middle['ours']:6.1f} µs, "
        f"{ratio:.2f} times",
        flush=True,
    )


def main() -> None:
    """Read the command line."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("rows", type=int, nargs="?", default=1_000_000)
    ask.add_argument("--database", choices=("sqlite", "postgresql"))
    ask.add_argument("--rounds", type=int, default=41)
    told = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory.csv"
        write(path, told.rows)
        known = [row[0] for row in rows(told.rows)]
        if told.database != "postgresql":
            bench(f"sqlite:///{Path(folder) / 'directory.sqlite'}", path, known, told.rounds)
        if told.database != "sqlite":
            with PostgresqlServer(durable=True) as server:
                bench(server.databases.create().url, path, known, told.rounds)


if __name__ == "__main__":
    main()
