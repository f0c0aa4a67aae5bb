"""A short look at a database, for figures: it writes nothing, and gives up rather than be a burden."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

_LIMIT = text("SET LOCAL statement_timeout = '1500ms'")


@contextmanager
def brief_look(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements raise `OperationalError` where they take PostgreSQL over a second and a half."""
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(_LIMIT)
        yield connection
