"""Identity's revisions: up, down, and no drift from what the code declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from chassis.db.engine import make_engine
from chassis.db.migrations import runner, standing
from chassis.wiring import migrations_of


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    on_sqlite = request.param == "sqlite"
    address: str = f"sqlite:///{tmp_path / 'identity.sqlite'}" if on_sqlite else request.getfixturevalue("database")
    return address


def test_up_without_drift_and_down_to_nothing__OPS_6(url: str) -> None:
    engine = make_engine(url)
    for _ in range(2):
        runner.migrate(engine, migrations_of("identity"), "identity")
    runner.check(engine, migrations_of("identity"))
    assert standing.fits(engine, migrations_of("identity"), "identity")
    runner.downgrade(engine, migrations_of("identity"), "identity", "base")
    assert inspect(engine).get_table_names() == ["identity_version"]
    engine.dispose()
