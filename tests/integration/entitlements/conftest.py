"""Entitlements whole: its database (both kinds), its inbox, its web application, and people with access tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.entitlements.world import World


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'entitlements.sqlite'}" if on_sqlite else request.getfixturevalue("database")
    made = World(url)
    yield made
    made.service.engine.dispose()
