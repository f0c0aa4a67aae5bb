"""Requests over HTTP and events (REG-9, REG-12)."""

from __future__ import annotations

import pytest

from tests.integration.entitlements.world import OURS, THEIRS, World, change

REGISTRATION = "0198c0de-0000-7000-8000-000000000001"
UNKNOWN = "112233445"


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id, first, last in (("mary", "Mary", "Martin"), ("george", "George", "Ogyam"), ("emil", "Emil", "Bay")):
        world.account(user_id, first, last)
    world.give("mary", "primary")
    world.give("george", "primary")
    world.give("emil", "primary", tin=THEIRS)


def register(world: World, user_id: str = "sally") -> None:
    world.deliver(
        world.submitted(REGISTRATION, user_id, (OURS, "medical"), (UNKNOWN, "medical")),
        world.account_event("created", user_id, state="unconfirmed", registration_id=REGISTRATION),
    )


def confirm(world: World, user_id: str = "sally") -> None:
    world.deliver(world.account_event("confirmed", user_id, registration_id=REGISTRATION))


def waiting(world: World, manager: str = "mary") -> str:
    (request,) = world.items("/requests?state=awaiting", manager)
    found: str = request["id"]
    return found


def test_a_request_is_seen_once_confirmed_and_decided_by_giving__REG_9_REG_12(world: World) -> None:
    register(world)
    assert world.items("/requests", "mary") == []
    assert world.get("/users/sally/access", "mary").status_code == 404
    assert world.check("sally", "resources") == (False, "not_confirmed")
    confirm(world)
    assert world.check("sally", "resources") == (True, "granted")
    (request,) = world.items("/requests?state=awaiting&tin=" + OURS, "mary")
    assert request | {"id": "", "since": ""} == {
        "id": "",
        "user_id": "sally",
        "name": "Sally Smith",
        "email": "sally@example.com",
        "phone": "+18605550100",
        "job_role": "billing_operations",
        "tin": OURS,
        "practice": "State Medical Center",
        "practice_lines": ["behavioral", "medical"],
        "line": "medical",
        "state": "awaiting",
        "since": "",
        "reason": None,
        "decided_by": None,
        "decided_at": None,
    }
    assert world.get(f"/requests/{request['id']}", "mary").get_json() == request
    answer = world.put("mary", "sally", change("processor", "claim_status"), request_id=request["id"])
    assert answer.status_code == 200
    assert world.check("sally", "claim_status") == (True, "granted")
    assert world.items("/requests", "mary") == []
    (decided,) = world.items("/requests?state=approved", "mary")
    assert decided["id"] == request["id"]
    approved = world.published("entitlements.request.approved.v1")[-1]
    assert (approved["decided_by"], approved["level"], approved["functions"]) == (
        "mary",
        "processor",
        ["claim_status"],
    )
    given = world.published("entitlements.access.given.v1")[-1]
    assert given["request_id"] == request["id"]


def test_opened_requests_are_published_with_their_managers__REG_12(world: World) -> None:
    register(world)
    confirm(world)
    opened = {event["tin"]: event for event in world.published("entitlements.request.opened.v1")}
    assert (opened[OURS]["state"], opened[OURS]["managers"]) == ("awaiting", ["george", "mary"])
    assert (opened[UNKNOWN]["state"], opened[UNKNOWN]["managers"]) == ("no_manager", [])
    assert {event["registration_id"] for event in opened.values()} == {REGISTRATION}


def test_the_two_sources_may_tell_in_any_order__REG_9(world: World) -> None:
    confirm(world)
    assert world.items("/requests", "mary") == []
    world.deliver(world.submitted(REGISTRATION, "sally", (OURS, "medical")))
    assert len(world.items("/requests", "mary")) == 1


def test_the_first_decision_holds__REG_12(world: World) -> None:
    register(world)
    confirm(world)
    request_id, etag = waiting(world), world.etag("sally", "george")
    assert world.put("mary", "sally", change("processor"), request_id=request_id).status_code == 200
    again = world.put("george", "sally", change("processor"), request_id=request_id, etag=etag)
    assert (again.status_code, again.get_json()["code"]) == (409, "request_already_decided")
    declined = world.call("POST", f"/requests/{request_id}/decline", "george", {"reason": "No."})
    assert (declined.status_code, declined.get_json()["code"]) == (409, "request_already_decided")
    withdrawn = world.call("POST", f"/requests/{request_id}/withdraw", "sally")
    assert (withdrawn.status_code, withdrawn.get_json()["code"]) == (409, "request_already_decided")


