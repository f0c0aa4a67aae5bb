"""Passkeys over HTTP and on both databases: added, as a second step, alone, and all at once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.adapters.tables import passkey, session
from tests.integration.identity.second_steps import MEDICAL, Person, person, prove
from tests.integration.identity.test_enumeration import seen
from tests.integration.identity.world import ISSUER, World
from tests.unit.identity.security_key import SecurityKey, octets_of


def begin_alone(world: World) -> dict[str, Any]:
    answer = world.post("/sign-in/passkey", {})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def answer_alone(world: World, flow: dict[str, Any], assertion: dict[str, Any]) -> TestResponse:
    body = {"challenge": flow["challenge"], "assertion": assertion}
    return world.post("/sign-in/passkey", body, X_Challenge_Secret=flow["challenge_secret"])


def test_a_passkey_is_added_named_used_and_removed__IDN_3(world: World) -> None:
    mary = person(world)
    begun = mary.begin_passkey()
    options = begun["options"]
    assert options["rp"] == {"id": "id.example.test", "name": "Wardenry"}
    assert b"mmartin5" not in octets_of(options["user"]["id"])
    assert mary.call("GET", "/me/authenticators").get_json() == {"items": [], "next": None}
    key = SecurityKey(MEDICAL)
    refused = mary.confirm_passkey(begun, key.create(options, origin="https://evil.test"))
    assert (refused.status_code, refused.get_json()["code"]) == (422, "passkey_refused")
    assert refused.get_json()["errors"][0]["pointer"] == "/attestation"
    added = mary.confirm_passkey(begun, key.create(options))
    assert (added.status_code, added.get_json()["suspended_at"]) == (200, None)
    own = added.get_json()["id"]
    renamed = mary.call("PATCH", f"/me/authenticators/{own}", {"name": "Work laptop"})
    assert renamed.get_json()["name"] == "Work laptop"
    step = world.begin()
    assert step["methods"][0] == {"id": "passkey", "kind": "passkey", "hint": "Work laptop"}
    assertion = key.sign(step["passkey_options"])
    assert prove(world, step, {"method": "passkey", "assertion": assertion}).get_json()["state"] == "signed_in"
    (listed,) = mary.call("GET", "/me/authenticators").get_json()["items"]
    assert (listed["id"], listed["kind"]) == (own, "passkey")
    assert datetime.fromisoformat(listed["used_at"]) == world.clock.now()
    assert mary.call("DELETE", f"/me/authenticators/{own}").status_code == 204
    assert world.begin()["passkey_options"] is None
    for happened in ("added", "renamed", "removed"):
        (told,) = world.events(f"identity.authenticator.{happened}.v1")
        assert told == {"user_id": "mmartin5", "authenticator_id": own, "kind": "passkey"}
    assert world.events("identity.sign_in.succeeded.v1")[-1]["amr"] == ["pwd", "pop", "mfa"]


@pytest.mark.parametrize("origin", [ISSUER, MEDICAL, "https://behavioral.example.test"])
def test_it_signs_in_alone_from_every_site__IDN_3(world: World, origin: str) -> None:
    key = person(world).with_passkey()
    key.origin = origin
    flow = begin_alone(world)
    assert flow["state"] == "passkey"
    answer = answer_alone(world, flow, key.sign(flow["passkey_options"]))
    mary = Person(world, answer.get_json()["access_token"])
    assert mary.call("GET", "/me").get_json()["user_id"] == "mmartin5"
    told = world.events("identity.sign_in.succeeded.v1")[-1]
    assert (told["acr"], told["amr"]) == ("urn:wardenry:acr:passkey", ["pop", "user", "mfa"])
    assert answer_alone(world, flow, key.sign(flow["passkey_options"])).status_code == 404


def test_the_sites_that_may_ask_are_published__IDN_3(world: World) -> None:
    answer = world.service.app.test_client().get("/.well-known/webauthn")
    assert answer.get_json() == {"origins": [ISSUER, MEDICAL, "https://behavioral.example.test"]}
    configuration = world.service.app.test_client().get("/.well-known/openid-configuration").get_json()
    assert "urn:wardenry:acr:passkey" in configuration["acr_values_supported"]


def test_a_known_and_an_unknown_passkey_are_refused_alike__IDN_1(world: World) -> None:
    known = person(world).with_passkey()
    answers = []
    for key in (known, SecurityKey(MEDICAL)):
        flow = begin_alone(world)
        assert "allowCredentials" not in flow["passkey_options"] or not flow["passkey_options"]["allowCredentials"]
        answers.append(seen(answer_alone(world, flow, key.sign(flow["passkey_options"], party="evil.test"))))
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][2]["code"]) == (401, "sign_in_failed")


@pytest.mark.parametrize("body", [{"challenge": "01a20371-7796-7131-bff1-726d59491d0d"}, {"assertion": {"id": "x"}}])
def test_challenge_and_assertion_go_together__IDN_3(world: World, body: dict[str, Any]) -> None:
    answer = world.post("/sign-in/passkey", body)
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (422, "required")


def test_a_wrong_signature_is_refused_where_it_stands__IDN_3(world: World) -> None:
    key, step = person(world).with_passkey(), world.begin()
    refused = prove(world, step, {"method": "passkey", "assertion": key.sign(step["passkey_options"], party="x")})
    told = refused.get_json()["errors"][0]
    assert (refused.status_code, told["code"], told["pointer"]) == (422, "code_wrong", "/assertion")
    empty = prove(world, step, {"method": "passkey"})
    assert (empty.status_code, empty.get_json()["errors"][0]["code"]) == (422, "required")


def test_it_steps_up_and_what_was_begun_stale_is_refused__IDN_3(world: World) -> None:
    tokens = world.signed_in()
    mary = Person(world, tokens["access_token"])
    key, begun = mary.with_passkey(), mary.begin_passkey("Another")
    world.clock.advance(minutes=4, seconds=59)
    mary = Person(world, world.refresh(tokens["refresh_token"]).get_json()["access_token"])
    world.clock.advance(seconds=2)
    other = SecurityKey(MEDICAL).create(begun["options"])
    assert mary.confirm_passkey(begun, other).get_json()["code"] == "step_up_required"
    step = mary.begin_up()
    body = {"method": "passkey", "assertion": key.sign(step["passkey_options"])}
    assert mary.prove_up(step, body).get_json()["acr"] == "urn:wardenry:acr:passkey"
    assert mary.confirm_passkey(begun, other).status_code == 200


def test_of_four_uses_of_an_answer_at_once_one_succeeds__IDN_3(world: World) -> None:
    key, flow, step = person(world).with_passkey(), begin_alone(world), world.begin()
    before = world.count(session)
    alone, second = key.sign(flow["passkey_options"]), key.sign(step["passkey_options"])
    answers = world.at_once([lambda: answer_alone(world, flow, alone)] * 4)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 3}
    answers = world.at_once([lambda: prove(world, step, {"method": "passkey", "assertion": second})] * 4)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 3}
    assert world.count(session) == before + 2
    assert world.events("identity.authenticator.suspended.v1") == []  # the same answer twice is no copy of the key


def test_a_key_that_two_add_at_once_is_one_accounts__IDN_3(world: World) -> None:
    key = SecurityKey(MEDICAL)
    people = [person(world), person(world, "support1")]
    begun = [each.begin_passkey() for each in people]
    made = [key.create(each["options"]) for each in begun]
    answers = world.at_once(
        [lambda at=at: people[at].confirm_passkey(begun[at], made[at]) for at in (0, 1)]  # type: ignore[misc]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert world.count(passkey) == 1


def test_a_copied_key_is_suspended_for_all_to_see__IDN_3(world: World) -> None:
    mary = person(world)
    key = mary.with_passkey()
    copy = key.copy()
    for signs, status in ((key, 200), (copy, 401), (key, 401)):
        flow = begin_alone(world)
        assert answer_alone(world, flow, signs.sign(flow["passkey_options"])).status_code == status
    (listed,) = mary.call("GET", "/me/authenticators").get_json()["items"]
    assert listed["suspended_at"] is not None
    (told,) = world.events("identity.authenticator.suspended.v1")
    assert told == {"user_id": "mmartin5", "authenticator_id": listed["id"], "kind": "passkey"}


def test_a_key_is_made_once_for_a_repeated_call__IDN_3(world: World) -> None:
    mary, body = person(world), {"kind": "passkey", "name": "My laptop"}
    first = mary.call("POST", "/me/authenticators", body, Idempotency_Key="a-key-for-a-key")
    again = mary.call("POST", "/me/authenticators", body, Idempotency_Key="a-key-for-a-key")
    assert first.get_json() == again.get_json()
