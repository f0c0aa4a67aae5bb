"""The sample service on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.chassis.jobs.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    on_sqlite = request.param == "sqlite"
    made = World(f"sqlite:///{tmp_path / 'jobs.sqlite'}" if on_sqlite else request.getfixturevalue("database"))
    yield made
    made.engine.dispose()
