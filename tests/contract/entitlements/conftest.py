"""Entitlements' store in each of its kinds: the unit tests' fake keeps the same promises as the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chassis.db.engine import make_engine
from chassis.db.migrations import runner
from chassis.wiring import migrations_of
from services.entitlements.adapters.checks import SqlChecks
from services.entitlements.adapters.store import SqlStore
from services.entitlements.application.ports import Checks, Store
from tests.unit.entitlements.fakes import FakeChecks, FakeStore

Stores = Callable[[], AbstractContextManager[Store]]
Kept = FakeStore | Engine


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """Where it is kept."""
    if request.param == "fake":
        yield FakeStore()
        return
    url = f"sqlite:///{tmp_path / 'e.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("database")
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("entitlements"), "entitlements")
    yield engine
    engine.dispose()


@pytest.fixture
def stores(kept: Kept) -> Stores:
    """Opens a transaction that commits at its end."""

    @contextmanager
    def opened() -> Iterator[Store]:
        if isinstance(kept, FakeStore):
            yield kept
            return
        with kept.begin() as connection:
            yield SqlStore(connection)

    return opened


@pytest.fixture
def checks(kept: Kept) -> Checks:
    """What answers stand on there."""
    return FakeChecks(kept) if isinstance(kept, FakeStore) else SqlChecks(kept)
