"""A statement that goes to the driver as it is keeps what SQLAlchemy's keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, bindparam, column, literal_column, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError

from chassis.db.bare import BareStatement, rows_within
from chassis.db.engine import make_engine
from deploy.native.ports import HOST, free

_THINGS = table("thing", column("name", String))
_BY_NAME = select(_THINGS.c.name).where(_THINGS.c.name == bindparam("name", type_=String))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One that keeps a single connection."""
    url = f"sqlite:///{tmp_path / 'a.db'}" if request.param == "sqlite" else request.getfixturevalue("database")
    made = make_engine(url, pool_size=1)
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name varchar(20))"))
    yield made
    made.dispose()


def test_it_sees_what_is_committed_and_leaves_the_connection_as_it_was(engine: Engine) -> None:
    named = BareStatement(engine, _BY_NAME)
    assert list(named({"name": "a"})) == []
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES ('a')"))
    assert list(named({"name": "a"})) == [("a",)]
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("INSERT INTO thing VALUES ('b')"))
        transaction.rollback()
    assert list(named({"name": "b"})) == []


def test_its_errors_are_those_of_sqlalchemy_and_tell_no_value__IDN_16(engine: Engine) -> None:
    elsewhere = table("nowhere", column("name", String))
    failing = BareStatement(engine, select(elsewhere.c.name).where(elsewhere.c.name == bindparam("name", type_=String)))
    for _ in range(3):
        with pytest.raises(DBAPIError) as failed:
            failing({"name": "hunter2"})
        assert "hunter2" not in str(failed.value)
    assert list(BareStatement(engine, _BY_NAME)({"name": "a"})) == []


def test_within_a_transaction_it_sees_what_that_has_done(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("INSERT INTO thing VALUES ('a')"))
        assert list(rows_within(connection, "SELECT name FROM thing", ())) == [("a",)]
        transaction.rollback()
    with engine.connect() as connection, connection.begin():
        assert list(rows_within(connection, "SELECT name FROM thing", ())) == []
        with pytest.raises(DBAPIError) as failed:
            rows_within(connection, "SELECT name FROM nowhere WHERE name = 'hunter2'", ())
        assert not failed.value.connection_invalidated
    assert list(BareStatement(engine, _BY_NAME)({"name": "a"})) == []


def test_a_connection_that_breaks_within_a_transaction_is_not_used_again__OPS_8(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    with pytest.raises(OperationalError) as ended, engine.begin() as connection:
        rows_within(connection, "SELECT pg_terminate_backend(pg_backend_pid())", ())
    assert ended.value.connection_invalidated
    with engine.begin() as connection:
        assert list(rows_within(connection, "SELECT 1", ())) == [(1,)]
    engine.dispose()


def test_a_connection_that_broke_is_not_used_again__OPS_8(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    ending = BareStatement(engine, select(literal_column("pg_terminate_backend(pg_backend_pid())")))
    with pytest.raises(OperationalError) as ended:
        ending({})
    assert ended.value.connection_invalidated
    assert list(BareStatement(engine, select(literal_column("1")))({})) == [(1,)]
    engine.dispose()


def test_where_there_is_no_database_the_error_is_sqlalchemys_too__OPS_8() -> None:
    (port,) = free(1)
    engine = make_engine(f"postgresql+psycopg://nobody@{HOST}:{port}/nothing")
    with pytest.raises(OperationalError):
        BareStatement(engine, select(literal_column("1")))({})
    engine.dispose()
