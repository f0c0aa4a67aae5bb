"""Registration's tables and its revisions say the same, up and down, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect

from chassis.db.engine import make_engine
from chassis.db.migrations import runner, standing
from chassis.wiring import migrations_of


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_up_and_down_without_drift__OPS_6(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite'}" if kind == "sqlite" else request.getfixturevalue("database")
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("registration"), "registration")
    runner.check(engine, migrations_of("registration"))
    assert standing.fits(engine, migrations_of("registration"), "registration")
    runner.downgrade(engine, migrations_of("registration"), "registration", "base")
    assert set(inspect(engine).get_table_names()) <= {"registration_version", "alembic_version"}
    runner.migrate(engine, migrations_of("registration"), "registration")
    engine.dispose()
