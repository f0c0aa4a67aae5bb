"""Numbers that take no texts, in SQL."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from chassis.db.engine import upsert
from services.identity.adapters.contact_tables import opted_out_number as numbers
from services.identity.domain.opt_outs import OptOut


class SqlOptOuts:
    """`OptOuts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, digest: str) -> OptOut | None:
        row = self._connection.execute(select(numbers).where(numbers.c.digest == digest)).one_or_none()
        return None if row is None else OptOut(row.digest, row.short_code, row.since)

    def put(self, opt_out: OptOut) -> None:
        values = {"short_code": opt_out.short_code, "since": opt_out.since}
        statement = upsert(self._connection, numbers).values(digest=opt_out.digest, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=values))

    def remove(self, digest: str) -> None:
        self._connection.execute(delete(numbers).where(numbers.c.digest == digest))
