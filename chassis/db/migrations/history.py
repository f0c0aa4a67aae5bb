"""Which revisions a database has had, beside Alembic's one number for where it stands.

Code that is older than the database does not know that number: whether it may go on serving is written down here by the
newer code that migrated, in a table of the runner's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

SERVES_FROM = "serves_from"
"""In the module of a contracting revision: the oldest revision whose code still works behind it. Expanding ones, behind
which all earlier code works, have none."""


def note(connection: Connection, scripts: ScriptDirectory, service: str, current: str | None) -> None:
    """Write down the revisions up to `current`; those that were taken back are forgotten."""
    table = _table(service)
    if current is None:
        table.drop(connection, checkfirst=True)
        return
    table.create(connection, checkfirst=True)
    applied = {
        each.revision: getattr(each.module, SERVES_FROM, None) for each in scripts.walk_revisions("base", current)
    }
    noted = set(connection.execute(select(table.c.revision)).scalars())
    connection.execute(delete(table).where(table.c.revision.not_in(applied)))
    rows = [{"revision": each, SERVES_FROM: applied[each]} for each in applied if each not in noted]
    if rows:
        connection.execute(insert(table), rows)


def serves(connection: Connection, own: Sequence[str], service: str) -> bool:
    """Whether a database that is ahead of a version still works for it; `own` are its revisions, the newest last."""
    table = _table(service)
    if not inspect(connection).has_table(table.name):
        return False
    noted = {row.revision: row.serves_from for row in connection.execute(select(table))}
    return own[-1] in noted and set(own).issuperset(filter(None, noted.values()))


def _table(service: str) -> Table:
    return Table(
        f"{service}_revision",
        MetaData(),
        Column("revision", String(32), primary_key=True),
        Column(SERVES_FROM, String(32), nullable=True),
    )
