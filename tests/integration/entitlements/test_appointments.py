"""What two support agents agreed upon becomes so, under the same rules as everything else (REG-13, ENT-3, GO-2)."""

from __future__ import annotations

from typing import Any

from chassis.bus.envelope import Envelope
from chassis.kernel.ids import new_id
from chassis.testing.waiting import eventually
from tests.integration.entitlements.world import OURS, World, change

APPOINTED, REFUSED = "registration.outreach.manager_appointed.v1", "entitlements.manager.change_refused.v1"
REMOVED = "registration.outreach.manager_removed.v1"


def agreed(world: World, event_type: str, user_id: str, *lines: str, **changes: Any) -> Envelope:
    data = {
        "proposal_id": str(new_id()),
        "tin": OURS,
        "lines": list(lines or ["medical"]),
        "user_id": user_id,
        "proposed_by": "support1",
        "decided_by": "support2",
    } | changes
    return world.event(event_type, f"practice/{OURS}", data)


def waiting(world: World, user_id: str, tin: str = OURS) -> str:
    world.account(user_id)
    answer = world.call("POST", "/requests", user_id, {"tin": tin, "line": "medical"})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def state(world: World, user_id: str, request_id: str) -> str:
    return str(world.get(f"/requests/{request_id}", user_id).get_json()["state"])


def test_whoever_is_appointed_gets_what_waited_for_a_manager__REG_13(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    requests = [waiting(world, user_id) for user_id in ("anna", "bert")]
    world.account("carla")
    world.deliver(agreed(world, APPOINTED, "carla", "medical", "behavioral"))
    assert [state(world, *each) for each in zip(("anna", "bert"), requests, strict=True)] == ["awaiting"] * 2
    mine = world.items("/me/access", "carla")
    assert {(each["line"], each["level"], each["until"], each["given_by"]) for each in mine} == {
        (line, "primary", None, "support:support1") for line in ("medical", "behavioral")
    }
    added = {each["line"]: each for each in world.published("entitlements.manager.added.v1")}
    assert sorted(added["medical"]["requests"]) == sorted(requests)
    assert (added["medical"]["applicants"], added["medical"]["managers"]) == (["anna", "bert"], ["carla"])
    approved = world.put("carla", "anna", change("processor", "claim_status"), request_id=requests[0])
    assert approved.status_code == 200, approved.text


def test_an_applicant_who_is_appointed_has_their_own_request_decided_and_keeps_what_they_had__REG_13(
    world: World,
) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    request = waiting(world, "anna")
    world.deliver(agreed(world, APPOINTED, "anna"))
    assert state(world, "anna", request) == "approved"
    world.account("sally")
    world.give("sally", "processor", "claim_status", until=5)
    world.deliver(agreed(world, APPOINTED, "sally"))
    (mine,) = world.items("/me/access", "sally")
    assert (mine["level"], mine["until"]) == ("primary", None)
    assert mine["functions"] == ["claim_status", "delegate_access", "history_report"]


def test_an_appointment_that_comes_twice_or_before_its_account_is_one__OPS_3(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    early = agreed(world, APPOINTED, "carla")
    world.deliver(early)
    assert world.published("entitlements.manager.added.v1") == []
    world.account("carla")
    world.deliver(early)
    eventually(lambda: world.service.inbox_step() or world.published("entitlements.manager.added.v1"), within=60)
    assert len(world.published("entitlements.manager.added.v1")) == 1
    world.deliver(agreed(world, APPOINTED, "carla"))
    assert [each["code"] for each in world.published(REFUSED)] == ["already_manager"]


def test_what_rules_forbid_is_not_done_and_told__REG_13(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    for user_id in ("anna", "support1"):
        world.account(user_id)
    world.account("late", state="unconfirmed")
    for user_id, changes, code in (
        ("late", {}, "account_not_active"),
        ("anna", {"decided_by": "anna"}, "own_appointment"),
        ("anna", {"decided_by": "support1"}, "own_appointment"),
        ("support1", {}, "own_level_upward"),
    ):
        world.deliver(agreed(world, APPOINTED, user_id, **changes))
        assert world.published(REFUSED)[-1]["code"] == code
    managers = [f"user{number:02d}" for number in range(15)]
    for user_id in managers:
        world.account(user_id)
        world.give(user_id, "primary")
    world.deliver(agreed(world, APPOINTED, "anna"))
    assert world.published(REFUSED)[-1]["code"] == "too_many_managers"
    world.deliver(agreed(world, REMOVED, "anna"))
    assert world.published(REFUSED)[-1]["code"] == "not_a_manager"
    assert world.items("/me/access", "anna") == []


def test_nobody_is_appointed_where_the_practice_has_not_that_line__REG_13_ENT_4(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    world.account("anna")
    world.deliver(agreed(world, APPOINTED, "anna", "medical", "behavioral"))
    assert [each["code"] for each in world.published(REFUSED)] == ["line_not_offered"]
    assert world.items("/me/access", "anna") == []


def test_a_case_removes_even_the_last_manager_and_requests_wait_again__REG_13(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    world.account("mary")
    world.give("mary", "primary", "claim_status")
    world.give("mary", "processor", "claim_status", line="behavioral")
    request = waiting(world, "anna")
    world.deliver(agreed(world, REMOVED, "mary", "medical", "behavioral"))
    assert world.check("mary", "claim_status") == (False, "access_ended")
    assert world.check("mary", "claim_status", line="behavioral") == (True, "granted")
    (lost,) = world.published("entitlements.practice.without_manager.v1")
    assert [(each["request_id"], each["user_id"]) for each in lost["waiting"]] == [(request, "anna")]
    assert state(world, "anna", request) == "no_manager"
    assert world.published("entitlements.access.removed.v1")[0]["by"] == "support:support1"


def test_support_sees_how_managers_are_reached_and_others_their_names__REG_13(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    for user_id in ("mary", "sally", "support1"):
        world.account(user_id)
    world.give("mary", "primary")
    world.give("sally", "processor")
    path = f"/practices/{OURS}/managers"
    (seen,) = world.call("GET", path, "support1", support=True).get_json()["items"]
    assert (seen["user_id"], seen["email"], seen["state"]) == ("mary", "mary@example.com", "active")
    (named,) = world.items(path, "sally")
    assert {name: value for name, value in named.items() if value} == {"name": "Sally Smith", "line": "medical"}


def test_those_of_the_tin_alone_ask_for_a_manager__REG_13(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical")
    for user_id in ("sally", "zoe"):
        world.account(user_id)
    world.give("sally", "processor")
    waiting(world, "anna")
    path, body = f"/practices/{OURS}/manager-wanted", {"line": "medical"}
    assert world.call("POST", path, "zoe", body).status_code == 404
    assert world.call("POST", path, "sally", {"line": "dental"}).status_code == 404
    for user_id in ("sally", "anna"):
        assert world.call("POST", path, user_id, body).status_code == 204
    asked = world.published("entitlements.practice.manager_asked_for.v1")
    assert [each["user_id"] for each in asked] == ["sally", "anna"]
