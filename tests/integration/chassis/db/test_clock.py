"""The database's time, asked now and then, and gone on with while the database is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from chassis.db.clock import DatabaseClock, clock_of
from chassis.db.engine import database_now, make_engine
from chassis.kernel.clock import SystemClock

_NEAR = timedelta(seconds=30)


class Watch:
    """A monotonic clock that the test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def test_it_tells_the_database_s_time__IDN_2(engine: Engine) -> None:
    with engine.connect() as connection:
        told = database_now(connection)
    assert abs(DatabaseClock(engine).now() - told) < _NEAR


def test_it_goes_on_by_itself_between_two_questions_and_while_nobody_answers__OPS_8(engine: Engine) -> None:
    watch = Watch()
    clock = DatabaseClock(engine, monotonic=watch)
    first = clock.now()
    engine.dispose()
    unreachable = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    clock._engine = unreachable  # noqa: SLF001 (as if the server had gone)
    for seconds in (5, 3600):
        watch.seconds = 1000.0 + seconds
        assert clock.now() == first + timedelta(seconds=seconds)


def test_without_ever_an_answer_there_is_no_time() -> None:
    clock = DatabaseClock(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    with pytest.raises(OperationalError):
        clock.now()


def test_sqlite_has_its_machine_s_time(tmp_path: Path) -> None:
    assert isinstance(clock_of(make_engine(f"sqlite:///{tmp_path / 'one'}.sqlite")), SystemClock)
