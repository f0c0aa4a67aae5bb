"""The sample service on a SQLite file of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chassis.db.engine import make_engine
from tests.unit.chassis.web.sample import Sample


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'sample.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def sample(engine: Engine) -> Sample:
    return Sample(engine)
