"""The database as declared and the database as migrated are the same, on both kinds."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from chassis.db.engine import make_engine
from chassis.db.migrations import runner, standing
from chassis.wiring import migrations_of


def test_revisions_make_what_the_tables_declare(url: str) -> None:
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("portal"), "portal")
    runner.check(engine, migrations_of("portal"))
    assert standing.fits(engine, migrations_of("portal"), "portal")
    engine.dispose()


def test_revisions_go_down_and_up_again(url: str) -> None:
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("portal"), "portal")
    runner.downgrade(engine, migrations_of("portal"), "portal", "base")
    plain = create_engine(engine.url)
    assert set(inspect(plain).get_table_names()) <= {"portal_version"}
    plain.dispose()
    runner.migrate(engine, migrations_of("portal"), "portal")
    runner.check(engine, migrations_of("portal"))
    engine.dispose()
