from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, Table, insert, select, update
from sqlalchemy.exc import StatementError

from chassis.db.engine import make_engine
from chassis.db.tables import metadata
from chassis.db.types import UtcDateTime

METADATA = metadata()
TALLY = Table(
    "tally", METADATA, Column("id", Integer, primary_key=True), Column("count", Integer), Column("at", UtcDateTime)
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path / 'tally.sqlite'}")
    METADATA.create_all(made)
    yield made
    made.dispose()


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 3, 2, 7, 0, tzinfo=timezone(timedelta(hours=2)))
    with engine.begin() as connection:
        connection.execute(insert(TALLY).values(id=1, at=moment))
        assert connection.execute(select(TALLY.c.at)).scalar_one() == moment
        assert connection.execute(select(TALLY.c.at)).scalar_one().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(TALLY).values(id=1, at=datetime(2026, 3, 2)))  # noqa: DTZ001 (the fault under test)


def test_writers_who_read_first_never_fail_for_each_other(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(TALLY).values(id=1, count=0))

    def count_up() -> None:
        for _ in range(30):
            with engine.begin() as connection:
                count = connection.execute(select(TALLY.c.count)).scalar_one()
                connection.execute(update(TALLY).values(count=count + 1))

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with engine.begin() as connection:
        assert connection.execute(select(TALLY.c.count)).scalar_one() == 90


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as writer:
        writer.execute(insert(TALLY).values(id=1, count=1))
        with engine.connect().execution_options(write=False) as reader, reader.begin():
            assert reader.execute(select(TALLY.c.count)).all() == []
