"""Many users' access changed as one, and unchanged as one, over HTTP (ENT-6, ENT-7, GO-2, GO-3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.integration.entitlements.test_races import at_once, statuses
from tests.integration.entitlements.world import OURS, THEIRS, World, change

PATH = "/access/bulk"


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    for user_id in ("mary", "george", "sally", "bert", "sec", "emil"):
        world.account(user_id)
    world.give("mary", "primary")
    world.give("george", "primary")
    world.give("sally", "processor", "claim_status", "eft_view")
    world.give("bert", "processor", "eft_view")
    world.give("sec", "secondary", "claim_status")
    world.give("emil", "primary", tin=THEIRS)


def here(*functions: str, **more: Any) -> dict[str, Any]:
    return {"tin": OURS, "line": "medical", "functions": list(functions), **more}


def bulk(world: World, giver: str, *user_ids: str, etag: str = "*", **body: Any) -> TestResponse:
    headers = {} if body.get("dry_run") else {"If-Match": etag}
    return world.call("POST", PATH, giver, {"user_ids": list(user_ids), **body}, headers)


def functions(world: World, user_id: str) -> list[str]:
    (item,) = world.items("/me/access", user_id)
    return list(item["functions"])


def test_each_gains_and_loses_beside_what_they_have__ENT_6_ENT_7(world: World) -> None:
    body: dict[str, Any] = {"add": [here("fee_schedule")], "remove": [here("eft_view")]}
    preview = bulk(world, "mary", "sally", "bert", **body, dry_run=True)
    assert preview.status_code == 200
    shown = {each["user_id"]: each for each in preview.get_json()["items"]}
    assert shown["sally"]["before"][0]["functions"] == ["claim_status", "eft_view"]
    assert shown["sally"]["after"][0]["functions"] == ["claim_status", "fee_schedule"]
    assert shown["bert"]["after"][0]["functions"] == ["fee_schedule"]
    assert (preview.get_json()["id"], preview.get_json()["undo_until"]) == (None, None)
    assert functions(world, "bert") == ["eft_view"]
    done = bulk(world, "mary", "sally", "bert", etag=preview.headers["ETag"], **body)
    assert done.status_code == 200
    assert [each["after"][0]["functions"] for each in done.get_json()["items"]] == [
        ["claim_status", "fee_schedule"],
        ["fee_schedule"],
    ]
    assert functions(world, "sally") == ["claim_status", "fee_schedule"]
    assert world.check("bert", "fee_schedule") == (True, "granted")
    assert world.check("bert", "eft_view") == (False, "not_granted")
    changed = world.published("entitlements.access.changed.v1")
    assert {(each["user_id"], each["by"]) for each in changed} == {("sally", "mary"), ("bert", "mary")}


def test_who_has_nothing_becomes_a_processor_and_nobody_sinks__ENT_6(world: World) -> None:
    world.give("emil", "processor", line="behavioral")
    world.give("mary", "primary", line="behavioral")
    done = bulk(world, "mary", "emil", "sec", "george", add=[here("eft_view", level="processor")])
    assert done.status_code == 200
    after = {each["user_id"]: each["after"] for each in done.get_json()["items"]}
    levels = {user: next(each["level"] for each in items if each["line"] == "medical") for user, items in after.items()}
    assert levels == {"emil": "processor", "sec": "secondary", "george": "primary"}
    taken = bulk(world, "mary", "emil", "sec", remove=[here(level="processor")])
    assert taken.status_code == 200
    assert [
        len([each for each in item["after"] if each["line"] == "medical"]) for item in taken.get_json()["items"]
    ] == [
        0,
        1,
    ]


def test_all_of_it_or_nothing_naming_each_cell__ENT_7_GO_2(world: World) -> None:
    body: dict[str, Any] = {"add": [here("claim_status", "eft_manage")]}
    preview = bulk(world, "sec", "sally", "bert", **body, dry_run=True).get_json()["items"]
    refused = [[(each["function"], each["code"]) for each in item["violations"]] for item in preview]
    assert refused == [[("eft_manage", "not_yours_to_give")]] * 2
    answer = bulk(world, "sec", "sally", "bert", **body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_give")
    named = {(each["user_id"], each["function"]) for each in answer.get_json()["violations"]}
    assert named == {("sally", "eft_manage"), ("bert", "eft_manage")}
    assert functions(world, "bert") == ["eft_view"]
    assert world.published("entitlements.access.changed.v1") == []


def test_all_managers_cannot_be_removed_together__ENT_3(world: World) -> None:
    answer = bulk(world, "mary", "george", "mary", remove=[here()])
    assert (answer.status_code, answer.get_json()["code"]) == (409, "last_manager")
    assert {each["user_id"] for each in answer.get_json()["violations"]} == {"george", "mary"}
    assert bulk(world, "mary", "george", remove=[here()]).status_code == 200


def test_a_bulk_change_raises_nobody_by_their_own_hand__GO_2(world: World) -> None:
    answer = bulk(world, "sec", "sec", add=[here(level="primary")])
    assert answer.status_code == 403
    assert {each["code"] for each in answer.get_json()["violations"]} >= {"own_level_upward"}


def test_others_people_are_named_and_not_there__ENT_6(world: World) -> None:
    answer = bulk(world, "mary", "sally", "emil", "nobody-at-all", add=[here("fee_schedule")])
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [
        ("/user_ids/1", "user_unknown"),
        ("/user_ids/2", "user_unknown"),
    ]
    assert bulk(world, "sally", "bert", add=[here("fee_schedule")]).status_code == 422


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "nothing_wished"),
    ({"add": [here("nonsense")]}, "/add/0/functions/0", "function_unknown"),
    ({"add": [here("eft_view")], "remove": [here("eft_view")]}, "/add/0/functions/0", "function_contradictory"),
    ({"remove": [here("eft_view"), here()]}, "/remove/1", "place_duplicate"),
    ({"add": [here("eft_view", until="2001-01-01T00:00:00Z")]}, "/add/0/until", "until_past"),
    ({"remove": [here(until=None)]}, "/remove/0/until", "unknown_field"),
]


def test_a_wrong_place_is_named(world: World) -> None:
    for body, pointer, code in WRONG:
        answer = bulk(world, "mary", "sally", **body)
        assert answer.status_code == 422
        assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [(pointer, code)]
    answer = bulk(world, "mary", "sally", "SALLY", add=[here("eft_view")])
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [
        ("/user_ids/1", "user_duplicate")
    ]


def test_what_was_previewed_must_still_stand__ENT_7(world: World) -> None:
    body = {"user_ids": ["sally", "bert"], "add": [here("fee_schedule")]}
    assert world.call("POST", PATH, "mary", body).status_code == 428
    etag = bulk(world, "mary", "sally", "bert", add=body["add"], dry_run=True).headers["ETag"]
    assert world.put("george", "bert", change("processor", "claim_status")).status_code == 200
    answer = bulk(world, "mary", "sally", "bert", add=body["add"], etag=etag)
    assert (answer.status_code, answer.get_json()["code"]) == (412, "changed_meanwhile")
    assert functions(world, "sally") == ["claim_status", "eft_view"]


def test_a_repeated_call_has_one_effect(world: World) -> None:
    body = {"user_ids": ["sally", "bert"], "add": [here("fee_schedule")]}
    headers = {"If-Match": "*", "Idempotency-Key": "one-bulk-change"}
    first = world.call("POST", PATH, "mary", body, headers)
    again = world.call("POST", PATH, "mary", body, headers)
    assert first.get_json() == again.get_json()
    assert len(world.published("entitlements.access.changed.v1")) == 2


def test_two_bulk_changes_at_once_are_not_mixed_and_leave_a_manager__ENT_3_ENT_7(world: World) -> None:
    for _ in range(5):
        answers = at_once(
            lambda: bulk(world, "mary", "george", "sally", remove=[here()]),
            lambda: bulk(world, "george", "sally", "mary", remove=[here()]),
        )
        assert statuses(answers)[0] == 200
        assert statuses(answers)[1] in {409, 422}
        survivor, other = ("mary", "george") if answers[0].status_code == 200 else ("george", "mary")
        assert world.put(survivor, other, change("primary")).status_code == 200
        assert world.put(survivor, "sally", change("processor", "eft_view")).status_code == 200


def test_a_bulk_change_is_undone_as_one__GO_3(world: World) -> None:
    done = bulk(world, "mary", "sally", "bert", "george", add=[here("fee_schedule")], remove=[here("eft_view")])
    path = f"{PATH}/{done.get_json()['id']}/undo"
    assert world.call("POST", path, "george", {}).status_code == 404
    preview = world.call("POST", path, "mary", {"dry_run": True})
    assert preview.get_json()["items"][0]["user_id"] == "bert"
    assert preview.get_json()["items"][0]["after"][0]["functions"] == ["eft_view"]
    assert functions(world, "bert") == ["fee_schedule"]
    answers = at_once(*[lambda: world.call("POST", path, "mary", {})] * 2)
    assert statuses(answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.get_json()["code"] == "already_undone"
    assert functions(world, "bert") == ["eft_view"]
    assert functions(world, "sally") == ["claim_status", "eft_view"]


def test_nothing_is_undone_where_something_else_changed_or_after_a_day__GO_3(world: World) -> None:
    path = f"{PATH}/{bulk(world, 'mary', 'sally', 'bert', remove=[here()]).get_json()['id']}/undo"
    assert world.put("george", "bert", change("auditor")).status_code == 200
    answer = world.call("POST", path, "mary", {})
    assert (answer.status_code, answer.get_json()["code"]) == (412, "changed_meanwhile")
    assert world.items("/me/access", "sally") == []
    path = f"{PATH}/{bulk(world, 'mary', 'sec', remove=[here()]).get_json()['id']}/undo"
    world.clock.moment += timedelta(hours=24, seconds=1)
    answer = world.call("POST", path, "mary", {})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "undo_too_late")
    assert world.call("POST", f"{PATH}/0192d3a4-0000-7000-8000-000000000000/undo", "mary", {}).status_code == 404


def test_undoing_gives_nothing_that_is_no_longer_ones_to_give__GO_2_GO_3(world: World) -> None:
    path = f"{PATH}/{bulk(world, 'mary', 'sally', 'bert', remove=[here()]).get_json()['id']}/undo"
    assert world.put("george", "mary", change("processor")).status_code == 200
    answer = world.call("POST", path, "mary", {})
    assert answer.status_code in {403, 422}
    assert world.items("/me/access", "sally") == []
