"""A manager resets a password, and its owner chooses their own (IDN-8), on both kinds of database."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.domain.temporary_passwords import ALPHABET
from tests.integration.identity.world import PASSWORD, RECOVERED, World

STATE, OGYAM = "123456789", "223344556"
RESET = "identity.password.reset_by_manager.v1"


@pytest.fixture
def world(world: World) -> World:
    """Mary manages State Medical Center, where Nora works."""
    world.register()
    world.holds("mmartin5", STATE, "medical", "primary")
    world.holds("newperson", STATE, "medical", "processor")
    return world


def reset(world: World, token: str, user_id: str = "newperson", **headers: str) -> TestResponse:
    return world.act(token, f"/accounts/{user_id}/password-reset", **headers)


def mary(world: World) -> str:
    world.clock.advance(minutes=2)
    return str(world.signed_in()["access_token"])


def begin(world: World, password: str) -> TestResponse:
    return world.post("/sign-in", {"user_id": "newperson", "password": password})


def changing(world: World, temporary: str) -> dict[str, Any]:
    """As far as the temporary password leads."""
    step = dict(begin(world, temporary).get_json())
    assert step["state"] == "second_step"
    world.clock.advance(minutes=2)
    assert world.send(step).status_code == 202
    answer = world.verify(step, world.code())
    assert answer.get_json()["state"] == "password_change_required"
    return {**answer.get_json(), "begun_with": step["challenge_secret"]}


def choose(world: World, flow: dict[str, Any], password: str = RECOVERED, secret: str | None = None) -> TestResponse:
    path = f"/sign-in/{flow['challenge']}/password"
    return world.post(path, {"new_password": password}, X_Challenge_Secret=secret or flow["challenge_secret"])


def test_from_a_reset_to_a_password_of_ones_own__IDN_8(world: World) -> None:
    theirs = world.signed_in("newperson")
    answer = reset(world, mary(world), "NewPerson")
    assert answer.status_code == 200, answer.text
    shown = answer.get_json()
    temporary, until = shown["temporary_password"], datetime.fromisoformat(shown["expires_at"])
    assert len(temporary) == 10
    assert set(temporary) <= set(ALPHABET)
    assert timedelta() <= until - world.clock.now() - timedelta(hours=23, minutes=59) <= timedelta(minutes=1)
    assert world.get("/me", theirs["access_token"]).status_code == 401
    assert world.refresh(theirs["refresh_token"]).status_code == 400
    told = {"user_id": "newperson", "by": "mmartin5", "site": "behavioral", "expires_at": shown["expires_at"]}
    assert [{**each, "expires_at": shown["expires_at"]} for each in world.events(RESET)] == [told]
    assert begin(world, PASSWORD).status_code == 401

    flow = changing(world, temporary)
    assert set(flow) == {"state", "challenge", "challenge_secret", "begun_with"}
    assert flow["begun_with"] == flow["challenge_secret"]
    weak = choose(world, flow, temporary)
    assert (weak.status_code, weak.get_json()["errors"][0]["pointer"]) == (422, "/new_password")
    done = choose(world, flow)
    assert (done.status_code, done.get_json()["state"]) == (200, "signed_in")
    assert world.get("/me", done.get_json()["access_token"]).status_code == 200
    assert world.events("identity.password.changed.v1") == [{"user_id": "newperson", "site": "medical"}]
    assert choose(world, flow, "other-willow-anchor-9").status_code == 404
    assert begin(world, temporary).status_code == 401
    assert begin(world, RECOVERED).get_json()["state"] == "second_step"
    assert temporary not in str(world.events(RESET))


def test_a_temporary_password_is_good_once_and_for_a_day__IDN_8(world: World) -> None:
    first = reset(world, mary(world)).get_json()["temporary_password"]
    world.clock.advance(hours=23)
    flow = changing(world, first)
    assert begin(world, first).status_code == 401, "it was used"
    assert choose(world, flow, secret="somebody-elses").status_code == 404
    world.clock.advance(minutes=11)
    assert choose(world, flow).status_code == 404, "this took too long"

    second = reset(world, mary(world)).get_json()["temporary_password"]
    world.clock.advance(hours=24)
    assert begin(world, second).status_code == 401
    flow = world.forgot()
    assert world.recover(flow, "send").status_code == 202
    assert world.prove(flow, world.code()).status_code == 204
    assert world.recover(flow, "password").status_code == 204
    assert begin(world, RECOVERED).get_json()["state"] == "second_step"


def test_a_second_reset_ends_what_the_first_has_begun__IDN_8(world: World) -> None:
    first = reset(world, mary(world)).get_json()["temporary_password"]
    flow = changing(world, first)
    world.clock.advance(seconds=1)
    second = reset(world, mary(world)).get_json()["temporary_password"]
    assert choose(world, flow).status_code == 404
    assert begin(world, first).status_code == 401
    assert choose(world, changing(world, second)).status_code == 200


def test_who_may_not_is_told_no_more_than_they_see__IDN_8(world: World) -> None:
    token = mary(world)
    world.holds("mmartin5", OGYAM, "medical", "secondary")
    assert reset(world, token, "nobody55").status_code == 404
    assert reset(world, token, "support1").status_code == 404
    world.holds("support1", STATE, "medical", "processor")
    assert reset(world, token, "support1").get_json()["code"] == "not_yours_to_reset"
    assert reset(world, token, "mmartin5").get_json()["code"] == "not_yours_to_reset"
    world.holds("newperson", OGYAM, "medical", "primary")
    assert reset(world, token).get_json()["code"] == "not_yours_to_reset"
    world.holds("newperson", OGYAM, "medical", None)
    world.holds("newperson", STATE, "medical", None)
    assert reset(world, token).status_code == 404
    world.holds("newperson", STATE, "medical", "processor", until="2020-01-01T00:00:00Z")
    assert reset(world, token).status_code == 404
    world.holds("newperson", STATE, "medical", "processor")
    support = world.signed_in("support1")["access_token"]
    assert reset(world, support).status_code == 404
    assert world.post("/accounts/newperson/password-reset").status_code == 401
    assert world.events(RESET) == []
    assert begin(world, PASSWORD).status_code == 200


def test_it_needs_a_fresh_second_step__IDN_3_IDN_8(world: World) -> None:
    tokens = world.signed_in()
    world.clock.advance(minutes=4)
    kept = world.refresh(tokens["refresh_token"]).get_json()
    world.clock.advance(minutes=2)
    answer = reset(world, kept["access_token"])
    assert (answer.status_code, answer.get_json()["code"]) == (403, "step_up_required")
    assert begin(world, PASSWORD).status_code == 200


def test_it_is_shown_once__IDN_8(world: World) -> None:
    token = mary(world)
    first, again = (reset(world, token, Idempotency_Key="one-reset-only") for _ in range(2))
    assert first.get_json() == again.get_json()
    assert len(world.events(RESET)) == 1


def test_of_many_who_choose_at_once_one_does__IDN_8(world: World) -> None:
    flow = changing(world, reset(world, mary(world)).get_json()["temporary_password"])
    passwords = [f"brisk-willow-anchor-{number}" for number in range(4)]
    answers = world.at_once([lambda each=each: choose(world, flow, each).status_code for each in passwords])  # type: ignore[misc]
    assert Counter(answers) == {200: 1, 404: 3}
    assert sum(begin(world, each).status_code == 200 for each in passwords) == 1


def test_managers_who_reset_each_other_do_not_wait_for_each_other__IDN_8(world: World) -> None:
    world.holds("newperson", STATE, "medical", "primary")
    tokens = {"newperson": mary(world), "mmartin5": str(world.signed_in("newperson")["access_token"])}
    answers = world.at_once([lambda whose=whose: reset(world, tokens[whose], whose).status_code for whose in tokens])  # type: ignore[misc]
    assert sorted(answers) in ([200, 200], [200, 401])
