"""Codes by text message, over HTTP, on both kinds of database: to verified numbers that take texts (IDN-2, NTF-5)."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from services.identity.adapters.contact_tables import opted_out_number
from tests.integration.identity.second_steps import Person, person, verify
from tests.integration.identity.world import World

MOBILE, OTHER = "+12125550199", "+12125550198"
STOPPED, BACK = "notify.number.opted_out.v1", "notify.number.opted_in.v1"


def turn(world: World, event_type: str, sequence: int, number: str = MOBILE) -> None:
    """What notify tells of a number."""
    data = {"short_code": "55501", "at": "2026-03-02T09:30:00Z", "person": {"mobile": number}}
    world.deliver(event_type, f"number/{number[1:]}", data, sequence)


def with_number(world: World, number: str = MOBILE) -> Person:
    """Mary, with a mobile number that she has verified."""
    mary = person(world)
    contact = mary.call("POST", "/me/contacts", {"kind": "mobile", "value": number}).get_json()["id"]
    assert mary.call("POST", f"/me/contacts/{contact}/send").status_code == 202
    assert mary.call("POST", f"/me/contacts/{contact}/verify", {"code": world.code()}).status_code == 200
    world.clock.advance(minutes=2)
    return mary


def text_of(step: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in step["methods"] if each["kind"] == "sms")


def send(world: World, step: dict[str, Any], method: str) -> TestResponse:
    secret = step["challenge_secret"]
    return world.post(f"/sign-in/{step['challenge']}/send", {"method": method}, X_Challenge_Secret=secret)


def test_a_code_by_text_signs_in_to_a_class_of_its_own__IDN_1_IDN_2(world: World) -> None:
    with_number(world)
    step = world.begin()
    assert [each["kind"] for each in step["methods"]] == ["email", "sms"]
    assert "not_offered" not in step
    way = text_of(step)
    assert way["hint"] == "•••99"
    assert send(world, step, way["id"]).get_json() == {"resend_after": 60}
    asked = world.events("identity.code.requested.v1")[-1]
    assert (asked["channel"], asked["purpose"]) == ("sms", "sign_in")
    assert "sealed" in asked
    assert MOBILE not in str(asked)
    assert world.mail()["to"] == MOBILE
    signed_in = verify(world, step, way["id"], world.code())
    assert signed_in.status_code == 200
    (latest,) = world.events("identity.sign_in.succeeded.v1")[-1:]
    assert (latest["acr"], latest["amr"]) == ("urn:wardenry:acr:text-code", ["pwd", "otp", "sms"])


def test_a_number_that_nobody_verified_gets_no_code__IDN_2(world: World) -> None:
    mary = person(world)
    contact = mary.call("POST", "/me/contacts", {"kind": "mobile", "value": MOBILE}).get_json()["id"]
    world.clock.advance(minutes=2)
    step = world.begin()
    assert [each["kind"] for each in step["methods"]] == ["email"]
    refused = send(world, step, contact)
    assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (422, "method_unknown")


def test_each_way_has_limits_of_its_own_and_one_code_counts__IDN_2(world: World) -> None:
    with_number(world)
    step = world.begin()
    mail, text = (each["id"] for each in step["methods"])
    assert send(world, step, mail).status_code == 202
    by_mail = world.code()
    assert send(world, step, text).status_code == 202
    again = send(world, step, text)
    assert (again.status_code, again.headers["Retry-After"]) == (429, "60")
    assert verify(world, step, mail, by_mail).get_json()["code"] == "code_wrong"
    assert verify(world, step, mail, world.code()).get_json()["code"] == "code_wrong"
    assert verify(world, step, text, world.code()).status_code == 200


def test_an_opted_out_number_is_not_offered_and_why_is_told__IDN_2_NTF_5(world: World) -> None:
    mary = with_number(world)
    before = world.begin()
    turn(world, STOPPED, 1)
    step = world.begin()
    assert [each["kind"] for each in step["methods"]] == ["email"]
    withheld = {"kind": "sms", "hint": "•••99", "reason": "number_opted_out", "short_code": "55501"}
    assert step["not_offered"] == [withheld]
    refused = send(world, before, text_of(before)["id"])
    assert (refused.status_code, refused.get_json()["code"]) == (409, "number_opted_out")
    assert refused.get_json()["short_code"] == "55501"
    assert "text START to 55501" in refused.get_json()["detail"]
    assert world.count(opted_out_number) == 1
    assert mary.begin_up()["not_offered"] == [withheld]
    seen = mary.call("GET", "/me/contacts").get_json()["items"][-1]
    assert (seen["value"], seen["opted_out"], seen["short_code"]) == (MOBILE, True, "55501")
    turn(world, BACK, 2)
    assert text_of(world.begin())["hint"] == "•••99"
    assert mary.begin_up()["not_offered"] == []
    assert world.count(opted_out_number) == 0


def test_what_a_number_said_before_anybody_had_it_counts__NTF_5(world: World) -> None:
    turn(world, STOPPED, 1, OTHER)
    mary = person(world)
    contact = mary.call("POST", "/me/contacts", {"kind": "mobile", "value": OTHER}).get_json()["id"]
    refused = mary.call("POST", f"/me/contacts/{contact}/send")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "number_opted_out")


def test_a_code_by_text_is_a_fresh_second_step__IDN_3(world: World) -> None:
    mary = with_number(world)
    step = mary.begin_up()
    way = text_of(step)["id"]
    path, secret = f"/me/step-up/{step['challenge']}/send", step["challenge_secret"]
    assert mary.call("POST", path, {"method": way}, X_Challenge_Secret=secret).status_code == 202
    assert mary.verify_up(step, way, world.code()).get_json()["acr"] == "urn:wardenry:acr:text-code"
