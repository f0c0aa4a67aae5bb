"""Outreach over HTTP, with the events that carry it on: attempts, two agents, removal, and how cases end (REG-13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.kernel.ids import new_id
from tests.contract.registration.world import World, form

DOE, STATE_MEDICAL, UNKNOWN = "987654321", "123456789", "112233445"
PROOF = "A letter with the practice's head, signed by the owner."
APPOINTMENT = {"user_id": "Zoe.Obrien", "lines": ["medical"], "proof": PROOF}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(f"sqlite:///{tmp_path / 'registration.sqlite'}")
    made.account("zoe.obrien")
    made.account("support9", "support")
    yield made
    made.service.engine.dispose()


def request_of(user_id: str, tin: str = DOE, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": str(new_id()),
        "user_id": user_id,
        "tin": tin,
        "line": "medical",
        "state": "no_manager",
        "since": "2026-03-02T09:30:00Z",
        "person": {"first_name": "Zoë", "last_name": "O’Brien", "email": "zoe@example.com"},
    } | changes


def wait_for_one(world: World, user_id: str = "zoe.obrien", tin: str = DOE) -> str:
    data = request_of(user_id, tin)
    world.hear("entitlements.request.opened.v1", f"request/{data['request_id']}", data)
    return str(data["request_id"])


def managers(world: World, happened: str, *users: str, tin: str = DOE, **more: Any) -> None:
    data = {"tin": tin, "line": "medical", "by": "support:support1", "managers": list(users), "requests": []} | more
    world.hear(f"entitlements.manager.{happened}.v1", f"practice/{tin}", data)


def cases(world: World, tin: str = DOE) -> list[dict[str, Any]]:
    told = world.get(f"/outreach/{tin}", "support1").json
    assert told is not None
    items: list[dict[str, Any]] = told["items"]
    return items


def refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None, answer.text
    return answer.status_code, answer.json["code"]


def named(case: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(case[name] for name in names)


def test_two_agents_appoint_and_the_case_ends_once_it_is_so__REG_13(world: World) -> None:
    request = wait_for_one(world)
    tried = {"channel": "phone", "reached": True, "note": "Dr. Doe names Zoë O’Brien."}
    assert world.act("support1", f"/outreach/{DOE}/attempts", tried).status_code == 201
    assert world.act("support1", f"/outreach/{DOE}/appoint", APPOINTMENT).status_code == 201
    (case,) = cases(world)
    (attempt,), (proposal,) = case["attempts"], case["proposals"]
    assert named(attempt, "by", "channel", "reached") == ("support1", "phone", True)
    assert named(proposal, "user_id", "name", "state") == ("zoe.obrien", "Zoe Example", "proposed")
    assert world.published("registration.outreach.manager_appointed.v1") == []
    confirmed = world.act("support2", f"/outreach/{DOE}/confirm", {"proposal_id": proposal["id"]})
    assert confirmed.status_code == 200, confirmed.text
    (told,) = world.published("registration.outreach.manager_appointed.v1")
    assert named(told, "user_id", "lines") == ("zoe.obrien", ["medical"])
    assert named(told, "proposed_by", "decided_by") == ("support1", "support2")
    managers(world, "added", "zoe.obrien", requests=[request])
    (closed,) = cases(world)
    assert named(closed, "state", "outcome", "waiting") == ("closed", "manager_found", 0)
    assert closed["managers"] == ["zoe.obrien"]
    assert [each["outcome"] for each in world.published("registration.outreach.closed.v1")] == ["manager_found"]


def test_nobody_confirms_what_they_proposed_nor_acts_on_themselves__REG_13(world: World) -> None:
    wait_for_one(world)
    world.account("support3")
    body = APPOINTMENT | {"user_id": "support3"}
    assert refused(world.act("support3", f"/outreach/{DOE}/appoint", body)) == (403, "own_appointment")
    assert world.act("support1", f"/outreach/{DOE}/appoint", body).status_code == 201
    for agent, code in (("support1", "second_agent_needed"), ("support3", "own_appointment")):
        assert refused(world.act(agent, f"/outreach/{DOE}/confirm")) == (403, code)
    assert world.published("registration.outreach.manager_appointed.v1") == []
    assert world.act("support2", f"/outreach/{DOE}/confirm").status_code == 200
    assert refused(world.act("support2", f"/outreach/{DOE}/confirm")) == (409, "no_proposal")
    assert len(world.published("registration.outreach.manager_appointed.v1")) == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"user_id": "no.such.user"}, "/user_id", "account_unknown"),
        ({"user_id": "support9"}, "/user_id", "user_is_support"),
        ({"lines": []}, "/lines", None),
        ({"lines": ["optical"]}, "/lines/0", None),
        ({"proof": "  "}, "/proof", "required"),
        ({"proof": "\x07"}, "/proof", "wrong_form"),
    ],
)
def test_what_no_agent_can_propose_is_named__REG_13(
    world: World, changes: dict[str, Any], pointer: str, code: str | None
) -> None:
    wait_for_one(world)
    answer = world.act("support1", f"/outreach/{DOE}/appoint", APPOINTMENT | changes)
    assert answer.status_code == 422
    assert answer.json is not None
    (fault,) = answer.json["errors"]
    assert fault["pointer"] == pointer
    assert code in {None, fault["code"]}
    assert cases(world)[0]["proposals"] == []


def test_an_unconfirmed_account_manages_nothing__REG_13(world: World) -> None:
    wait_for_one(world)
    person = {"first_name": "New", "last_name": "Comer", "email": "new@example.com"}
    data = {"user_id": "new.comer", "kind": "user", "state": "unconfirmed", "person": person}
    world.hear("identity.account.created.v1", "account/new.comer", data)
    body = APPOINTMENT | {"user_id": "new.comer"}
    answer = world.act("support1", f"/outreach/{DOE}/appoint", body)
    assert answer.json is not None
    assert answer.json["errors"][0]["code"] == "account_not_active"
    world.account("new.comer")
    assert world.act("support1", f"/outreach/{DOE}/appoint", body).status_code == 201


def test_without_a_case_nobody_is_appointed__REG_13(world: World) -> None:
    assert world.act("support1", f"/outreach/{DOE}/appoint", APPOINTMENT).status_code == 404
    wait_for_one(world)
    both = APPOINTMENT | {"lines": ["medical", "behavioral"]}
    assert refused(world.act("support1", f"/outreach/{DOE}/appoint", both)) == (409, "no_open_case")
    assert world.act("support1", f"/outreach/{DOE}/close", {"reason": "The practice is gone."}).status_code == 200
    for act, body in (("appoint", APPOINTMENT), ("attempts", {"note": "Rang."}), ("close", {"reason": "Again."})):
        assert refused(world.act("support1", f"/outreach/{DOE}/{act}", body)) == (409, "no_open_case")
    wait_for_one(world)
    assert [case["state"] for case in cases(world)] == ["open", "closed"]


def test_an_agent_opens_a_case_for_a_practice_that_calls__REG_13(world: World) -> None:
    opened = world.act("support1", "/outreach", {"tin": "98-7654321", "line": "medical"})
    assert opened.status_code == 201, opened.text
    assert world.act("support1", "/outreach", {"tin": DOE, "line": "medical"}).status_code == 201
    (case,) = cases(world)
    assert named(case, "reason", "waiting") == ("asked_for", 0)
    lacking = world.act("support1", "/outreach", {"tin": DOE, "line": "dental"})
    assert refused(lacking) == (409, "line_not_offered")
    assert world.act("support1", "/outreach", {"tin": "1", "line": "dental"}).status_code == 422
    assert world.act("support1", "/outreach", {"tin": UNKNOWN, "line": "dental"}).status_code == 201


def test_a_proposal_is_decided_before_anything_else__REG_13(world: World) -> None:
    wait_for_one(world)
    assert world.act("support1", f"/outreach/{DOE}/appoint", APPOINTMENT).status_code == 201
    assert refused(world.act("support2", f"/outreach/{DOE}/appoint", APPOINTMENT)) == (409, "proposal_open")
    assert refused(world.act("support2", f"/outreach/{DOE}/close", {"reason": "Enough."})) == (409, "proposal_open")
    other = {"proposal_id": str(new_id())}
    assert refused(world.act("support2", f"/outreach/{DOE}/confirm", other)) == (409, "no_proposal")
    assert world.act("support2", f"/outreach/{DOE}/reject", {"reason": "The letter is forged."}).status_code == 200
    (proposal,) = cases(world)[0]["proposals"]
    assert named(proposal, "state", "decided_by", "note") == ("rejected", "support2", "The letter is forged.")
    assert world.act("support2", f"/outreach/{DOE}/appoint", APPOINTMENT).status_code == 201


def test_two_agents_remove_a_wrong_manager_even_the_last__REG_13(world: World) -> None:
    managers(world, "added", "mmartin5", tin=STATE_MEDICAL)
    path, removal = f"/outreach/{STATE_MEDICAL}/remove-manager", {"user_id": "mmartin5", "proof": "She left."}
    assert refused(world.act("support1", path, removal | {"user_id": "geogym1"})) == (409, "not_a_manager")
    assert world.act("support1", path, removal).status_code == 201
    (case,) = cases(world, STATE_MEDICAL)
    assert named(case["proposals"][0], "kind", "lines") == ("remove", ["medical"])
    assert case["reason"] == "wrong_manager"
    assert world.act("support2", f"/outreach/{STATE_MEDICAL}/confirm").status_code == 200
    (told,) = world.published("registration.outreach.manager_removed.v1")
    assert named(told, "user_id", "decided_by") == ("mmartin5", "support2")
    managers(world, "removed", tin=STATE_MEDICAL)
    assert [each["state"] for each in cases(world, STATE_MEDICAL)] == ["open"]
    waits = {"request_id": str(new_id()), "user_id": "zoe.obrien", "since": "2026-03-02T09:30:00Z"}
    lost = {"tin": STATE_MEDICAL, "line": "medical", "waiting": [waits]}
    world.hear("entitlements.practice.without_manager.v1", f"practice/{STATE_MEDICAL}", lost)
    (case,) = cases(world, STATE_MEDICAL)
    assert [named(each, "user_id", "email") for each in case["requests"]] == [("zoe.obrien", "zoe.obrien@example.com")]
    managers(world, "added", "geogym1", tin=STATE_MEDICAL, requests=[waits["request_id"]])
    assert cases(world, STATE_MEDICAL)[0]["outcome"] == "manager_found"


def test_a_case_about_a_wrong_manager_ends_with_them_where_another_is_left__REG_13(world: World) -> None:
    managers(world, "added", "geogym1", "mmartin5", tin=STATE_MEDICAL)
    removal = {"user_id": "mmartin5", "lines": ["medical"], "proof": "She never worked there."}
    assert world.act("support1", f"/outreach/{STATE_MEDICAL}/remove-manager", removal).status_code == 201
    managers(world, "added", "geogym1", "mmartin5", "zoe.obrien", tin=STATE_MEDICAL)
    assert cases(world, STATE_MEDICAL)[0]["state"] == "open"
    assert world.act("support2", f"/outreach/{STATE_MEDICAL}/confirm").status_code == 200
    managers(world, "removed", "geogym1", "zoe.obrien", tin=STATE_MEDICAL)
    assert cases(world, STATE_MEDICAL)[0]["outcome"] == "manager_removed"


def test_what_a_rule_forbids_after_all_is_seen_in_the_case__REG_13(world: World) -> None:
    wait_for_one(world)
    world.act("support1", f"/outreach/{DOE}/appoint", APPOINTMENT)
    world.act("support2", f"/outreach/{DOE}/confirm")
    data = {"proposal_id": cases(world)[0]["proposals"][0]["id"], "code": "too_many_managers"}
    world.hear("entitlements.manager.change_refused.v1", f"practice/{DOE}", data)
    (case,) = cases(world)
    assert case["state"] == "open"
    assert named(case["proposals"][0], "state", "note") == ("refused", "too_many_managers")


def test_managers_who_stay_away_for_thirty_days_are_looked_after__REG_13(world: World) -> None:
    world.account("geogym1")
    world.hear("identity.sign_in.succeeded.v1", "account/geogym1", {"user_id": "geogym1"})
    reminded = request_of("zoe.obrien", decidable_since="2020-01-01T00:00:00Z", managers=["geogym1"])
    world.hear("entitlements.request.final_reminder_due.v1", "request/1", reminded)
    assert world.get(f"/outreach/{DOE}", "support1").status_code == 404
    later = reminded | {"decidable_since": "2100-01-01T00:00:00Z"}
    world.hear("entitlements.request.final_reminder_due.v1", "request/1", later)
    (case,) = cases(world)
    assert named(case, "reason", "waiting") == ("managers_away", 1)


def test_a_user_of_the_tin_asks_and_a_line_that_is_lost_has_no_case__REG_13(world: World) -> None:
    for line in ("medical", "dental"):
        asked = {"tin": DOE, "line": line}
        world.hear("entitlements.practice.manager_asked_for.v1", f"practice/{DOE}", asked)
    assert [named(case, "line", "reason") for case in cases(world)] == [("medical", "asked_for")]


def test_whom_the_applicant_named_is_asked_once__REG_11(world: World) -> None:
    nominee = {"first_name": "Ana", "last_name": "Lee", "email": "ana@example.com"}
    for user_id in ("zoe.one", "zoe.two"):
        made = world.post("/registrations", form(user_id, tins=[{"tin": DOE, "nominate": nominee}])).json
        assert made is not None
        data = request_of(user_id, request_id=made["requests"][0]["id"])
        for _ in range(2):
            world.hear("entitlements.request.opened.v1", f"request/{data['request_id']}", data)
    (told,) = world.published("registration.outreach.manager_nominated.v1")
    assert told["person"] == {**nominee, "applicant": "Zoë O’Brien-Núñez"}
    assert named(told, "tin", "language", "site") == (DOE, "en", "medical")
    assert [each["nominee"]["email"] for each in cases(world)[0]["requests"]] == ["ana@example.com"] * 2


def test_an_overdue_case_is_raised_once__REG_13(world: World) -> None:
    wait_for_one(world)
    jobs = world.service.jobs
    assert jobs is not None
    found = [jobs.run("outreach-overdue", world.clock.now() + timedelta(days=days)) for days in (9, 11, 12)]
    assert found == [0, 1, 0]
    (told,) = world.published("registration.outreach.overdue.v1")
    assert named(told, "tin", "waiting") == (DOE, 1)


def test_nobody_but_support_has_anything_to_do_with_it__REG_13(world: World) -> None:
    wait_for_one(world)
    acts = {
        "attempts": {"note": "Rang."},
        "appoint": APPOINTMENT,
        "remove-manager": {"user_id": "mmartin5", "proof": PROOF},
        "confirm": {},
        "reject": {"reason": "No."},
        "close": {"reason": "No."},
    }
    for act, body in acts.items():
        assert world.post(f"/outreach/{DOE}/{act}", body).status_code == 401
        assert world.act("zoe.obrien", f"/outreach/{DOE}/{act}", body).status_code == 404
    assert world.act("zoe.obrien", "/outreach", {"tin": DOE, "line": "medical"}).status_code == 404
    (case,) = cases(world)
    assert named(case, "attempts", "proposals", "state") == ([], [], "open")


@pytest.mark.parametrize(
    ("amr", "ago"), [(("pwd", "otp", "email"), timedelta(minutes=5, seconds=2)), (("pwd",), timedelta())]
)
def test_who_manages_is_decided_by_agents_who_have_just_shown_who_they_are__REG_13_IDN_3(
    world: World, amr: tuple[str, ...], ago: timedelta
) -> None:
    wait_for_one(world)
    fresh = world.amr, world.since_step
    removal = {"user_id": "zoe.obrien", "lines": ["medical"], "proof": PROOF}
    for act, body, status in (("appoint", APPOINTMENT, 201), ("confirm", {}, 200), ("remove-manager", removal, 201)):
        agent = "support2" if act == "confirm" else "support1"
        world.amr, world.since_step = amr, ago
        assert refused(world.act(agent, f"/outreach/{DOE}/{act}", body)) == (403, "step_up_required")
        world.amr, world.since_step = fresh
        assert world.act(agent, f"/outreach/{DOE}/{act}", body).status_code == status
        if act == "confirm":
            managers(world, "added", "zoe.obrien")


def test_nobody_else_is_asked_to_show_who_they_are__REG_13(world: World) -> None:
    world.since_step = timedelta(hours=1)
    for act, body in (("appoint", APPOINTMENT), ("confirm", {})):
        assert world.act("zoe.obrien", f"/outreach/{DOE}/{act}", body).status_code == 404
