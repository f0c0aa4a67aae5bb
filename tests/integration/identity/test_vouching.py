"""Lost mailboxes over HTTP: vouched for, confirmed, stopped or not, and recovered by the new one (IDN-17)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.security.sealing import unseal
from services.identity.adapters.secrets import contact_place, vouching_place
from services.identity.bootstrap import seed_demo
from tests.integration.identity.devices import Visit
from tests.integration.identity.second_steps import Person, person
from tests.integration.identity.world import NOTIFY, PASSWORD, RECOVERED, World

WORD_DUE = "identity.contact.vouching_word_due.v1"
STATE, OGYAM = "123456789", "223344556"
NEW = "nora.new@practice.example"
ON_ONE = pytest.mark.parametrize("world", ["sqlite"], indirect=True)
"""For rules that no database has a part in."""
WHY = {"reason": "I know her, and she stood before me."}
BODY = {"email": NEW, **WHY}


@pytest.fixture
def world(world: World) -> World:
    """Nora works where Mary is a primary administrator; there are agents and other managers."""
    world.register()
    (agent,) = [each for each in world.people if each.user_id == "support1"]
    others = [replace(agent, user_id="support2")]
    (mary,) = [each for each in world.people if each.user_id == "mmartin5"]
    others += [replace(mary, user_id=user_id) for user_id in ("secadm01", "geogym1")]
    seed_demo(world.service, world.settings, PASSWORD, others)
    world.holds("newperson", STATE, "medical", "processor")
    world.holds("mmartin5", STATE, "medical", "primary")
    world.holds("secadm01", STATE, "medical", "secondary")
    world.holds("geogym1", OGYAM, "medical", "primary")
    return world


def vouch(who: Person, user_id: str = "newperson", **changed: str) -> TestResponse:
    return who.call("POST", f"/accounts/{user_id}/vouch", BODY | changed)


def settle(who: Person, vouching: dict[str, Any], how: str = "confirm") -> TestResponse:
    return who.call("POST", f"/vouchings/{vouching['id']}/{how}", WHY)


def words(world: World) -> list[tuple[str, str, str | None]]:
    """What is to be told: the word, where, and the token that stops it."""
    told = []
    for data in world.events(WORD_DUE):
        opened = json.loads(unseal([NOTIFY], data["sealed"], vouching_place(data["word_id"])))
        told.append((data["word"], opened["to"], opened.get("code")))
    return told


def verify(world: World, code: str | None = None, user_id: str = "newperson") -> TestResponse:
    body = {"code": world.code() if code is None else code}
    return world.post(f"/accounts/{user_id}/vouched-contact/verify", body)


def send(world: World, user_id: str = "newperson") -> TestResponse:
    return world.post(f"/accounts/{user_id}/vouched-contact/send")


def run(world: World, hours: float) -> int:
    jobs = world.service.jobs
    assert jobs is not None
    moment = world.clock.now() + timedelta(hours=hours)
    foreseen = jobs.forecast("vouched-contacts", moment)
    assert jobs.run("vouched-contacts", moment) == foreseen
    return foreseen


def confirmed(world: World) -> dict[str, Any]:
    """Vouched for by Mary, confirmed by an agent, and verified."""
    vouching: dict[str, Any] = vouch(person(world)).get_json()
    assert settle(person(world, "support1"), vouching).status_code == 200
    assert send(world).status_code == 202
    assert world.mail()["to"] == NEW
    assert verify(world).status_code == 204
    return vouching


def test_a_new_address_works_after_72_hours_and_recovers_the_password__IDN_17_IDN_7(world: World) -> None:
    vouching = confirmed(world)
    assert run(world, 71.9) == 0
    assert world.recover(world.forgot(), "send").status_code == 202
    assert world.mail()["to"] == "nora@practice.example"
    assert run(world, 72.1) == 1
    assert run(world, 72.1) == 0
    world.clock.advance(minutes=61)
    flow = world.forgot()
    assert world.recover(flow, "send").status_code == 202
    assert world.mail()["to"] == NEW
    assert world.prove(flow, world.code()).status_code == 204
    assert world.recover(flow, "password").status_code == 204
    step = world.post("/sign-in", {"user_id": "newperson", "password": RECOVERED}).get_json()
    assert [each["hint"] for each in step["methods"]] == ["n•••@practice.example"]
    assert world.send(step).status_code == 202
    assert (world.mail()["to"], world.verify(step, world.code()).status_code) == (NEW, 200)
    (replaced,) = world.events("identity.contact.replaced.v1")
    assert (replaced["vouching_id"], replaced["person"]) == (vouching["id"], {"value": NEW})
    assert world.events("identity.account.profile_changed.v1")[-1]["person"]["email"] == NEW


def test_all_that_led_to_the_account_goes_with_the_old_mailbox__IDN_17(world: World) -> None:
    visit = Visit(world, "newperson")
    visit.sign_in(remember=True)
    nora = person(world, "newperson")
    nora.with_app()
    nora.with_paper()
    tokens = world.post("/sign-in", {"user_id": "newperson", "password": PASSWORD}).get_json()
    confirmed(world)
    assert run(world, 73) == 1
    assert world.get("/me", nora.token).status_code == 401
    right = world.post("/sign-in", {"user_id": "newperson", "password": PASSWORD})
    wrong = world.post("/sign-in", {"user_id": "newperson", "password": "not-her-password-1"})
    assert (right.status_code, right.get_json()["code"]) == (wrong.status_code, wrong.get_json()["code"])
    assert visit.begin().status_code == 401, "no trusted device stands for it"
    begun = {"method": tokens["methods"][0]["id"]}
    carried = world.post(f"/sign-in/{tokens['challenge']}/send", begun, X_Challenge_Secret=tokens["challenge_secret"])
    assert carried.status_code == 404, "what was begun with the old password is over"
    assert [each["kind"] for each in world.events("identity.authenticator.removed.v1")] == ["totp"]
    assert len(world.events("identity.recovery_codes.removed.v1")) == 1
    assert {each["reason"] for each in world.events("identity.session.ended.v1")} == {"contacts_replaced"}
    assert {each["reason"] for each in world.events("identity.device.revoked.v1")} == {"contacts_replaced"}


@ON_ONE
def test_old_contacts_are_told_at_once_and_each_can_stop_it__IDN_17(world: World) -> None:
    vouching = vouch(person(world)).get_json()
    ((word, to, token),) = words(world)
    assert (word, to) == ("vouched", "nora@practice.example")
    assert world.post("/vouchings/stop", {"token": f" {token} "}).status_code == 204
    assert world.post("/vouchings/stop", {"token": token}).status_code == 404, "once is enough"
    over = settle(person(world, "support1"), vouching)
    assert (over.status_code, over.get_json()["code"]) == (409, "vouching_over")
    (stopped,) = world.events("identity.contact.vouching_stopped.v1")
    assert stopped["vouching_id"] == vouching["id"]


@ON_ONE
def test_it_can_be_stopped_until_it_works__IDN_17(world: World) -> None:
    confirmed(world)
    told = {word: token for word, to, token in words(world) if to == "nora@practice.example"}
    assert set(told) == {"vouched", "confirmed"}
    world.clock.advance(hours=71)
    assert world.post("/vouchings/stop", {"token": told["vouched"]}).status_code == 204
    assert world.post("/vouchings/stop", {"token": told["confirmed"]}).status_code == 404
    assert run(world, 300) == 0
    assert world.events("identity.contact.replaced.v1") == []


@ON_ONE
def test_nothing_stops_what_works_already__IDN_17(world: World) -> None:
    confirmed(world)
    tokens = [token for _, _, token in words(world) if token]
    assert run(world, 73) == 1
    assert [world.post("/vouchings/stop", {"token": each}).status_code for each in tokens] == [404, 404]
    assert [each[:2] for each in words(world)][-2:] == [("replaced", "nora@practice.example"), ("works", NEW)]


@ON_ONE
def test_an_address_that_nobody_verified_never_works__IDN_17_IDN_2(world: World) -> None:
    vouching = vouch(person(world)).get_json()
    assert settle(person(world, "support1"), vouching).status_code == 200
    assert run(world, 73) == 0
    assert run(world, 24 * 14 + 1) == 1
    assert world.events("identity.contact.vouching_expired.v1") != []
    assert world.events("identity.contact.replaced.v1") == []


@ON_ONE
def test_whoever_changes_contacts_meanwhile_is_in_and_stops_it__IDN_17_IDN_5(world: World) -> None:
    confirmed(world)
    nora = person(world, "newperson")
    added = nora.call("POST", "/me/contacts", {"kind": "email", "value": "other@practice.example"}).get_json()
    assert nora.call("POST", f"/me/contacts/{added['id']}/send").status_code == 202
    assert nora.call("POST", f"/me/contacts/{added['id']}/verify", {"code": world.code()}).status_code in {200, 204}
    assert run(world, 73) == 1
    (stopped,) = world.events("identity.contact.vouching_stopped.v1")
    assert stopped["contact_id"] is None


@ON_ONE
def test_an_undo_of_before_brings_no_old_contact_back__IDN_17_IDN_5(world: World) -> None:
    nora = person(world, "newperson")
    added = nora.call("POST", "/me/contacts", {"kind": "email", "value": "other@practice.example"}).get_json()
    assert nora.call("POST", f"/me/contacts/{added['id']}/send").status_code == 202
    assert nora.call("POST", f"/me/contacts/{added['id']}/verify", {"code": world.code()}).status_code in {200, 204}
    data = world.events("identity.contact.notice_due.v1")[-2:]
    opened = [json.loads(unseal([NOTIFY], each["sealed"], contact_place(each["notice_id"]))) for each in data]
    (token,) = [each["code"] for each in opened if "code" in each]
    confirmed(world)
    assert sorted(to for word, to, _ in words(world) if word == "confirmed") == [
        "nora@practice.example",
        "other@practice.example",
    ]
    assert run(world, 73) == 1
    assert world.post("/contacts/undo", {"token": token}).status_code == 422


@ON_ONE
def test_only_a_primary_administrator_of_a_tin_of_theirs_vouches__IDN_17(world: World) -> None:
    assert vouch(person(world, "geogym1")).status_code == 404
    assert vouch(person(world), "nobody55").status_code == 404
    barred = vouch(person(world, "secadm01"))
    assert (barred.status_code, barred.get_json()["code"]) == (403, "not_yours_to_vouch_for")
    assert vouch(person(world), "mmartin5").get_json()["code"] == "not_yours_to_vouch_for"
    world.holds("support2", STATE, "medical", "processor")
    assert vouch(person(world), "support2").get_json()["code"] == "not_yours_to_vouch_for"
    assert world.post("/accounts/newperson/vouch", BODY).status_code == 401
    assert vouch(person(world)).status_code == 201


def stale(world: World, user_id: str) -> Person:
    """Signed in, and the second step a while ago."""
    world.clock.advance(minutes=2)
    tokens = world.signed_in(user_id)
    world.clock.advance(minutes=6)
    return Person(world, world.refresh(tokens["refresh_token"]).get_json()["access_token"])


@ON_ONE
def test_vouching_and_confirming_need_a_fresh_second_step_and_two_people__IDN_17_IDN_3(world: World) -> None:
    assert vouch(stale(world, "mmartin5")).get_json()["code"] == "step_up_required"
    world.holds("support1", STATE, "medical", "primary")
    agent = person(world, "support1")
    own = vouch(agent).get_json()
    assert settle(agent, own).get_json()["code"] == "own_vouching"
    assert settle(person(world), own).status_code == 403
    assert settle(stale(world, "support2"), own).get_json()["code"] == "step_up_required"
    assert settle(person(world, "support2"), own).get_json()["state"] == "confirmed"
    assert settle(person(world, "support2"), own).get_json()["code"] == "vouching_over"


@ON_ONE
def test_whoever_may_vouch_no_more_has_vouched_for_nothing__IDN_17(world: World) -> None:
    vouching = vouch(person(world)).get_json()
    world.holds("mmartin5", STATE, "medical", "secondary")
    assert settle(person(world, "support1"), vouching).get_json()["code"] == "voucher_gone"
    assert settle(person(world, "support1"), vouching, "reject").get_json()["state"] == "rejected"


@ON_ONE
def test_one_at_a_time_and_support_rejects__IDN_17(world: World) -> None:
    mary = person(world)
    vouching = vouch(mary).get_json()
    assert vouch(mary).get_json()["code"] == "vouching_open"
    agent = person(world, "support1")
    listed = agent.call("GET", "/vouchings").get_json()["items"]
    assert [(each["id"], each["email"], each["vouched_by"]) for each in listed] == [(vouching["id"], NEW, "mmartin5")]
    assert person(world, "geogym1").call("GET", "/vouchings").get_json()["items"] == []
    assert settle(agent, vouching, "reject").get_json()["state"] == "rejected"
    assert vouch(person(world)).status_code == 201


@ON_ONE
def test_what_is_typed_wrong_is_named__IDN_17(world: World) -> None:
    mary = person(world)
    for changed, pointer, code in (
        ({"email": "nora"}, "/email", "email_invalid"),
        ({"email": "Nora@practice.example"}, "/email", "address_known"),
        ({"reason": " "}, "/reason", "reason_required"),
    ):
        answer = vouch(mary, **changed)
        (fault,) = answer.get_json()["errors"]
        assert (answer.status_code, fault["pointer"], fault["code"]) == (422, pointer, code)


@ON_ONE
def test_nobody_learns_who_waits_for_a_new_address__IDN_17_IDN_1(world: World) -> None:
    vouching = vouch(person(world)).get_json()
    assert settle(person(world, "support1"), vouching).status_code == 200
    seen = []
    for user_id in ("newperson", "mmartin5", "nobody55"):
        answers = [send(world, user_id), send(world, user_id), verify(world, "000000", user_id)]
        answers += [verify(world, "000000", user_id) for _ in range(5)]
        seen.append([(each.status_code, each.get_json() and each.get_json().get("code")) for each in answers])
    assert seen[0] == seen[1] == seen[2]
    assert [status for status, _ in seen[0]] == [202, 429, 422, 422, 422, 422, 422, 429]


def test_side_by_side_it_is_settled_once__IDN_17(world: World) -> None:
    mary = person(world)
    answers = world.at_once([lambda: vouch(mary)] * 4)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    vouching = next(each.get_json() for each in answers if each.status_code == 201)
    one, other = person(world, "support1"), person(world, "support2")
    token = words(world)[0][2]
    results = world.at_once(
        [
            lambda: settle(one, vouching).status_code,
            lambda: settle(other, vouching).status_code,
            lambda: settle(other, vouching, "reject").status_code,
            lambda: world.post("/vouchings/stop", {"token": token}).status_code,
        ]
    )
    assert 200 in results or 204 in results
    assert set(results) <= {200, 204, 404, 409}
    ends = sum(len(world.events(f"identity.contact.vouching_{how}.v1")) for how in ("rejected", "stopped"))
    assert ends <= 1
