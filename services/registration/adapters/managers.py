"""Who manages which practice, in SQL: what entitlements last told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from services.registration.adapters.choosing import among
from services.registration.adapters.tables import practice_managers
from services.registration.domain.lines import Line
from services.registration.domain.review import Managers, PracticeLine


class SqlPracticeManagers:
    """`PracticeManagers` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, tins: Collection[str]) -> Managers:
        """The managers of these TINs, by TIN and line."""
        statement = select(practice_managers).where(among(self._connection, practice_managers.c.tin, tins))
        found: dict[PracticeLine, set[str]] = defaultdict(set)
        for row in self._connection.execute(statement):
            found[row.tin, Line(row.line)].add(row.user_id)
        return {place: frozenset(users) for place, users in found.items()}

    def replace(self, tin: str, line: Line, managers: Collection[str]) -> None:
        """Keep these in place of those before."""
        own = (practice_managers.c.tin == tin, practice_managers.c.line == line.value)
        self._connection.execute(delete(practice_managers).where(*own))
        rows = [{"tin": tin, "line": line.value, "user_id": user_id} for user_id in sorted(set(managers))]
        if rows:
            self._connection.execute(insert(practice_managers), rows)
