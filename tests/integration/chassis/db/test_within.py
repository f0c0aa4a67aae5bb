"""A statement within a transaction that goes to PostgreSQL by itself is in that transaction, and tells what it told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from chassis.db.engine import looking, make_engine
from chassis.db.types import Json, UtcDateTime
from chassis.db.within import StatementWithin

_METADATA = MetaData()
_THING = Table(
    "thing",
    _METADATA,
    Column("name", String(20), primary_key=True),
    Column("count", BigInteger),
    Column("good", Boolean),
    Column("born", Date),
    Column("at", UtcDateTime),
    Column("known", Json),
)
_BY_NAME = StatementWithin(select(_THING).where(_THING.c.name == bindparam("name")))
_ADDED = StatementWithin(insert(_THING).values({each.name: bindparam(each.name) for each in _THING.c}))
_COUNTED = StatementWithin(select(func.count().label("there")).select_from(_THING))
_FULL = {
    "name": "it's 'a'",
    "count": 2**40,
    "good": True,
    "born": date(1980, 2, 29),
    "at": datetime(2026, 5, 4, 3, 2, 1, 7, UTC),
    "known": {"a": ["b", None, 1.5], "ü": "\u2028"},
}
_EMPTY = dict.fromkeys(_FULL) | {"name": "empty"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One that keeps a single connection."""
    url = f"sqlite:///{tmp_path / 'a.db'}" if request.param == "sqlite" else request.getfixturevalue("database")
    made = make_engine(url, pool_size=1)
    _METADATA.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize("values", [_FULL, _EMPTY])
def test_values_go_in_and_come_out_as_sqlalchemys_do(engine: Engine, values: dict[str, Any]) -> None:
    with engine.begin() as connection:
        assert list(_ADDED(connection, values)) == []
        (row,) = _BY_NAME(connection, {"name": values["name"]})
        usual = connection.execute(select(_THING)).one()
    assert tuple(row) == tuple(usual) == tuple(values.values())
    assert (row.name, row.known) == (values["name"], values["known"])


def test_what_it_does_first_is_undone_with_the_transaction(engine: Engine) -> None:
    for _ in range(3):
        with engine.connect() as connection, connection.begin() as transaction:
            _ADDED(connection, _EMPTY)
            assert _COUNTED(connection, {})[0].there == 1
            transaction.rollback()
        with looking(engine) as connection:
            assert _COUNTED(connection, {})[0].there == 0
    with engine.begin() as connection:
        _ADDED(connection, _EMPTY)
    with looking(engine) as connection:
        assert _COUNTED(connection, {})[0].there == 1


def test_what_psycopg_drops_as_it_rolls_back_is_prepared_anew__OPS_4(engine: Engine) -> None:
    usual = select(_THING.c.name)
    for _ in range(3):
        with engine.connect() as connection:
            for _ in range(8):  # psycopg prepares what comes often, and drops all with it
                assert connection.execute(usual).all() == []
            assert list(_BY_NAME(connection, {"name": "a"})) == []
            connection.rollback()
        with engine.begin() as connection:
            assert list(_BY_NAME(connection, {"name": "a"})) == []


def test_nor_does_it_miss_what_a_savepoint_takes_along__OPS_4(engine: Engine) -> None:
    usual = select(_THING.c.name)
    with engine.begin() as connection:
        for _ in range(8):
            savepoint = connection.begin_nested()
            assert connection.execute(usual).all() == []
            _ADDED(connection, _EMPTY)
            savepoint.rollback()
            assert list(_BY_NAME(connection, {"name": "empty"})) == []


def test_a_look_by_it_begins_no_transaction(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    now = StatementWithin(select(func.now().label("begun")))
    with looking(engine) as connection:
        first, second = (now(connection, {})[0].begun for _ in range(2))
    engine.dispose()
    assert first < second


def test_its_errors_are_those_of_sqlalchemy_and_tell_no_value__IDN_16(engine: Engine) -> None:
    for _ in range(3):
        with engine.connect() as connection:
            _ADDED(connection, _EMPTY | {"name": "hunter2"})
            with pytest.raises(IntegrityError) as failed:
                _ADDED(connection, _EMPTY | {"name": "hunter2"})
        assert "hunter2" not in str(failed.value.orig).partition("DETAIL")[0]
        assert not failed.value.connection_invalidated
    with engine.begin() as connection:
        assert _COUNTED(connection, {})[0].there == 0


def test_a_nul_is_refused_as_the_driver_does__IDN_1(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        StatementWithin(select(literal_column("1")).where(bindparam("name", type_=String) == "a"))(
            connection, {"name": "a\0b"}
        )
    engine.dispose()


def test_a_connection_that_breaks_is_not_used_again__OPS_8(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    ending = StatementWithin(select(func.pg_terminate_backend(func.pg_backend_pid()).label("ended")))
    with pytest.raises(OperationalError) as ended, engine.begin() as connection:
        ending(connection, {})
    assert ended.value.connection_invalidated
    with engine.begin() as connection:
        assert StatementWithin(select(literal_column("1").label("one")))(connection, {})[0].one == 1
    engine.dispose()


def test_after_its_table_has_changed_one_transaction_fails_and_the_next_knows__OPS_4(database: str) -> None:
    engine = make_engine(database, pool_size=1)
    _METADATA.create_all(engine)
    everything = StatementWithin(select(literal_column("*")).select_from(_THING))
    with engine.begin() as connection:
        everything(connection, {})
        connection.execute(text("ALTER TABLE thing ADD COLUMN more text"))
    with pytest.raises(DBAPIError), engine.begin() as connection:
        everything(connection, {})
    with engine.begin() as connection:
        assert list(everything(connection, {})) == []
    engine.dispose()
