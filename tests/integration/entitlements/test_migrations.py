"""The database as declared and the database as migrated are the same, on both kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import IntegrityError

from chassis.db.engine import make_engine
from chassis.db.migrations import runner, standing
from chassis.wiring import migrations_of
from services.entitlements.application.seed_access import Seed
from services.entitlements.bootstrap import seed_demo
from services.entitlements.domain.access import Access
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from tests.integration.entitlements.world import OURS, World


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'entitlements.sqlite'}"
    address: str = request.getfixturevalue("database")
    return address


def test_revisions_make_what_the_tables_declare(url: str) -> None:
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("entitlements"), "entitlements")
    runner.check(engine, migrations_of("entitlements"))
    assert standing.fits(engine, migrations_of("entitlements"), "entitlements")
    engine.dispose()


def test_revisions_go_down_and_up_again(url: str) -> None:
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("entitlements"), "entitlements")
    runner.downgrade(engine, migrations_of("entitlements"), "entitlements", "base")
    plain = create_engine(engine.url)
    assert set(inspect(plain).get_table_names()) <= {"entitlements_version"}
    plain.dispose()
    runner.migrate(engine, migrations_of("entitlements"), "entitlements")
    runner.check(engine, migrations_of("entitlements"))
    engine.dispose()


def test_the_database_itself_holds_one_interval_open_at_a_time__ENT_12(world: World) -> None:
    world.account("sally")
    world.give("sally", "processor")
    second = Access("x", "sally", Place(OURS, Line.MEDICAL), Grant.of(Level.AUDITOR, ()), "mary", world.clock.now())
    with pytest.raises(IntegrityError):
        world.wiring.run("system:test", lambda work: work.writing().accesses.add(second))


def test_the_demo_is_given_once_and_stays_as_it_was_changed__OPS_1(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mmartin5", "geogym1", "ssmith1234", "secadm01", "audit001"):
        world.account(user_id)
    assert seed_demo(world.service, world.settings) == 9
    assert world.check("mmartin5", "precert_submit") == (True, "granted")
    assert world.check("secadm01", "eft_view") == (True, "granted")
    assert world.check("audit001", "history_report", line="behavioral") == (True, "granted")
    assert world.check("ssmith1234", "patient_coverage", "223344556") == (True, "granted")
    assert {event["by"] for event in world.published("entitlements.access.given.v1")} == {"system:demo"}
    managers = [event["managers"] for event in world.published("entitlements.manager.added.v1")]
    assert managers == [["mmartin5"], ["mmartin5"], ["geogym1", "mmartin5"], ["geogym1", "mmartin5"]]
    removed = world.call("DELETE", "/users/ssmith1234/access", "geogym1", headers={"If-Match": "*"})
    assert removed.status_code == 200
    assert seed_demo(world.service, world.settings) == 0
    assert world.check("ssmith1234", "patient_coverage", "223344556") == (False, "access_ended")


def test_the_demo_waits_for_its_people__OPS_1(world: World) -> None:
    with pytest.raises(Exception, match="not heard of yet: audit001"):
        seed_demo(world.service, world.settings)
    assert world.published() == []


def test_seeding_names_the_given_functions(world: World) -> None:
    world.account("boss")
    world.seed(Seed("boss", Place(OURS, Line.DENTAL), Grant.of(Level.SECONDARY, {"eft_view"})))
    (item,) = world.items("/me/access", "boss")
    assert item["functions"] == ["delegate_access", "eft_view", "history_report"]
    assert item["given_by"] == "system:test"
