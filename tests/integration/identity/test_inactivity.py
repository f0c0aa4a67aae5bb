"""Accounts that nobody uses are warned of, disabled and erased by the calendar (IDN-13), on both kinds of database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.security.sealing import unseal
from services.identity.adapters.access_tables import held_access
from services.identity.adapters.secrets import farewell_place
from services.identity.adapters.tables import METADATA, account
from tests.integration.identity.world import NOTIFY, PASSWORD, WRONG, World

WARNED, DISABLED, REMOVED, FAREWELL_DUE = (
    f"identity.account.{what}.v1" for what in ("disable_warned", "disabled", "removed", "farewell_due")
)
STATE = "123456789"


def live(world: World, days: float) -> dict[str, int]:
    """Do what is due so many days from now; what each job touched."""
    jobs = world.service.jobs
    assert jobs is not None
    day = world.clock.now() + timedelta(days=days)
    foreseen = {job.name: jobs.forecast(job.name, day) for job in jobs.all}
    done = {job.name: jobs.run(job.name, day) for job in jobs.all}
    assert foreseen["account-warnings"] == done["account-warnings"]
    assert foreseen["account-disabling"] == done["account-disabling"]
    return done


def of_nora(world: World, event_type: str) -> list[dict[str, Any]]:
    return [data for data in world.events(event_type) if data["user_id"] == "newperson"]


def state_of(world: World, user_id: str = "newperson") -> str:
    with world.service.engine.connect().execution_options(write=False) as connection:
        return str(connection.execute(select(account.c.state).where(account.c.user_id == user_id)).scalar_one())


@pytest.fixture
def world(world: World) -> World:
    """Nora registered, works at State Medical Center, and has just signed in."""
    world.register()
    world.holds("mmartin5", STATE, "medical", "primary")
    world.holds("newperson", STATE, "medical", "processor")
    world.signed_in("newperson")
    return world


def test_owners_are_warned_thirty_and_seven_days_before_once_each__IDN_13(world: World) -> None:
    assert live(world, 334)["account-warnings"] == 0
    assert live(world, 335.5)["account-warnings"] == 3
    assert live(world, 336)["account-warnings"] == 0
    (first,) = of_nora(world, WARNED)
    ahead = datetime.fromisoformat(first["disable_at"]) - world.clock.now()
    assert (first["days"], round(ahead / timedelta(days=1))) == (30, 365)
    assert live(world, 359)["account-warnings"] == 3
    assert live(world, 360)["account-warnings"] == 0
    assert [each["days"] for each in of_nora(world, WARNED)] == [30, 7]
    world.clock.advance(minutes=2)
    world.signed_in("newperson")
    assert live(world, 360)["account-warnings"] == 1, "whoever has used it is warned anew, before the new end"
    assert [each["days"] for each in of_nora(world, WARNED)] == [30, 7, 7]


def test_whose_time_is_over_is_disabled_and_not_warned__IDN_13(world: World) -> None:
    tokens = world.signed_in("mmartin5")
    assert live(world, 364)["account-disabling"] == 0
    world.clock.advance(minutes=2)
    done = live(world, 366)
    assert (done["account-disabling"], done["account-removal"]) == (3, 0)
    assert state_of(world) == "disabled"
    (told,) = of_nora(world, DISABLED)
    assert told["managers"] == ["mmartin5"]
    assert told["reason"] == "inactivity"
    written = datetime.fromisoformat(told["disabled_at"])
    assert written <= datetime.now(UTC) + timedelta(hours=1), "what is written bears the real time"
    assert world.get("/me", tokens["access_token"]).status_code == 401
    assert world.refresh(tokens["refresh_token"]).status_code == 400
    assert live(world, 366)["account-disabling"] == 0


def test_only_the_right_password_hears_that_it_is_disabled__IDN_13_IDN_1(world: World) -> None:
    live(world, 366)
    right = world.post("/sign-in", {"user_id": "newperson", "password": PASSWORD})
    assert (right.status_code, right.get_json()["code"]) == (403, "account_disabled")
    wrong = world.post("/sign-in", {"user_id": "newperson", "password": WRONG})
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "sign_in_failed")
    flow = world.forgot()
    assert world.recover(flow, "send").status_code == 202
    purposes = [data["purpose"] for data in world.events("identity.code.requested.v1")]
    assert "recover_password" not in purposes


def test_after_two_years_everything_personal_is_gone_and_the_user_id_stays__IDN_13_REG_6(world: World) -> None:
    assert live(world, 729)["account-removal"] == 0
    assert live(world, 731)["account-removal"] == 3
    assert live(world, 731)["account-removal"] == 0
    (told,) = of_nora(world, REMOVED)
    assert told["reason"] == "inactivity"
    (last,) = of_nora(world, FAREWELL_DUE)
    opened = json.loads(unseal([NOTIFY], last["sealed"], farewell_place(last["farewell_id"])))
    assert opened == {"to": "nora@practice.example", "first_name": "Nora"}
    free = world.post("/accounts/availability", {"user_id": "NewPerson"}).get_json()
    assert free["available"] is False
    answer = world.post("/sign-in", {"user_id": "newperson", "password": PASSWORD})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_failed")
    own = {name: table for name, table in METADATA.tables.items() if name not in {"outbox", "idempotency"}}
    with world.service.engine.connect().execution_options(write=False) as connection:
        rows = {name: repr(connection.execute(select(table)).all()) for name, table in own.items()}
        assert connection.execute(select(held_access).where(held_access.c.user_id == "newperson")).all() == []
    for personal in ("Nora", "nora@practice.example", "2125550111", "Hartford", "1980, 2, 29"):
        assert [name for name, told_there in rows.items() if personal in told_there] == []
