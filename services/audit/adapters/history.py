"""The delegation history in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, and_, exists, insert, or_, select, update

from services.audit.adapters.held_access import opens_history
from services.audit.adapters.tables import delegation_history as table
from services.audit.adapters.tables import held_access
from services.audit.application.ports import Place, Placed, Reach
from services.audit.domain.changes import Change, Grant, Kind, Person
from services.audit.domain.reading import HistoryFilter
from services.audit.domain.report import ReportRow

_FETCHED_AT_ONCE = 1000
_SEPARATOR = ";"
_NOBODY = dict.fromkeys(("first_name", "middle_initial", "last_name", "email", "phone"))
_REPORTED = tuple(table.c[name] for name in ReportRow._fields)


class SqlHistory:
    """`History` on a connection whose transaction somebody else ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, leaf_index: int, changes: Sequence[Change]) -> None:
        """One row for each change."""
        rows = [_written(leaf_index, ordinal, change) for ordinal, change in enumerate(changes)]
        self._connection.execute(insert(table), rows)

    def page(self, reach: Reach, wished: HistoryFilter, after: Place | None, limit: int) -> Sequence[Placed]:
        """By the index of the order, from behind `after` on."""
        statement = _narrowed(select(table), reach, wished).limit(limit)
        if after is not None:
            statement = statement.where(_behind(after))
        return [_placed(row) for row in self._connection.execute(statement)]

    def report(self, reach: Reach, wished: HistoryFilter) -> Iterator[Sequence[ReportRow]]:
        """Through a cursor of the server's, in constant memory."""
        statement = _narrowed(select(*_REPORTED), reach, wished)
        result = self._connection.execute(statement, execution_options={"yield_per": _FETCHED_AT_ONCE})
        return cast("Iterator[Sequence[ReportRow]]", result.partitions())

    def has_registered(self, temporary_id: str, user_id: str) -> int:
        """By the partial index of those who have not."""
        rows = and_(table.c.temporary_id == temporary_id, table.c.user_id.is_(None))
        return self._connection.execute(update(table).where(rows).values(user_id=user_id, registered=True)).rowcount

    def forget_person(self, user_id: str) -> int:
        """User IDs stay: they are reserved for ever."""
        return self._connection.execute(update(table).where(table.c.user_id == user_id).values(_NOBODY)).rowcount

    def forget_invitee(self, temporary_id: str) -> int:
        """By the partial index of those who have not registered."""
        rows = and_(table.c.temporary_id == temporary_id, table.c.user_id.is_(None))
        return self._connection.execute(update(table).where(rows).values(_NOBODY)).rowcount


def _narrowed(statement: Select[Any], reach: Reach, wished: HistoryFilter) -> Select[Any]:
    equal = {table.c.tin: wished.tin, table.c.user_id: wished.user_id, table.c.kind: wished.kind}
    conditions = [column == value for column, value in equal.items() if value is not None]
    if wished.since is not None:
        conditions.append(table.c.at >= wished.since)
    if wished.before is not None:
        conditions.append(table.c.at < wished.before)
    if reach.user_id is not None:
        same_line = and_(held_access.c.tin == table.c.tin, held_access.c.line == table.c.line)
        conditions.append(exists().where(same_line, opens_history(reach.user_id, reach.now)))
    order = table.c.at.desc(), table.c.leaf_index.desc(), table.c.ordinal.desc()
    return statement.where(*conditions).order_by(*order)


def _behind(place: Place) -> Any:
    same_entry = and_(table.c.leaf_index == place.leaf_index, table.c.ordinal < place.ordinal)
    same_time = and_(table.c.at == place.at, or_(table.c.leaf_index < place.leaf_index, same_entry))
    return and_(table.c.at <= place.at, or_(table.c.at < place.at, same_time))


def _written(leaf_index: int, ordinal: int, change: Change) -> dict[str, Any]:
    person = change.person
    return {
        "leaf_index": leaf_index,
        "ordinal": ordinal,
        "at": change.at,
        "changed_by": change.changed_by,
        "kind": change.kind.value,
        "user_id": change.user_id,
        "first_name": person.first_name,
        "middle_initial": person.middle_initial,
        "last_name": person.last_name,
        "email": person.email,
        "phone": person.phone,
        "temporary_id": change.temporary_id,
        "registered": change.registered,
        "tin": change.tin,
        "line": change.line,
        "request_id": change.request_id,
        "reason": change.reason,
        **_written_grant("before", change.before),
        **_written_grant("after", change.after),
    }


def _written_grant(side: str, grant: Grant | None) -> dict[str, Any]:
    return {
        f"{side}_level": grant and grant.level,
        f"{side}_functions": grant and _SEPARATOR.join(grant.functions),
        f"{side}_until": grant and grant.until,
    }


def _placed(row: Row[Any]) -> Placed:
    return Placed(Place(row.at, row.leaf_index, row.ordinal), _change(row))


def _change(row: Row[Any]) -> Change:
    return Change(
        at=row.at,
        changed_by=row.changed_by,
        kind=Kind(row.kind),
        user_id=row.user_id,
        person=Person(row.first_name, row.middle_initial, row.last_name, row.email, row.phone),
        temporary_id=row.temporary_id,
        registered=row.registered,
        tin=row.tin,
        line=row.line,
        before=_grant(row.before_level, row.before_functions, row.before_until),
        after=_grant(row.after_level, row.after_functions, row.after_until),
        request_id=row.request_id,
        reason=row.reason,
    )


def _grant(level: str | None, functions: str | None, until: Any) -> Grant | None:
    if level is None:
        return None
    return Grant(level, tuple(functions.split(_SEPARATOR)) if functions else (), until)
