"""What the pool of connections does with a server that goes away, and what a look at a database sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from chassis.db.engine import looking, make_engine
from chassis.testing.waiting import eventually

_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """One that keeps a single connection."""
    made = make_engine(database, pool_size=1)
    yield made
    made.dispose()


@pytest.fixture
def other(database: str) -> Iterator[Connection]:
    """Somebody else's connection, each of whose statements is committed at once."""
    made = make_engine(database).execution_options(isolation_level="AUTOCOMMIT")
    with made.connect() as connection:
        yield connection
    made.dispose()


def backend(engine: Engine) -> int:
    with looking(engine) as connection:
        return int(connection.execute(_PID).scalar_one())


def test_a_connection_that_the_server_closed_fails_nobody__OPS_8(engine: Engine, other: Connection) -> None:
    closed = backend(engine)
    assert backend(engine) == closed
    other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": closed})
    gone = text("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = :pid")
    eventually(lambda: other.execute(gone, {"pid": closed}).scalar_one())
    with engine.begin() as connection:
        assert connection.execute(_PID).scalar_one() != closed


def test_each_statement_of_a_look_sees_what_is_committed_by_then(engine: Engine, other: Connection) -> None:
    other.execute(text("CREATE TABLE thing (number int)"))
    count = text("SELECT count(*) FROM thing")
    with looking(engine) as connection:
        assert connection.execute(count).scalar_one() == 0
        other.execute(text("INSERT INTO thing VALUES (1)"))
        assert connection.execute(count).scalar_one() == 1


def test_after_a_look_the_connection_takes_part_in_transactions_again(engine: Engine, other: Connection) -> None:
    other.execute(text("CREATE TABLE thing (number int)"))
    backend(engine)
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO thing VALUES (1)"))
        connection.rollback()
    assert other.execute(text("SELECT count(*) FROM thing")).scalar_one() == 0


def test_however_often_it_is_asked_a_look_is_planned_for_its_values__ENT_6(engine: Engine) -> None:
    asked, prepared = text("SELECT CAST(:number AS int)"), text("SELECT count(*) FROM pg_prepared_statements")
    for number in range(12):
        with looking(engine) as connection:
            connection.execute(asked, {"number": number})
    with looking(engine) as connection:
        assert connection.execute(prepared).scalar_one() == 0
    for number in range(12):
        with engine.begin() as connection:
            connection.execute(asked, {"number": number})
    with looking(engine) as connection:
        assert connection.execute(prepared).scalar_one() == 1