def test_after_a_decline_the_other_manager_is_told_so_too__REG_12(world: World) -> None:
    register(world)
    confirm(world)
    request_id, etag = waiting(world), world.etag("sally", "george")
    declined = world.call("POST", f"/requests/{request_id}/decline", "mary", {"reason": "  Not one of ours. "})
    assert (declined.status_code, declined.get_json()["state"]) == (200, "declined")
    assert declined.get_json()["reason"] == "Not one of ours."
    late = world.put("george", "sally", change("processor"), request_id=request_id, etag=etag)
    assert (late.status_code, late.get_json()["code"]) == (409, "request_already_decided")
    assert world.published("entitlements.request.declined.v1")[-1]["reason"] == "Not one of ours."
    (mine,) = world.items("/requests?mine=true&state=declined", "sally")
    assert mine["decided_by"] is None
    assert world.get(f"/requests/{request_id}", "sally").get_json()["decided_by"] is None
    assert world.get(f"/requests/{request_id}", "george").get_json()["decided_by"] == "mary"
    assert world.items("/requests?state=declined", "george")[0]["decided_at"] == mine["decided_at"] is not None
    assert mine["reason"] == "Not one of ours."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "a\x00b", "a\x1b[2Jb", None])
def test_a_reason_is_needed_and_is_text__REG_12(world: World, reason: str | None) -> None:
    register(world)
    confirm(world)
    answer = world.call("POST", f"/requests/{waiting(world)}/decline", "mary", {"reason": reason})
    assert answer.status_code in {400, 422}
    assert len(world.items("/requests", "mary")) == 1


def test_somebody_elses_request_is_not_there__REG_12(world: World) -> None:
    register(world)
    confirm(world)
    request_id = waiting(world)
    for stranger in ("emil", "nobody"):
        assert world.items("/requests", stranger) == []
        assert world.items("/requests?mine=true", stranger) == []
        for method, path, body in (
            ("GET", "", None),
            ("POST", "/decline", {"reason": "No."}),
            ("POST", "/withdraw", None),
        ):
            assert world.call(method, f"/requests/{request_id}{path}", stranger, body).status_code == 404
    assert world.call("POST", f"/requests/{request_id}/withdraw", "mary").status_code == 404
    assert world.call("GET", f"/requests/{request_id}", "support1", support=True).status_code == 404


def test_a_signed_in_user_asks_sees_and_withdraws__REG_12(world: World) -> None:
    world.account("anna", "Anna", "Lee")
    asked = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "behavioral"})
    assert (asked.status_code, asked.get_json()["state"]) == (201, "no_manager")
    again = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "behavioral"})
    assert (again.status_code, again.get_json()["code"]) == (409, "request_already_open")
    dental = world.call("POST", "/requests", "anna", {"tin": OURS, "line": "dental"})
    assert (dental.status_code, dental.get_json()["code"]) == (409, "line_not_offered")
    held = world.call("POST", "/requests", "mary", {"tin": OURS, "line": "medical"})
    assert (held.status_code, held.get_json()["code"]) == (409, "access_already_held")
    (mine,) = world.items("/requests?mine=true", "anna")
    assert mine == asked.get_json()
    withdrawn = world.call("POST", f"/requests/{mine['id']}/withdraw", "anna")
    assert withdrawn.get_json()["state"] == "withdrawn"
    assert world.call("POST", "/requests", "anna", {"tin": OURS, "line": "behavioral"}).status_code == 201


def test_the_same_key_asks_once__REG_12(world: World) -> None:
    world.account("anna")
    body = {"tin": OURS, "line": "medical"}
    first, second = (world.call("POST", "/requests", "anna", body, {"Idempotency-Key": "k"}) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert (first.status_code, second.status_code) == (201, 201)


def test_an_account_not_heard_of_waits_a_moment__REG_12(world: World) -> None:
    answer = world.call("POST", "/requests", "early", {"tin": OURS, "line": "medical"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_first_manager_makes_waiting_requests_theirs__REG_12(world: World) -> None:
    register(world)
    confirm(world)
    world.give("emil", "primary", tin=UNKNOWN)
    added = world.published("entitlements.manager.added.v1")[-1]
    (theirs,) = world.items("/requests?state=awaiting", "emil")
    assert added["requests"] == [theirs["id"]]
    assert world.items(f"/requests?mine=true&tin={UNKNOWN}", "sally")[0]["state"] == "awaiting"


def test_requests_are_found_and_paged__REG_12(world: World) -> None:
    for number in range(5):
        user_id = f"user{number}"
        world.account(user_id, "Anna", f"Müller{number}")
        world.clock.advance(minutes=1)
        world.call("POST", "/requests", user_id, {"tin": OURS, "line": "medical"})
    first = world.get("/requests?limit=2", "mary").get_json()
    second = world.get(f"/requests?limit=2&cursor={first['next']}", "mary").get_json()
    third = world.get(f"/requests?limit=2&cursor={second['next']}", "mary").get_json()
    users = [item["user_id"] for part in (first, second, third) for item in part["items"]]
    assert users == [f"user{number}" for number in range(5)]
    assert third["next"] is None
    assert [item["user_id"] for item in world.items("/requests?query=muller3", "mary")] == ["user3"]
    assert len(world.items(f"/requests?query={OURS[:3]}-{OURS[3:]}", "mary")) == 5
    assert world.items(f"/requests?tin={THEIRS}", "mary") == []
    assert [item["awaiting"] for item in world.items("/me/practices", "mary")] == [5]
