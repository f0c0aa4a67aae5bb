"""May they? (ENT-10)"""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.integration.entitlements.world import OURS, PATH, THEIRS, World


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.account("mary")
    world.account("sally")
    world.account("unconfirmed", state="unconfirmed")
    world.give("sally", "processor", "claim_status", line="dental")
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    world.give("mary", "primary")
    world.give("sally", "processor", "claim_status", "precert_view")
    world.give("sally", "processor", "claim_status", line="behavioral")


def ask(world: World, token: str, body: dict[str, Any], path: str = "/check") -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return world.service.app.test_client().post(PATH + path, json=body, headers=headers)


@pytest.mark.parametrize(
    ("function", "tin", "line", "expected"),
    [
        ("claim_status", OURS, "medical", (True, "granted")),
        ("precert_submit", OURS, "medical", (False, "not_granted")),
        ("precert_submit", OURS, "behavioral", (False, "function_not_in_line")),
        ("claim_status", OURS, "dental", (False, "line_not_offered")),
        ("claim_status", THEIRS, "medical", (False, "no_access")),
        ("telepathy", OURS, "medical", (False, "function_unknown")),
        ("delegate_access", OURS, "medical", (False, "not_granted")),
        ("resources", THEIRS, "dental", (True, "granted")),
    ],
)
def test_the_answer_says_why__ENT_10(
    world: World, function: str, tin: str, line: str, expected: tuple[bool, str]
) -> None:
    assert world.check("sally", function, tin, line) == expected


def test_resources_need_no_place_and_a_confirmed_user__ENT_8_ENT_10(world: World) -> None:
    for user_id, expected in (("sally", (True, "granted")), ("unconfirmed", (False, "not_confirmed"))):
        answer = ask(world, world.token(user_id), {"user_id": user_id, "function": "resources"})
        assert (answer.get_json()["allowed"], answer.get_json()["reason"]) == expected
    answer = ask(world, world.token("sally"), {"user_id": "sally", "function": "claim_status"})
    assert {fault["pointer"] for fault in answer.get_json()["errors"]} == {"/tin", "/line"}


def test_users_ask_about_themselves_alone__ENT_10(world: World) -> None:
    body = {"user_id": "sally", "function": "claim_status", "tin": OURS, "line": "medical"}
    for asker in ("mary", "unconfirmed"):
        answer = ask(world, world.token(asker), body)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_check")
        mixed = {"checks": [body | {"user_id": asker}, body]}
        assert ask(world, world.token(asker), mixed, "/check/batch").status_code == 403
    assert ask(world, world.token("sally"), body | {"user_id": " SALLY"}).get_json()["allowed"] is True


def test_a_sites_program_asks_about_anyone_with_its_scope__ENT_10(world: World) -> None:
    body = {"user_id": "sally", "function": "claim_status", "tin": OURS, "line": "medical"}
    allowed = ask(world, world.client_token("entitlements.check"), body)
    assert (allowed.status_code, allowed.get_json()) == (200, {"allowed": True, "reason": "granted"})
    unknown = ask(world, world.client_token("entitlements.check"), body | {"user_id": "nobody"})
    assert unknown.get_json() == {"allowed": False, "reason": "user_unknown"}
    refused = ask(world, world.client_token(), body)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope_missing")


def test_a_thousand_at_once_in_their_order__ENT_10(world: World) -> None:
    one = {"user_id": "sally", "function": "claim_status", "tin": OURS, "line": "medical"}
    checks = [one | {"function": "claim_status" if number % 2 else "eft_view"} for number in range(1000)]
    answer = ask(world, world.client_token("entitlements.check"), {"checks": checks}, "/check/batch")
    assert [each["allowed"] for each in answer.get_json()["results"]] == [False, True] * 500
    for count in (0, 1001):
        answer = ask(world, world.client_token("entitlements.check"), {"checks": [one] * count}, "/check/batch")
        assert answer.status_code == 422
    assert ask(world, world.client_token("entitlements.check"), {"checks": checks[:1]}).status_code == 422


def test_a_program_reaches_nothing_else(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.client_token('entitlements.check', 'support')}"}
    for path in ("/users", "/users/sally/access", "/me/access", "/requests", "/me/practices"):
        assert world.service.app.test_client().get(PATH + path, headers=headers).status_code in {401, 403}


def test_directories_of_lower_versions_are_ignored__REG_17(world: World) -> None:
    world.practice(OURS, "New name", "medical", "behavioral", "dental", version=3)
    world.practice(OURS, "Old name", "medical", version=2)
    assert world.check("sally", "claim_status", OURS, "dental") == (True, "granted")
    assert world.items("/me/practices", "mary")[0]["practice"] == "New name"
