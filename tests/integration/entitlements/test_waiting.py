"""Waiting requests by the calendar, with the service's own jobs, database and clock (REG-12)."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.jobs.scheduler import Jobs
from tests.integration.entitlements.test_races import at_once, statuses
from tests.integration.entitlements.world import OURS, World, change


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mary", "george", "anna"):
        world.account(user_id)
    for user_id in ("mary", "george"):
        world.give(user_id, "primary")


def jobs(world: World) -> Jobs[Any]:
    assert world.service.jobs is not None
    return world.service.jobs


def ask(world: World) -> str:
    asked = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"})
    assert asked.status_code == 201, asked.text
    request_id: str = asked.get_json()["id"]
    return request_id


def live(world: World, days: int) -> None:
    """Days pass, on each of which the worker looks."""
    for _ in range(days):
        world.clock.advance(days=1)
        while jobs(world).step():
            pass


def reminded(world: World) -> tuple[int, int, int]:
    kinds = ("reminder_due", "final_reminder_due", "expired")
    first, final, expired = (len(world.published(f"entitlements.request.{kind}.v1")) for kind in kinds)
    return first, final, expired


def test_a_request_is_reminded_of_twice_and_then_ends__REG_12(world: World) -> None:
    request_id = ask(world)
    live(world, 14)
    assert reminded(world) == (0, 0, 0)
    live(world, 2)
    assert reminded(world) == (1, 0, 0)
    live(world, 15)
    assert reminded(world) == (1, 1, 0)
    live(world, 30)
    assert reminded(world) == (1, 1, 1)
    (told,) = world.published("entitlements.request.expired.v1")
    assert (told["request_id"], told["managers"]) == (request_id, ["george", "mary"])
    assert world.items("/requests", "mary") == []
    (mine,) = world.items("/requests?mine=true", "anna")
    assert (mine["state"], mine["decided_by"]) == ("expired", None)
    assert ask(world) != request_id, "one can ask again"


def test_a_decision_that_meets_the_expiry_is_the_only_one_or_none__REG_12(world: World) -> None:
    def expire() -> TestResponse:
        jobs(world).run("request-expiry")
        return world.get("/functions", None)

    def round_of() -> None:
        request_id, before = ask(world), reminded(world)[2]
        world.clock.advance(days=61)
        etag, path = world.etag("anna", "mary"), f"/requests/{request_id}"
        answers = at_once(
            lambda: world.put("mary", "anna", change("processor"), request_id=request_id, etag=etag),
            lambda: world.call("POST", f"{path}/withdraw", "anna"),
            expire,
        )[:2]
        expired = reminded(world)[2] - before
        assert statuses(answers) == ([409, 409] if expired else [200, 409])
        state = world.get(path, "anna").get_json()["state"]
        assert (state == "expired") is bool(expired)
        if state == "approved":
            assert world.put("mary", "anna", change(None)).status_code == 200

    for _ in range(10):
        round_of()
