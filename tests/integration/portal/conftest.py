"""The portal's own database, on both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chassis.db.engine import make_engine
from chassis.db.migrations import runner
from chassis.wiring import migrations_of


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'portal.sqlite'}"
    database: str = request.getfixturevalue("database")
    return database


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    runner.migrate(made, migrations_of("portal"), "portal")
    yield made
    made.dispose()
