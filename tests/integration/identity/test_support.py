"""Support's acts on accounts, over HTTP and on both kinds of database (IDN-14, IDN-15)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from services.identity.adapters.tables import account
from services.identity.bootstrap import seed_demo
from tests.integration.identity.devices import Visit
from tests.integration.identity.test_inactivity import live, state_of
from tests.integration.identity.world import PASSWORD, WRONG, World

WHY = {"reason": "She called, and knew what she had to know."}


@pytest.fixture
def world(world: World) -> World:
    """Nora registered; two agents are there."""
    world.register()
    (agent,) = [each for each in world.people if each.user_id == "support1"]
    seed_demo(world.service, world.settings, PASSWORD, [replace(agent, user_id="support2")])
    return world


def agent(world: World, user_id: str = "support1") -> str:
    world.clock.advance(minutes=2)
    return str(world.signed_in(user_id)["access_token"])


def act(world: World, token: str, what: str, user_id: str = "newperson", body: Any = None) -> TestResponse:
    return world.act(token, f"/accounts/{user_id}/{what}", WHY if body is None else body)


def found(world: World, token: str, query: str, **more: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    path, given = "/api/identity/v1/accounts", {"query": query, **more}
    answer = world.service.app.test_client().get(path, query_string=given, headers=headers)
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["items"])


def begin(world: World, password: str = PASSWORD) -> TestResponse:
    return world.post("/sign-in", {"user_id": "newperson", "password": password})


def test_accounts_are_found_by_what_callers_tell__IDN_14(world: World) -> None:
    token = agent(world)
    for query in ("NewPerson", "newp", "Person", "nora person", "NORA@practice.example", "(212) 555-0111"):
        (item,) = [each for each in found(world, token, query) if each["user_id"] == "newperson"]
        assert (item["first_name"], item["state"], item["email"]) == ("Nora", "active", "nora@practice.example")
    assert found(world, token, "nobody55") == []
    assert found(world, token, "%%") == []
    told = str(found(world, token, "newperson"))
    assert not any(secret in told for secret in ("password", "hash", "answer", "1980"))


def test_nobody_else_sees_or_does_anything__IDN_14(world: World) -> None:
    world.clock.advance(minutes=2)
    manager = world.signed_in()["access_token"]
    assert world.get("/accounts?query=newperson", manager).status_code == 403
    for what in ("reactivate", "lock", "unlock", "end-sessions", "erase"):
        assert act(world, manager, what).status_code == 403
        assert world.post(f"/accounts/newperson/{what}", WHY).status_code == 401
    assert state_of(world) == "active"


def test_support_locks_and_unlocks_and_the_history_says_why__IDN_14(world: World) -> None:
    theirs, token = world.signed_in("newperson"), agent(world)
    assert act(world, token, "lock").get_json()["state"] == "locked"
    assert world.get("/me", theirs["access_token"]).status_code == 401
    assert world.refresh(theirs["refresh_token"]).status_code == 400
    assert (begin(world).status_code, begin(world).get_json()["code"]) == (403, "account_locked")
    assert begin(world, WRONG).get_json()["code"] == "sign_in_failed"
    assert act(world, token, "lock").get_json()["code"] == "account_not_active"
    told = world.events("identity.account.locked.v1")[-1]
    assert (told["by"], told["reason"], told["until"][:4]) == ("support1", WHY["reason"], "9999")
    assert act(world, token, "unlock").get_json()["state"] == "active"
    assert begin(world).status_code == 200
    assert act(world, token, "unlock").get_json()["code"] == "account_not_locked"
    assert world.events("identity.account.unlocked.v1")[-1]["reason"] == WHY["reason"]


def test_support_lifts_the_lock_of_failures__IDN_9_IDN_14(world: World) -> None:
    token = agent(world)
    for _ in range(10):
        begin(world, WRONG)
        world.clock.advance(seconds=40)
    assert begin(world).status_code == 429
    world.clock.advance(seconds=1)
    token = agent(world)
    assert found(world, token, "newperson")[0]["locked_until"] is not None
    assert act(world, token, "unlock").status_code == 200
    assert begin(world).status_code == 200


def test_support_signs_somebody_out_everywhere__IDN_14_IDN_10(world: World) -> None:
    theirs, token = world.signed_in("newperson"), agent(world)
    assert act(world, token, "end-sessions").status_code == 200
    assert world.get("/me", theirs["access_token"]).status_code == 401
    assert world.events("identity.account.sessions_ended.v1")[-1]["sessions"] == 1
    assert begin(world).status_code == 200


def test_a_reactivated_account_verifies_its_address_afresh__IDN_13(world: World) -> None:
    live(world, 366)
    with world.service.engine.begin() as connection:
        connection.execute(update(account).where(account.c.user_id.like("support%")).values(state="active"))
    token = agent(world)
    assert act(world, token, "reactivate", "mmartin5").status_code == 200
    before = len(world.events("identity.contact.verified.v1"))
    assert act(world, token, "reactivate").get_json()["state"] == "active"
    assert world.events("identity.account.reactivated.v1")[-1]["by"] == "support1"
    assert act(world, token, "reactivate").get_json()["code"] == "account_not_disabled"
    step = dict(begin(world).get_json())
    assert [method["kind"] for method in step["methods"]] == ["email"]
    world.clock.advance(minutes=2)
    assert world.send(step).status_code == 202
    assert world.verify(step, world.code()).get_json()["state"] == "signed_in"
    assert len(world.events("identity.contact.verified.v1")) == before + 1
    assert live(world, 300)["account-disabling"] == 0, "its year began anew"


def test_every_act_needs_a_reason_and_somebody_elses_account__IDN_14(world: World) -> None:
    token = agent(world)
    for what in ("reactivate", "lock", "unlock", "end-sessions", "erase"):
        for body in ({"reason": " "}, {"reason": "x" * 501}, {"reason": "two\nlines"}):
            refused = act(world, token, what, body=body)
            assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "/reason")
        own = act(world, token, what, "support1")
        assert (own.status_code, own.get_json()["code"]) == (403, "own_account")
        assert act(world, token, what, "nobody55").status_code == 404


def test_an_erasure_takes_two_agents__IDN_15(world: World) -> None:
    first, second = agent(world), agent(world, "support2")
    proposed = act(world, first, "erase")
    assert (proposed.status_code, proposed.get_json()["state"]) == (200, "proposed")
    assert act(world, first, "erase").get_json()["code"] == "second_agent_required"
    assert state_of(world) == "active"
    (item,) = found(world, second, "newperson")
    assert (item["erasure_proposed_by"], item["erasure_reason"]) == ("support1", WHY["reason"])
    assert act(world, second, "erase").get_json() == {"user_id": "newperson", "state": "removed", "expires_at": None}
    assert state_of(world) == "removed"
    (told,) = world.events("identity.account.removed.v1")
    assert told["reason"] == "request"
    assert world.events("identity.account.erasure_approved.v1")[0]["proposed_by"] == "support1"
    assert act(world, second, "erase").status_code == 404
    assert begin(world).status_code == 401
    assert found(world, second, "newperson") == []
    assert world.post("/accounts/availability", {"user_id": "newperson"}).get_json()["available"] is False


def test_a_proposal_is_over_after_a_week__IDN_15(world: World) -> None:
    assert act(world, agent(world), "erase").status_code == 200
    world.clock.advance(days=7, minutes=1)
    assert act(world, agent(world, "support2"), "erase").get_json()["state"] == "proposed"
    assert state_of(world) == "active"


def test_of_agents_who_propose_at_once_one_erases_and_it_is_done_once__IDN_15(world: World) -> None:
    tokens = [agent(world), agent(world, "support2")]
    answers = world.at_once([lambda each=each: act(world, each, "erase").get_json()["state"] for each in tokens])  # type: ignore[misc]
    assert Counter(answers) == {"proposed": 1, "removed": 1}
    assert len(world.events("identity.account.removed.v1")) == 1


ACTS = ("reactivate", "lock", "unlock", "end-sessions", "erase")


@pytest.mark.parametrize("what", ACTS)
def test_every_act_needs_a_second_step_passed_a_moment_ago__IDN_14_IDN_3(world: World, what: str) -> None:
    beginning = {"reactivate": "disabled", "unlock": "locked"}.get(what, "active")
    with world.service.engine.begin() as connection:
        connection.execute(update(account).where(account.c.user_id == "newperson").values(state=beginning))
    world.clock.advance(minutes=2)
    tokens = world.signed_in("support1")
    world.clock.advance(minutes=5, seconds=1)
    late = str(world.refresh(tokens["refresh_token"]).get_json()["access_token"])
    published = Counter(what for what, _ in told(world))
    answer = act(world, late, what)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "step_up_required")
    assert state_of(world) == beginning
    assert Counter(what for what, _ in told(world)) == published
    step = stepped_up(world, late)
    assert act(world, late, what).status_code == 200, step


def test_a_trusted_device_stands_for_no_second_step_of_support__IDN_14_IDN_4(world: World) -> None:
    visit = Visit(world, user_id="support1")
    visit.sign_in(remember=True)
    world.clock.advance(minutes=2)
    token = str(visit.begin().get_json()["access_token"])
    assert act(world, token, "lock").get_json()["code"] == "step_up_required"
    stepped_up(world, token)
    assert act(world, token, "lock").get_json()["state"] == "locked"


def stepped_up(world: World, token: str) -> dict[str, Any]:
    """A second step by the code sent to their address, within the session."""
    world.clock.advance(minutes=1)
    begun = dict(world.act(token, "/me/step-up").get_json())
    path, method = f"/me/step-up/{begun['challenge']}", begun["methods"][0]["id"]
    secret = {"X_Challenge_Secret": begun["challenge_secret"]}
    assert world.act(token, f"{path}/send", {"method": method}, **secret).status_code == 202
    answer = world.act(token, f"{path}/verify", {"method": method, "code": world.code()}, **secret)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def told(world: World) -> list[tuple[str, dict[str, Any]]]:
    """What was published about accounts."""
    names = ("reactivated", "locked", "unlocked", "sessions_ended", "erasure_proposed")
    return [(name, each) for name in names for each in world.events(f"identity.account.{name}.v1")]
