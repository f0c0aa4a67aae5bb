"""Migrations whatever the service: versions beside each other, limits, taking turns (OPS-6)."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from chassis.db.engine import make_engine
from chassis.db.migrations import runner, standing
from chassis.testing.waiting import eventually
from chassis.wiring import migrations_of
from wardenry.registry import SERVICES

_ENV = """
from sqlalchemy import MetaData
from chassis.db.migrations import environment
environment.run(MetaData(), "sample_version")
"""
_REVISION = """
from alembic import op
revision, down_revision = {revision!r}, {before!r}
{more}
def upgrade():
    op.execute({up!r})
def downgrade():
    op.execute({down!r})
"""
FIRST = ("CREATE TABLE sample (id INTEGER PRIMARY KEY)", "DROP TABLE sample")
SECOND = ("ALTER TABLE sample ADD COLUMN extra INTEGER", "ALTER TABLE sample DROP COLUMN extra")
THIRD = ("ALTER TABLE sample RENAME COLUMN extra TO needed", "ALTER TABLE sample RENAME COLUMN needed TO extra")


class Versions:
    """Versions of a service: each a folder with the revisions up to its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, *revisions: tuple[str, str], serves_from: str | None = None) -> str:
        """The scripts of a version; `serves_from` is what its last revision says."""
        folder = self._folder / f"{len(revisions)}"
        (folder / "versions").mkdir(parents=True)
        (folder / "env.py").write_text(_ENV)
        for number, (up, down) in enumerate(revisions, 1):
            before = f"{number - 1:04d}" if number > 1 else None
            more = f"serves_from = {serves_from!r}" if serves_from and number == len(revisions) else ""
            text = _REVISION.format(revision=f"{number:04d}", before=before, more=more, up=up, down=down)
            (folder / "versions" / f"{number:04d}_sample.py").write_text(text)
        return str(folder)


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "versions")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        return make_engine(f"sqlite:///{tmp_path / 'sample.sqlite'}")
    return make_engine(request.getfixturevalue("database"))


def migrate(engine: Engine, scripts: str) -> None:
    runner.migrate(engine, scripts, "sample")


def fits(engine: Engine, scripts: str) -> bool:
    return standing.fits(engine, scripts, "sample")


@pytest.mark.parametrize("service", SERVICES)
def test_a_revisions_file_begins_with_its_number__OPS_6(service: str) -> None:
    """Where a database stands is told from the names of the files alone."""
    config = Config()
    config.set_main_option("script_location", migrations_of(service))
    written = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(standing.revisions(migrations_of(service))) == written[::-1]


def test_a_new_version_waits_for_its_migration_and_an_old_one_serves_on_behind_it__OPS_6(
    engine: Engine, versions: Versions
) -> None:
    old, new = versions.make(FIRST), versions.make(FIRST, SECOND)
    assert not fits(engine, old)
    migrate(engine, old)
    assert (fits(engine, old), fits(engine, new)) == (True, False)
    migrate(engine, new)
    assert (fits(engine, old), fits(engine, new)) == (True, True)
    migrate(engine, old)
    assert fits(engine, new), "an old version's migration takes nothing back"
    engine.dispose()


def test_an_old_version_is_not_ready_once_what_it_needs_was_contracted__OPS_6(
    engine: Engine, versions: Versions
) -> None:
    old, new = versions.make(FIRST), versions.make(FIRST, SECOND)
    newest = versions.make(FIRST, SECOND, THIRD, serves_from="0002")
    migrate(engine, newest)
    assert [fits(engine, each) for each in (old, new, newest)] == [False, True, True]
    migrate(engine, new)
    with pytest.raises(runner.DatabaseAheadError, match="newer version"):
        migrate(engine, old)
    engine.dispose()


def test_what_is_taken_back_no_longer_counts__OPS_6(engine: Engine, versions: Versions) -> None:
    old = versions.make(FIRST)
    newest = versions.make(FIRST, SECOND, THIRD, serves_from="0003")
    migrate(engine, newest)
    assert not fits(engine, old)
    runner.downgrade(engine, newest, "sample", "0002")
    assert fits(engine, old)
    runner.downgrade(engine, newest, "sample", "base")
    assert not fits(engine, old)
    assert inspect(engine).get_table_names() == ["sample_version"]
    engine.dispose()


def test_a_database_of_somebody_else_does_not_fit__OPS_6(engine: Engine, versions: Versions) -> None:
    scripts = versions.make(FIRST)
    migrate(engine, scripts)
    with engine.begin() as connection:
        connection.execute(text("UPDATE sample_version SET version_num = 'theirs'"))
        connection.execute(text("DROP TABLE sample_revision"))
    assert not fits(engine, scripts)
    engine.dispose()


def test_a_migration_that_waits_for_a_lock_lets_others_pass__OPS_6(database: str, versions: Versions) -> None:
    engine = make_engine(database)
    old, new = versions.make(FIRST), versions.make(FIRST, SECOND)
    migrate(engine, old)
    migrating = threading.Thread(target=migrate, args=(engine, new))
    with engine.connect() as long, long.begin():
        long.execute(text("SELECT count(*) FROM sample"))
        migrating.start()
        eventually(lambda: _waits_for_a_lock(engine), within=60)
        with engine.begin() as other:  # would wait for as long as the migration does
            other.execute(text("SET LOCAL lock_timeout = '60s'"))
            other.execute(text("INSERT INTO sample (id) VALUES (1)"))
        assert migrating.is_alive()
    migrating.join(120)
    assert fits(engine, new)
    engine.dispose()


def _waits_for_a_lock(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'sample'::regclass"
        return bool(connection.execute(text(waiting)).scalar_one())
