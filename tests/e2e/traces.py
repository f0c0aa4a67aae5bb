"""What a data folder holds: every row of every service's database, every event told, and the log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from chassis.bus.envelope import Envelope
from chassis.kernel.cause import Cause

SERVICES: Final = ("identity", "registration", "entitlements", "notify", "audit")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is stored."""

    service: str
    table: str
    column: str
    value: str


def databases(data: Path) -> dict[str, Path]:
    """The database of each service, and of whatever else has one."""
    return {path.stem: path for path in sorted(data.glob("*.sqlite"))}


def cells(data: Path) -> Iterator[Cell]:
    """Everything that is stored, as text."""
    for service, path in databases(data).items():
        with closing(_opened(path)) as database:
            tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                rows = database.execute(f'select * from "{table}"')  # noqa: S608 -- the database's own names
                columns = [described[0] for described in rows.description]
                for row in rows:
                    yield from (Cell(service, table, *pair) for pair in zip(columns, map(_text, row), strict=True))


def told(data: Path) -> list[Envelope]:
    """Every event of every outbox, in its order."""
    return [event for service in SERVICES for event in _outbox(service, databases(data)[service])]


def _outbox(service: str, path: Path) -> list[Envelope]:
    with closing(_opened(path)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("select * from outbox order by position").fetchall()
    return [_envelope(service, row) for row in rows]


def _envelope(service: str, row: sqlite3.Row) -> Envelope:
    cause = Cause(
        actor=row["actor"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        site=row["actor_site"],
        address=row["actor_address"],
        traceparent=row["traceparent"],
    )
    data: dict[str, Any] = json.loads(row["data"])
    at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    return Envelope(row["event_id"], service, row["type"], row["subject"], row["sequence"], at, data, cause)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return "" if value is None else str(value)
