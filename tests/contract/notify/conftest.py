"""Notify's store in each of its kinds: the unit tests' fake keeps the same promises as the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from chassis.db.engine import make_engine
from chassis.db.migrations import runner
from chassis.testing.clocks import StandingClock
from chassis.wiring import migrations_of
from services.notify.adapters.store import SqlStore
from services.notify.application.ports import Store
from tests.unit.notify.fakes import FakeStore

Stores = Callable[[], AbstractContextManager[Store]]


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """Opens a transaction that commits at its end."""
    if request.param == "fake":
        fake = FakeStore(StandingClock())

        @contextmanager
        def remembered() -> Iterator[Store]:
            yield fake

        yield remembered
        return
    url = f"sqlite:///{tmp_path / 'n.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("database")
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("notify"), "notify")

    @contextmanager
    def opened() -> Iterator[Store]:
        with engine.begin() as connection:
            yield SqlStore(connection)

    yield opened
    engine.dispose()
