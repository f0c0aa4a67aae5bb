"""The pages of a lost mailbox: the manager's, support's, and those of whoever cannot log in (IDN-17)."""

from __future__ import annotations

from html import unescape

import pytest

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.practices import STATE_MEDICAL, administered, listed, manager
from tests.unit.portal.test_sign_in_steps import EMAIL
from tests.unit.portal.vouching import (
    CONFIRMED,
    FILLED,
    SEND,
    VERIFY,
    VOUCH,
    VOUCHING,
    VOUCHINGS,
    new_address,
    vouching,
    vouching_agent,
    vouching_manager,
)
from tests.unit.portal.world import World

STOP = f"{VOUCHINGS}/stop"


def test_a_manager_sees_what_happens_and_vouches__IDN_17(world: World) -> None:
    path = vouching_manager(world)
    for part in ("ssmith1234@example.com", "72 hours", "can stop it"):
        assert part in world.page
    world.api.says("GET", VOUCHINGS, listed(vouching()))
    assert world.post(path, FILLED).location.endswith("?done=yes")
    (call,) = world.api.made("POST", VOUCH)
    assert (call.path.split("/")[-2], call.body) == ("ssmith1234", FILLED)
    shown = world.get(f"{path}?done=yes").text
    assert "sally.new@example.com" in shown
    assert "has yet to confirm it" in shown
    assert "ssmith1234" not in path


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ProblemError(403, "not_yours_to_vouch_for"), "You cannot vouch for this person"),
        (ProblemError(409, "vouching_open"), "Somebody has vouched for this person already"),
        (ProblemError(409, "account_not_active"), "not confirmed, or it is disabled"),
    ],
)
def test_why_not_is_said_in_words__IDN_17(world: World, problem: ProblemError, said: str) -> None:
    path = vouching_manager(world)
    world.api.says("POST", VOUCH, problem)
    assert said in unescape(world.post(path, FILLED).text)


def test_what_is_missing_is_said_and_nothing_sent__IDN_17(world: World) -> None:
    path = vouching_manager(world)
    answer = world.post(path, {"email": "sally", "reason": " "})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'id="reason-error"' in answer.text
    assert world.api.made("POST", VOUCH) == []


def test_a_fresh_second_step_is_asked_for_first__IDN_3(world: World) -> None:
    path = vouching_manager(world)
    world.api.says("POST", VOUCH, ProblemError(403, "step_up_required"))
    challenge = {"challenge": "c1", "challenge_secret": "s", "methods": [EMAIL], "reason": "step_up"}
    world.api.says("POST", "/api/identity/v1/me/step-up", challenge)
    world.api.says("POST", "/api/identity/v1/me/step-up/c1/send", Answer(202, {"resend_after": 60}, {}))
    assert "/settings/confirm" in world.post(path, FILLED).location


def test_only_primary_administrators_are_offered_it__IDN_17(world: World) -> None:
    manager(world, administered(STATE_MEDICAL, level="secondary"))
    world.sign_in()
    assert "/new-address" not in world.get("/users?view=all").text


@pytest.mark.parametrize("act", ["confirm", "reject"])
def test_an_agent_decides_with_a_reason__IDN_17(world: World, act: str) -> None:
    path = vouching_agent(world)
    assert "sally.new" not in path
    assert VOUCHING not in path
    assert world.post(path, {"act": act, "reason": ""}).status_code == 422
    assert world.post(path, {"act": act, "reason": "I called her."}).location.endswith(f"?done={act}")
    (call,) = world.api.made("POST", f"{VOUCHINGS}/.*")
    assert call.path == f"{VOUCHINGS}/{VOUCHING}/{act}"
    assert call.body == {"reason": "I called her."}


def test_what_is_confirmed_can_only_be_rejected__IDN_17(world: World) -> None:
    path = vouching_agent(world, **CONFIRMED)
    assert 'value="reject"' in world.page
    assert 'value="confirm"' not in world.page
    assert world.post(path, {"act": "confirm", "reason": "Again."}).status_code == 422


def test_whoever_is_no_agent_sees_nothing__IDN_17(world: World) -> None:
    vouching_manager(world)
    assert world.get("/support/new-addresses").status_code == 403


def test_the_new_address_is_verified_by_a_code__IDN_17(world: World) -> None:
    new_address(world)
    assert "is on its way" in world.page
    wrong = ProblemError(422, "code_wrong")
    world.api.says("POST", VERIFY, wrong)
    assert world.post("/new-address/code", {"code": "000000"}).status_code == 422
    world.api.says("POST", VERIFY, Answer(204, {}, {}))
    assert world.post("/new-address/code", {"code": "123456"}).location == "/new-address/confirmed"
    assert [call.path.split("/")[-3] for call in world.api.made("POST", f"{SEND}|{VERIFY}")] == ["newperson"] * 3
    assert world.get("/new-address/code").location == "/new-address", "nothing is remembered"


def test_one_that_was_sent_lately_still_counts__IDN_2(world: World) -> None:
    world.api.says("POST", SEND, ProblemError(429, "too_many_attempts", retry_after=40))
    world.get("/new-address")
    answer = world.get(world.post("/new-address", {"user_id": "newperson"}).location)
    assert "The last one still counts" in answer.text
    assert 'data-wait="40"' in answer.text


def test_an_old_contact_stops_it_by_the_code_of_the_message__IDN_17(world: World) -> None:
    world.get("/new-address/stop")
    assert "data-from-address" in world.page
    world.api.says("POST", STOP, ProblemError(404, "not_found"))
    assert "stops nothing" in unescape(world.post("/new-address/stop", {"token": "t" * 43}).text)
    world.api.says("POST", STOP, Answer(204, {}, {}))
    assert world.post("/new-address/stop", {"token": f" {'t' * 43} "}).location == "/new-address/stopped"
    assert world.api.made("POST", STOP)[-1].body == {"token": "t" * 43}


def test_where_one_logs_in_leads_to_what_to_do__IDN_17(world: World) -> None:
    assert 'href="/new-address/lost"' in world.get("/").text
    assert "access manager" in world.get("/new-address/lost").text
