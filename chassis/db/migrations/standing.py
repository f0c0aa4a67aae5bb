"""Where a service's database stands, and whether this code can run on it (OPS-6).

Asked at every start and of every readiness, and so without Alembic, which takes longer to import than to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select

from chassis.db.migrations import history

_REVISION = re.compile(r"([0-9]{4})_\w+\.py")
"""Revisions follow one another, and a revision's file begins with its number."""


def fits(engine: Engine, scripts: str, service: str) -> bool:
    """Whether this code can run on the database as it stands.

    It can at its own newest revision, and at a later one, of which it knows nothing, unless that contracted what it
    still needs. On a database that is yet to be migrated it cannot.
    """
    with engine.connect().execution_options(write=False) as connection:
        at, own = current(connection, service), revisions(scripts)
        return at == own[-1] or (is_ahead(at, own) and history.serves(connection, own, service))


def current(connection: Connection, service: str) -> str | None:
    """The revision that the database is at, `None` before the first."""
    table = Table(f"{service}_version", MetaData(), Column("version_num", String(32)))
    if not inspect(connection).has_table(table.name):
        return None
    return connection.execute(select(table.c.version_num)).scalar()


@cache
def revisions(scripts: str) -> tuple[str, ...]:
    """Those of this code, the newest last; `scripts` is an Alembic location: a folder, or `package:folder`."""
    package, _, folder = scripts.partition(":")
    place = files(package) / folder if folder else Path(scripts)
    named = (_REVISION.fullmatch(each.name) for each in (place / "versions").iterdir())
    return tuple(sorted(match[1] for match in named if match))


def is_ahead(at: str | None, own: Sequence[str]) -> bool:
    """Whether a newer version migrated the database."""
    return at is not None and at not in own
