"""How long a directory takes to import, beside a plain `executemany` of the same rows into the same kind of database.

    python -m tests.bench.directory_import [ROWS] [--database sqlite|postgresql] [--rounds 3] [--shuffled]

The plain one does nothing else: one table with a key and a column for each of the file's, one transaction, no check,
no event. It is run twice: `fed` with what the csv module reads from the file meanwhile, as any import has to, and
`bare` with rows that were read into memory before its clock began, as none can in constant memory. Ours reads the
file, checks each row, finds doubles, compares with what is there, writes 50 000 rows in a transaction and tells the
other services in events; `again` is the same file a second time. Each run has a process of its own, so that its peak
memory is its own; rounds alternate. `cpu` is what the process itself spent: on a machine with other work on it, the
steadier figure. Goal (REG-17): 1 000 000 rows in at most 3 times the plain one, in memory that does not grow.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from chassis.db.engine import make_engine
from deploy.native.postgresql import PostgresqlServer
from services.registration.bootstrap import build, import_directory
from tests.bench.practices import HEADER, write
from tests.contract.registration.world import settings

Times = tuple[float, float]
"""Seconds by the clock, and of the processor for this process."""


def ours(url: str, path: Path) -> Times:
    """The import, into a database that is migrated and otherwise as it was left."""
    service = build(settings(url))
    service.migrate()
    begin = _now()
    result = import_directory(service, path)
    assert result.rows == result.added + result.unchanged
    return _since(begin)


def fed(url: str, path: Path) -> Times:
    """`executemany` of what the csv module reads."""
    with path.open(encoding="utf-8", newline="") as file:
        return _plain(url, csv.reader(file))


def bare(url: str, path: Path) -> Times:
    """`executemany` of rows that are in memory already."""
    with path.open(encoding="utf-8", newline="") as file:
        return _plain(url, list(csv.reader(file)))


def _plain(url: str, rows: Iterable[list[str]]) -> Times:
    mark = "?" if make_url(url).get_backend_name() == "sqlite" else "%s"
    columns = ", ".join(f"{name} varchar" for name in HEADER[1:])
    marks = ", ".join([mark] * len(HEADER))
    with make_engine(url).begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE plain ({HEADER[0]} varchar PRIMARY KEY, {columns})")
        cursor: Any = connection.connection.cursor()
        begin = _now()
        cursor.executemany(f"INSERT INTO plain VALUES ({marks})", rows)  # noqa: S608 (of the header alone)
    return _since(begin)


def _now() -> Times:
    return time.perf_counter(), time.process_time()


def _since(begin: Times) -> Times:
    now = _now()
    return now[0] - begin[0], now[1] - begin[1]


RUNS: dict[str, Callable[[str, Path], Times]] = {"bare": bare, "fed": fed, "ours": ours, "again": ours}
BASES = ("bare", "fed")


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took of time, of the processor's time, and of memory at its peak."""

    seconds: float
    cpu: float
    mib: float


EXPLAINED = {
    "bare": "executemany of rows in memory, read before the clock began; one transaction",
    "fed": "executemany of rows as the csv module reads them; one transaction",
    "ours": "the import: read, check, compare, write by 50 000 rows, tell in events",
    "again": "the same import a second time: nothing changed",
}


def measured(run: str, url: str, path: Path) -> Took:
    """A run in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.directory_import", "--run", run, "--url", url, "--file", str(path)]
    return Took(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Callable[[int, str], str]]:
    """Gives each round's runs a new database; `again` gets that of `ours`."""
    if kind == "sqlite":
        yield lambda number, run: f"sqlite:///{folder / f'{number}-{_database_of(run)}.sqlite'}"
        return
    made: dict[tuple[int, str], str] = {}
    with PostgresqlServer(durable=True) as server:

        def url(number: int, run: str) -> str:
            key = number, _database_of(run)
            if key not in made:
                made[key] = server.databases.create().url
            return made[key]

        yield url


def _database_of(run: str) -> str:
    return "ours" if run == "again" else run


def bench(kind: str, rows: int, rounds: int, path: Path) -> None:
    """Alternate the runs, and print their medians."""
    taken: dict[str, list[Took]] = {run: [] for run in RUNS}
    with tempfile.TemporaryDirectory() as folder, databases(kind, Path(folder)) as url:
        for number in range(rounds):
            for run in RUNS:
                taken[run].append(measured(run, url(number, run), path))
    wall = {run: statistics.median(each.seconds for each in took) for run, took in taken.items()}
    cpu = {run: statistics.median(each.cpu for each in took) for run, took in taken.items()}
    for run in RUNS:
        ratios = " ".join(f"{wall[run] / wall[base]:5.2f} ({cpu[run] / cpu[base]:4.2f}) x {base}" for base in BASES)
        speed = f"{wall[run]:7.2f} s {cpu[run]:7.2f} cpu {rows / wall[run]:9,.0f} rows/s"
        peak = max(each.mib for each in taken[run])
        print(f"{kind:10} {run:6} {speed} {ratios} {peak:6.0f} MiB", flush=True)  # noqa: T201


def main() -> None:
    """Read the command line."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("rows", type=int, nargs="?", default=1_000_000)
    ask.add_argument("--database", choices=("sqlite", "postgresql"))
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--shuffled", action="store_true")
    ask.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    ask.add_argument("--url", help=argparse.SUPPRESS)
    ask.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    told = ask.parse_args()
    if told.run:
        seconds, cpu = RUNS[told.run](told.url, told.file)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "cpu": cpu, "mib": peak}))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "directory.csv"
        write(path, told.rows, shuffled=told.shuffled)
        for run, meaning in EXPLAINED.items():
            print(f"{run:6} {meaning}")  # noqa: T201
        print("ratios by the clock, and in parentheses by the processor's time")  # noqa: T201
        for kind in [told.database] if told.database else ["sqlite", "postgresql"]:
            bench(kind, told.rows, told.rounds, path)


if __name__ == "__main__":
    main()
