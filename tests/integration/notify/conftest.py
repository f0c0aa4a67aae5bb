"""Notify whole, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.notify.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'notify.sqlite'}"
    database: str = request.getfixturevalue("database")
    return database


@pytest.fixture
def world(url: str) -> Iterator[World]:
    made = World(url)
    yield made
    made.service.engine.dispose()
