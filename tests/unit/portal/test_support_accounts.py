"""Support's page of accounts (IDN-14, IDN-15)."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.practices import manager
from tests.unit.portal.supporting import ACCOUNTS, account, opened, supporting
from tests.unit.portal.world import World

LOCKED_UNTIL = "2026-03-02T15:15:00Z"


def offered(page: str) -> set[str]:
    return {act for act in ("reactivate", "unlock", "lock", "end-sessions", "erase") if f'value="{act}"' in page}


def test_what_is_sought_stands_in_no_address__IDN_14(world: World) -> None:
    supporting(world)
    path = opened(world)
    assert "mith" not in path
    (call,) = [call for call in world.api.made("GET", ACCOUNTS) if (call.query or {})["query"] == "Smith"]
    assert (call.query or {})["limit"] == 25
    for part in ("Sally J. Smith", "ssmith1234@example.com", "ext. 12"):
        assert part in world.page


@pytest.mark.parametrize(
    ("changes", "acts"),
    [
        ({}, {"lock", "end-sessions", "erase"}),
        ({"state": "disabled"}, {"reactivate", "erase"}),
        ({"state": "locked"}, {"unlock", "erase"}),
        ({"locked_until": LOCKED_UNTIL}, {"unlock", "lock", "end-sessions", "erase"}),
        ({"state": "unconfirmed"}, {"erase"}),
    ],
)
def test_what_fits_the_state_is_offered__IDN_14(world: World, changes: dict[str, Any], acts: set[str]) -> None:
    supporting(world, account(**changes))
    opened(world)
    assert offered(world.page) == acts


def test_an_act_is_done_once_with_its_reason__IDN_14(world: World) -> None:
    supporting(world)
    path = opened(world)
    answer = world.post(path, {"act": "lock", "reason": "Somebody else has the phone."})
    assert answer.location == f"{path}?done=lock"
    (call,) = world.api.made("POST", f"{ACCOUNTS}/.*")
    assert (call.path, call.body) == (f"{ACCOUNTS}/ssmith1234/lock", {"reason": "Somebody else has the phone."})
    assert "The account is locked." in world.get(answer.location).text


@pytest.mark.parametrize(
    "form", [{"act": "lock", "reason": " "}, {"reason": "x"}, {"act": "reactivate", "reason": "not disabled"}]
)
def test_without_an_act_that_fits_and_a_reason_nothing_is_done__IDN_14(world: World, form: dict[str, str]) -> None:
    supporting(world)
    assert world.post(opened(world), form).status_code == 422
    assert world.api.made("POST", f"{ACCOUNTS}/.*") == []


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ProblemError(403, "own_account"), "This is your own account"),
        (ProblemError(409, "second_agent_required"), "another agent must have it done"),
    ],
)
def test_a_refusal_is_said_in_words__IDN_14_IDN_15(world: World, problem: ProblemError, said: str) -> None:
    supporting(world)
    path = opened(world)
    world.api.says("POST", f"{ACCOUNTS}/.*", problem)
    assert said in unescape(world.post(path, {"act": "erase", "reason": "Her letter."}).text)


def test_an_erasure_that_waits_is_shown_and_its_end_as_well__IDN_15(world: World) -> None:
    supporting(world, account(erasure_proposed_by="support2", erasure_reason="Her letter."))
    path = opened(world)
    assert "support2 has proposed to remove this account for good: Her letter." in world.page
    world.api.says("POST", f"{ACCOUNTS}/.*", {"user_id": "ssmith1234", "state": "removed", "expires_at": None})
    answer = world.post(path, {"act": "erase", "reason": "The same letter."})
    assert (answer.status_code, "stays reserved" in answer.text) == (200, True)


def test_the_pages_are_supports_alone__IDN_14(world: World) -> None:
    manager(world)
    world.sign_in()
    assert world.get("/support/accounts").status_code == 403
    assert "/support/accounts" not in world.get("/dashboard").text
    world.get("/messages")
    assert world.post("/support/accounts/search", {"search": "Smith"}).status_code == 403
    assert world.api.made("GET", ACCOUNTS) == []
