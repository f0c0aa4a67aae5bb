"""Seeing, changing and removing access over HTTP."""

from __future__ import annotations

import pytest

from services.entitlements.domain.errors import FunctionNotInLineError, LineNotOfferedError, TooManyManagersError
from tests.integration.entitlements.world import OURS, THEIRS, World, change, codes


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    world.practice(THEIRS, "OGYAM GEORGE Y MD", "medical")
    for user_id in ("mary", "george", "sally", "emil", "sec", "audrey"):
        world.account(user_id)
    world.give("mary", "primary")
    world.give("george", "primary")
    world.give("sally", "processor", "claim_status")
    world.give("sec", "secondary", "claim_status")
    world.give("audrey", "auditor")
    world.give("emil", "primary", tin=THEIRS)


def test_what_is_given_works_at_the_next_check__ENT_10(world: World) -> None:
    assert world.check("sally", "eft_view") == (False, "not_granted")
    answer = world.put("mary", "sally", change("processor", "claim_status", "eft_view"))
    assert answer.status_code == 200
    assert answer.get_json()["violations"] == []
    assert [item["functions"] for item in answer.get_json()["before"]] == [["claim_status"]]
    (item,) = answer.get_json()["after"]
    assert item["practice"] == "State Medical Center"
    assert item["given_by"] == "mary"
    assert item["state"] == "active"
    assert item["until"] is None
    assert world.check("sally", "eft_view") == (True, "granted")
    world.put("mary", "sally", change(None))
    assert world.check("sally", "claim_status") == (False, "access_ended")


def test_the_items_show_what_the_viewer_administers_and_people_all_of_their_own__ENT_6_ENT_9(world: World) -> None:
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    assert [item["tin"] for item in world.items("/users/sally/access", "mary")] == [OURS]
    assert [item["tin"] for item in world.items("/users/sally/access", "emil")] == [THEIRS]
    assert [item["tin"] for item in world.items("/users/SALLY/access", "sally")] == [OURS, THEIRS]
    assert [item["tin"] for item in world.items("/me/access", "sally")] == [OURS, THEIRS]


@pytest.mark.parametrize("viewer", ["sally", "audrey", "emil", "nobody"])
def test_other_people_are_not_there__ENT_6(world: World, viewer: str) -> None:
    for user_id in ("george", "nobody-at-all"):
        assert world.get(f"/users/{user_id}/access", viewer).status_code == 404
        answer = world.put(viewer, user_id, change(None), etag='"any"')
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
        answer = world.call("DELETE", f"/users/{user_id}/access", viewer, headers={"If-Match": '"any"'})
        assert answer.status_code == 404


def test_support_sees_no_access_of_others__ENT_6(world: World) -> None:
    assert world.call("GET", "/users/sally/access", "support1", support=True).status_code == 404


def test_nobody_comes_in_without_a_token(world: World) -> None:
    for method, path in (("GET", "/users"), ("GET", "/me/access"), ("PUT", "/users/sally/access"), ("POST", "/check")):
        assert world.call(method, path, None).status_code == 401


def test_a_change_needs_what_was_read__ENT_7(world: World) -> None:
    body = {"changes": [change("processor", "eft_view")]}
    answer = world.call("PUT", "/users/sally/access", "mary", body)
    assert (answer.status_code, answer.get_json()["code"]) == (428, "precondition_required")
    assert world.call("DELETE", "/users/sally/access", "mary").status_code == 428
    read = world.etag("sally", "mary")
    assert world.put("george", "sally", change("processor", "eft_view")).status_code == 200
    for etag in (read, '"anything"'):
        answer = world.put("mary", "sally", change("processor"), etag=etag)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "changed_meanwhile")
    answer = world.put("mary", "sally", change("processor"))
    assert answer.status_code == 200
    assert world.put("mary", "sally", change("auditor"), etag=answer.headers["ETag"]).status_code == 200


def test_a_dry_run_needs_no_etag_and_changes_nothing__ENT_7(world: World) -> None:
    body = {"changes": [change("processor", "eft_view")], "dry_run": True}
    answer = world.call("PUT", "/users/sally/access", "mary", body)
    assert answer.status_code == 200
    assert [item["functions"] for item in answer.get_json()["after"]] == [["eft_view"]]
    assert world.check("sally", "eft_view") == (False, "not_granted")
    assert answer.headers["ETag"] == world.etag("sally", "mary")
    body["dry_run"] = False
    answer = world.call("PUT", "/users/sally/access", "mary", body, {"If-Match": answer.headers["ETag"]})
    assert answer.status_code == 200


