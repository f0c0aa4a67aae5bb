"""Audit's database within one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from services.audit.adapters.held_access import SqlHeldAccess
from services.audit.adapters.history import SqlHistory
from services.audit.adapters.log import SqlLog
from services.audit.adapters.temporary_ids import SqlTemporaryIds


class SqlStore:
    """`Store` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.log = SqlLog(connection)
        self.access = SqlHeldAccess(connection)
        self.history = SqlHistory(connection)
        self.temporary_ids = SqlTemporaryIds(connection)
