"""Conditions that name many values at once, without a parameter for each."""

from __future__ import annotations

from collections.abc import Collection

import orjson
from sqlalchemy import ColumnElement, Connection, any_, func, select


def among(connection: Connection, column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether the column is one of these, none of which has a comma; one statement for any number of them."""
    if connection.dialect.name == "sqlite":
        listed = func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(func.string_to_array(",".join(values), ","))  # an array would be written value by value
