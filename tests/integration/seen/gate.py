"""Holds up whoever writes to a table of a service's database, for as long as a test wishes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from chassis.testing.waiting import eventually

_MADE = """
CREATE TABLE held (by integer);
CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT 1 FROM held) LOOP PERFORM pg_sleep(0.02); END LOOP;
    RETURN NEW;
END $$;
"""


class Gate:
    """Stands before the inserts of one table."""

    def __init__(self, engine: Engine, table: str) -> None:
        self._engine = engine
        self._run(_MADE)
        self._run(f"CREATE TRIGGER gate BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pass_gate()")

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nobody comes through inside."""
        self._run("INSERT INTO held VALUES (1)")
        try:
            yield
        finally:
            self._run("DELETE FROM held")

    def somebody_waits(self) -> None:
        """Returns once somebody stands before it."""
        asked = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        eventually(lambda: self._found(asked), within=60)

    def _found(self, query: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(text(query)).first() is not None

    def _run(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.exec_driver_sql(statement)