def test_a_refusal_names_each_cell__ENT_4(world: World) -> None:
    answer = world.put("sec", "sally", change("processor", "claim_status", "eft_view", "eft_manage"))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_give")
    assert answer.mimetype == "application/problem+json"
    assert codes(answer) == [("eft_manage", "not_yours_to_give"), ("eft_view", "not_yours_to_give")]
    preview = world.put("sec", "sally", change("processor", "claim_status", "eft_view"), dry_run=True)
    assert (preview.status_code, codes(preview)) == (200, [("eft_view", "not_yours_to_give")])


def test_a_conflict_with_a_rule_is_409__ENT_3_ENT_2(world: World) -> None:
    assert world.put("mary", "george", change("processor")).status_code == 200
    answer = world.put("mary", "mary", change("processor"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "last_manager")
    assert codes(answer) == [(None, "last_manager")]
    answer = world.put("mary", "sally", change("auditor", "eft_view"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "function_not_in_level")


def test_unknown_names_are_422_with_their_place__ENT_1(world: World) -> None:
    for wrong, pointer, code in (
        (change("processor", "claim_status", "telepathy"), "/changes/0/functions/1", "function_unknown"),
        (change("king"), "/changes/0/level", "not_a_choice"),
        (change("processor", tin="12345678"), "/changes/0/tin", "tin_invalid"),
        (change("processor", line="optical"), "/changes/0/line", "not_a_choice"),
        ({"tin": OURS, "line": "medical", "level": "processor"}, "/changes/0/functions", "required"),
        (change("processor", until="2001-01-01T00:00:00Z"), "/changes/0/until", "until_past"),
        (change("processor", state="active"), "/changes/0/state", "unknown_field"),
    ):
        answer = world.put("mary", "sally", wrong)
        assert answer.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in answer.get_json()["errors"]] == [(pointer, code)]


def test_an_end_is_kept_unless_it_is_named_and_holds_at_once__ENT_11(world: World) -> None:
    until = "2099-01-01T00:00:00Z"
    assert world.put("mary", "sally", change("processor", "eft_view", until=until)).status_code == 200
    (item,) = world.put("mary", "sally", change("processor", "claim_status")).get_json()["after"]
    assert item["until"] == until
    (item,) = world.put("mary", "sally", change("processor", "claim_status", until=None)).get_json()["after"]
    assert item["until"] is None
    world.account("timed")
    world.give("timed", "processor", "claim_status", until=1)
    assert world.check("timed", "claim_status") == (True, "granted")
    world.clock.advance(days=1)
    assert world.check("timed", "claim_status") == (False, "access_ended")
    assert world.items("/users/timed/access", "mary") == []
    assert world.items("/users?view=inactive", "mary")[0]["user_id"] == "timed"


def test_removing_leaves_what_others_gave__ENT_8(world: World) -> None:
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    etag = world.etag("sally", "mary")
    preview = world.call("DELETE", "/users/sally/access?dry_run=true", "mary")
    assert [item["tin"] for item in preview.get_json()["before"]] == [OURS]
    answer = world.call("DELETE", f"/users/sally/access?tin={OURS}", "mary", headers={"If-Match": etag})
    assert answer.status_code == 200
    assert answer.get_json()["after"] == []
    assert world.check("sally", "claim_status") == (False, "access_ended")
    assert world.check("sally", "eft_view", THEIRS) == (True, "granted")
    gone = world.call("DELETE", f"/users/sally/access?tin={THEIRS}", "mary", headers={"If-Match": "*"})
    assert gone.status_code == 404


def test_a_repeat_with_the_same_key_has_one_effect(world: World) -> None:
    etag, body = world.etag("sally", "mary"), {"changes": [change("processor", "eft_view")]}
    headers = {"If-Match": etag, "Idempotency-Key": "one"}
    answers = [world.call("PUT", "/users/sally/access", "mary", body, headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]
    assert len(world.published("entitlements.access.changed.v1")) == 1


def test_everything_that_changed_is_published_in_the_promised_shape__AUD_1(world: World) -> None:
    world.put("mary", "sally", change("primary", "claim_status"))
    world.put("mary", "sally", change(None))
    changed = world.published("entitlements.access.changed.v1")[-1]
    assert changed["before"] == {"level": "processor", "functions": ["claim_status"], "until": None}
    assert changed["after"]["functions"] == ["claim_status", "delegate_access", "history_report"]
    assert (changed["by"], changed["practice"], changed["person"]["last_name"]) == (
        "mary",
        "State Medical Center",
        "Smith",
    )
    removed = world.published("entitlements.access.removed.v1")[-1]
    assert removed["after"] is None
    added = world.published("entitlements.manager.added.v1")[-1]
    assert added["managers"] == ["george", "mary", "sally"]
    assert world.published("entitlements.manager.removed.v1")[-1]["managers"] == ["george", "mary"]


def test_a_version_hides_what_the_viewer_may_not_see__ENT_7(world: World) -> None:
    read = world.etag("sally", "mary")
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    assert world.etag("sally", "mary") == read
    assert world.put("mary", "sally", change("processor"), etag=read).status_code == 200


def test_who_had_access_then_and_why_somebody_has_it_now__ENT_12(world: World) -> None:
    before = world.clock.now()
    world.clock.advance(days=1)
    world.put("mary", "sally", change("processor", "claim_status", "eft_view"))
    world.clock.advance(days=1)
    world.put("george", "sally", change("processor", "eft_view"))
    path = f"/practices/{OURS}/access?as_of={before.isoformat().replace('+00:00', 'Z')}"
    then = {item["user_id"]: item for item in world.items(path, "mary")}
    assert then["sally"]["functions"] == ["claim_status"]
    assert (then["sally"]["ended_by"], then["mary"]["ended_at"]) == ("mary", None)
    now = {item["user_id"]: item for item in world.items(f"/practices/{OURS}/access", "mary")}
    assert now["sally"]["functions"] == ["eft_view"]
    assert world.get(f"/practices/{OURS}/access", "sally").status_code == 404
    why = world.get(f"/explain?user_id=sally&function=eft_view&tin={OURS}&line=medical", "mary").get_json()
    assert (why["allowed"], why["reason"], why["given_by"], why["giver_holds"]) == (True, "granted", "mary", False)
    assert [step["has_function"] for step in why["chain"]] == [True, True, False]
    lacks = world.get(f"/explain?user_id=sally&function=claim_status&tin={OURS}&line=medical", "sally").get_json()
    assert (lacks["allowed"], lacks["reason"], lacks["given_by"]) == (False, "not_granted", None)
    path = f"/explain?user_id=sally&function=eft_view&tin={THEIRS}&line=medical"
    assert world.get(path, "mary").status_code == 404


def test_what_a_secondary_gave_stays_when_they_lose_it_and_is_told_so__ENT_4_ENT_12(world: World) -> None:
    """delegation.md, 4."""
    world.give("audrey", "processor", line="behavioral")
    world.give("sec", "secondary", "eft_view", line="behavioral")
    world.give("mary", "primary", line="behavioral")
    given = world.put("sec", "audrey", change("processor", "eft_view", line="behavioral"))
    assert given.status_code == 200, given.text
    path = f"/explain?user_id=audrey&function=eft_view&tin={OURS}&line=behavioral"
    why = world.get(path, "mary").get_json()
    assert (why["allowed"], why["given_by"], why["giver_holds"]) == (True, "sec", True)
    assert world.put("mary", "sec", change("secondary", line="behavioral")).status_code == 200
    why = world.get(path, "mary").get_json()
    assert (why["allowed"], why["given_by"], why["giver_holds"]) == (True, "sec", False)


def test_nothing_is_given_to_an_account_that_is_gone__GO_2_IDN_15(world: World) -> None:
    removed = {"user_id": "sally", "registration_id": None}
    world.deliver(world.event("identity.account.removed.v1", "account/sally", removed))
    wished = {"changes": [change("processor", "claim_status")]}
    answer = world.call("PUT", "/users/sally/access", "mary", wished, {"If-Match": "*"})
    assert answer.status_code == 404
    many = {"user_ids": ["sally"], "add": [{"tin": OURS, "line": "medical"}]}
    assert world.call("POST", "/access/bulk", "mary", many, {"If-Match": "*"}).status_code == 422
    assert world.call("PUT", "/users/sally/access", "mary", wished | {"dry_run": True}).status_code == 404


def test_an_operator_gives_no_more_than_there_may_be__GO_2_ENT_3(world: World) -> None:
    for number in range(13):
        world.account(f"more{number:02}")
        world.give(f"more{number:02}", "primary")
    world.account("last")
    with pytest.raises(TooManyManagersError):
        world.give("last", "primary")
    with pytest.raises(FunctionNotInLineError):
        world.give("last", "processor", "precert_submit", line="behavioral")
    with pytest.raises(LineNotOfferedError):
        world.give("last", "processor", line="dental")
    assert world.items("/me/access", "last") == []
