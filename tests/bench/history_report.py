"""How long the delegation history takes as a document, beside the bare writer fed with the bare rows (AUD-2).

    python -m tests.bench.history_report [--rows 100000] [--rounds 3] [--sqlite]

Each run has a process of its own, so that its peak memory is its own; the rounds alternate. Goal: at most 1.3 times
the bare writer, in memory that does not grow with the rows.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from sqlalchemy import Engine, insert

from chassis.db.engine import make_engine
from deploy.native.postgresql import PostgresqlServer
from services.audit.adapters.csv_document import csv_document
from services.audit.adapters.history import SqlHistory
from services.audit.adapters.tables import METADATA, delegation_history
from services.audit.adapters.xlsx_document import xlsx_document
from services.audit.application.ports import Document, Reach
from services.audit.domain.reading import HistoryFilter
from services.audit.domain.report import COLUMNS, DETAIL_COLUMNS

_BARE_COLUMNS = (
    "changed_by, kind, first_name, middle_initial, last_name, temporary_id, registered, user_id, email, phone, at, "
    "tin, line, before_level, before_functions, before_until, after_level, after_functions, after_until"
)
_BARE = f"SELECT {_BARE_COLUMNS} FROM delegation_history ORDER BY at DESC, leaf_index DESC, ordinal DESC"  # noqa: S608
_MAIN = len(COLUMNS)


def ours_csv(engine: Engine, file: BinaryIO) -> int:
    return _ours(engine, file, csv_document)


def ours_xlsx(engine: Engine, file: BinaryIO) -> int:
    return _ours(engine, file, xlsx_document)


def bare_csv(engine: Engine, file: BinaryIO) -> int:
    """The driver's rows into the csv module, with nothing between."""
    count = 0
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for rows in _bare_rows(engine):
        writer.writerows([row[:_MAIN] for row in rows])
        count += len(rows)
    text.detach()
    return count


def bare_xlsx(engine: Engine, file: BinaryIO) -> int:
    """The driver's rows into xlsxwriter's own dispatch, both sheets, in constant memory."""
    count = 0
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss", "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        main, details = book.add_worksheet(), book.add_worksheet()
        main.write_row(0, 0, COLUMNS)
        details.write_row(0, 0, DETAIL_COLUMNS)
        for rows in _bare_rows(engine):
            for row in rows:
                count += 1
                main.write_row(count, 0, row[:_MAIN])
                details.write_row(count, 0, (count + 1, row[7], *row[_MAIN:]))
    return count


RUNS: dict[str, Callable[[Engine, BinaryIO], int]] = {
    "bare csv": bare_csv,
    "ours csv": ours_csv,
    "bare xlsx": bare_xlsx,
    "ours xlsx": ours_xlsx,
}


def _ours(engine: Engine, file: BinaryIO, document: Document) -> int:
    with document(file) as write, engine.connect().execution_options(write=False) as connection, connection.begin():
        return write(SqlHistory(connection).report(Reach(None, datetime.now(UTC)), HistoryFilter()))


def _bare_rows(engine: Engine) -> Iterator[list[tuple[Any, ...]]]:
    connection = engine.raw_connection()
    driver: Any = connection.driver_connection
    cursor = driver.cursor("bare") if engine.dialect.name == "postgresql" else driver.cursor()
    cursor.execute(_BARE)
    while rows := cursor.fetchmany(1000):
        yield rows
    cursor.close()
    connection.close()


def fill(engine: Engine, rows: int) -> None:
    METADATA.create_all(engine)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for start in range(0, rows, 1000):
        with engine.begin() as connection:
            connection.execute(
                insert(delegation_history), [_row(first, number) for number in range(start, start + 1000)]
            )


def _row(first: datetime, number: int) -> dict[str, Any]:
    return {
        "leaf_index": number,
        "ordinal": 0,
        "at": first + timedelta(seconds=37 * number),
        "changed_by": f"manager{number % 200}",
        "kind": "access_changed",
        "user_id": f"user{number}",
        "first_name": "Zoë",
        "middle_initial": None,
        "last_name": "O’Brien",
        "email": f"user{number}@example.com",
        "phone": "+18605550100",
        "temporary_id": f"user{number}",
        "registered": True,
        "tin": f"{100_000_000 + number % 1000}",
        "line": "medical",
        "before_level": "processor",
        "before_functions": "claim_status",
        "after_level": "processor",
        "after_functions": "claim_status;patient_coverage;precert_view",
    }


def run_one(name: str, url: str) -> None:
    """In the child: one document; prints rows, seconds, of them the processor's, peak memory in MiB, what of it was
    there before, and the document's size in MiB.
    """
    engine = make_engine(url)
    engine.connect().close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, worked = time.perf_counter(), time.process_time()
    with tempfile.TemporaryFile() as file:
        count = RUNS[name](engine, file)
        size = file.tell() / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{count} {time.perf_counter() - started} {time.process_time() - worked} {peak} {before} {size}\n")


def measure(name: str, url: str) -> tuple[float, ...]:
    command = [sys.executable, "-m", "tests.bench.history_report", "--child", name, "--url", url]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return tuple(float(part) for part in output.split())


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
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--child", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    wished = parser.parse_args()
    if wished.child:
        run_one(wished.child, wished.url)
        return
    with database(sqlite=wished.sqlite) as url:
        fill(make_engine(url), wished.rows)
        found: dict[str, list[tuple[float, ...]]] = {name: [] for name in RUNS}
        for _ in range(wished.rounds):
            for name, results in found.items():
                results.append(measure(name, url))
    medians = {name: tuple(map(statistics.median, zip(*results, strict=True))) for name, results in found.items()}
    for name, (count, seconds, work, peak, before, size) in medians.items():
        bare = medians[f"bare {name.split()[1]}"]
        sys.stdout.write(
            f"{name:10} {count:9.0f} rows {seconds:7.2f} s (processor {work:6.2f} s)  {size:6.1f} MiB  "
            f"peak {peak:5.1f} MiB (+{peak - before:4.1f})  times the bare writer: {seconds / bare[1]:4.2f} "
            f"(processor {work / bare[2]:4.2f})\n"
        )


if __name__ == "__main__":
    main()
