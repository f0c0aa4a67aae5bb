"""Pages by keyset: a page begins behind the sort key of the last row of the one before, whatever came in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, select, tuple_, union

from services.entitlements.application.listings import Position, Slice


@dataclass(frozen=True, slots=True)
class Keyset:
    """The columns that a list is sorted by, the last one unique; all go the same way."""

    columns: Sequence[ColumnElement[Any]]
    downward: bool = False

    def page(
        self, connection: Connection, part: Slice, *statements: Select[Any]
    ) -> tuple[list[Row[Any]], Position | None]:
        """The rows of one page of what these find, each once, and the position of the last where there are more."""
        heads = [self._head(statement, part) for statement in statements]
        if len(heads) > 1:
            found = union(*(select(head.subquery()) for head in heads)).subquery()
            keys = [found.c[name] for name in self._names]
            heads = [select(found).order_by(*self._directed(keys)).limit(part.limit + 1)]
        rows = list(connection.execute(heads[0]))
        if len(rows) <= part.limit:
            return rows, None
        last = rows[part.limit - 1]
        return rows[: part.limit], tuple(getattr(last, name) for name in self._names)

    @property
    def _names(self) -> Sequence[str]:
        return [f"key_{number}" for number, _ in enumerate(self.columns)]

    def _head(self, statement: Select[Any], part: Slice) -> Select[Any]:
        """The first rows behind the position, one more than a page has, with their keys."""
        if part.after is not None:
            here, there = tuple_(*self.columns), self._bound(part.after)
            statement = statement.where(here < there if self.downward else here > there)
        keys = [column.label(name) for name, column in zip(self._names, self.columns, strict=True)]
        return statement.add_columns(*keys).order_by(*self._directed(self.columns)).limit(part.limit + 1)

    def _directed(self, columns: Sequence[ColumnElement[Any]]) -> Sequence[ColumnElement[Any]]:
        return [column.desc() if self.downward else column.asc() for column in columns]

    def _bound(self, position: Position) -> ColumnElement[Any]:
        pairs = zip(self.columns, position, strict=True)
        bound: ColumnElement[Any] = tuple_(*(literal(value, column.type) for column, value in pairs))
        return bound
