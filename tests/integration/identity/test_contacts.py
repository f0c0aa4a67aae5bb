"""One's contacts over HTTP, on both kinds of database (IDN-5)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.security.sealing import unseal
from services.identity.adapters.contact_tables import contact_change
from services.identity.adapters.secrets import contact_place
from tests.integration.identity.devices import Visit
from tests.integration.identity.second_steps import Person, person
from tests.integration.identity.world import NOTIFY, World

OLD, NEW, MOBILE = "mmartin5@example.com", "mary@elsewhere.example", "+12125550199"
GIVEN = "+12125550187"
"""A number that Mary has given and nobody has verified."""


def contacts(mary: Person) -> list[tuple[str, bool, str | None]]:
    """All but the number that was never verified."""
    found = mary.call("GET", "/me/contacts").get_json()["items"]
    return [(each["value"], each["verified"], each["pending"]) for each in found if each["value"] != GIVEN]


def id_of(mary: Person, value: str = OLD) -> str:
    found = mary.call("GET", "/me/contacts").get_json()["items"]
    return str(next(each["id"] for each in found if each["value"] == value))


def add(mary: Person, value: str = NEW, kind: str = "email") -> TestResponse:
    return mary.call("POST", "/me/contacts", {"kind": kind, "value": value})


def change(mary: Person, value: str = NEW, contact: str | None = None) -> TestResponse:
    return mary.call("PUT", f"/me/contacts/{contact or id_of(mary)}", {"value": value})


def send(mary: Person, contact: str) -> TestResponse:
    return mary.call("POST", f"/me/contacts/{contact}/send")


def verify(mary: Person, contact: str, code: str) -> TestResponse:
    return mary.call("POST", f"/me/contacts/{contact}/verify", {"code": code})


def verified(mary: Person, contact: str) -> None:
    mary.world.clock.advance(seconds=61)
    assert send(mary, contact).status_code == 202
    assert verify(mary, contact, mary.world.code()).status_code == 200


def changed(mary: Person, value: str = NEW, of: str = OLD) -> str:
    """The address is another one now; the contact's identifier."""
    contact = id_of(mary, of)
    assert change(mary, value, contact).status_code == 200
    verified(mary, contact)
    return contact


def added(mary: Person, value: str = NEW, kind: str = "email") -> str:
    answer = add(mary, value, kind)
    assert answer.status_code == 201, answer.text
    verified(mary, answer.get_json()["id"])
    return str(answer.get_json()["id"])


def told(world: World) -> list[dict[str, Any]]:
    """Whom identity had told, and what undoes it, oldest first."""
    events = world.events("identity.contact.notice_due.v1")
    return [each | json.loads(unseal([NOTIFY], each["sealed"], contact_place(each["notice_id"]))) for each in events]


def tokens(world: World, to: str) -> list[str]:
    return [each["code"] for each in told(world) if each["to"] == to and "code" in each]


def undo(world: World, token: str) -> TestResponse:
    return world.post("/contacts/undo", {"token": token})


def test_a_changed_address_works_once_verified_and_until_then_the_old_one__IDN_5(world: World) -> None:
    mary = person(world)
    contact = id_of(mary)
    answer = change(mary, " Mary@Elsewhere.example ", contact)
    assert (answer.status_code, answer.get_json()["pending"]) == (200, "Mary@elsewhere.example")
    assert contacts(mary) == [(OLD, True, "Mary@elsewhere.example")]
    assert (told(world), world.events("identity.account.profile_changed.v1")) == ([], [])
    assert world.begin()["methods"][0]["hint"].endswith("example.com")
    world.clock.advance(seconds=61)
    assert send(mary, contact).get_json() == {"resend_after": 60}
    assert world.mail()["to"] == "Mary@elsewhere.example"
    assert world.events("identity.code.requested.v1")[-1]["purpose"] == "contact"
    assert verify(mary, contact, world.code()).get_json()["verified"] is True
    assert contacts(mary) == [("Mary@elsewhere.example", True, None)]
    assert world.begin()["methods"][0]["hint"].endswith("elsewhere.example")
    assert world.events("identity.account.profile_changed.v1")[-1]["person"]["email"] == "Mary@elsewhere.example"


def test_old_and_new_are_told_and_the_old_one_alone_can_undo_it__IDN_5(world: World) -> None:
    changed(person(world))
    assert [(each["to"], each["standing"], each["turn"], "code" in each) for each in told(world)] == [
        (OLD, "former", "changed", True),
        (NEW, "new", "changed", False),
    ]
    assert {each["person"]["hint"] for each in told(world)} == {"m•••@elsewhere.example"}
    (fact,) = world.events("identity.contact.changed.v1")
    assert fact["person"] == {"value": NEW, "former": OLD}


def test_undoing_puts_the_old_one_back_and_everybody_out__IDN_5(world: World) -> None:
    visit = Visit(world)
    mary, owner = visit.person(remember=True), person(world)
    changed(mary)
    app = mary.with_app()
    (token,) = tokens(world, OLD)
    assert undo(world, token).status_code == 204
    assert [each.call("GET", "/me").status_code for each in (mary, owner)] == [401, 401]
    assert visit.state() == "device_not_trusted"
    assert [each["kind"] for each in world.begin()["methods"]] == ["email"], f"{app.id} was added since"
    again = person(world)
    assert contacts(again) == [(OLD, True, None)]
    assert [(each["to"], each["standing"], "code" in each) for each in told(world)[-2:]] == [
        (OLD, "former", False),
        (NEW, "new", False),
    ]
    assert {each["reason"] for each in world.events("identity.session.ended.v1")} == {"contact_change_undone"}
    assert world.events("identity.account.profile_changed.v1")[-1]["person"]["email"] == OLD
    (undone,) = world.events("identity.contact.change_undone.v1")
    assert [each["value"] for each in undone["person"]["contacts"]] == [OLD]


def test_undoing_undoes_all_that_came_after_it__IDN_5(world: World) -> None:
    mary = person(world)
    changed(mary)
    added(mary, MOBILE, "mobile")
    changed(mary, "third@elsewhere.example", NEW)
    first, theirs = tokens(world, OLD)[0], tokens(world, NEW)[-1]
    assert undo(world, first).status_code == 204
    assert contacts(person(world)) == [(OLD, True, None)]
    refused = undo(world, theirs)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "undo_not_valid")
    assert refused.get_json()["errors"][0]["pointer"] == "/token"


def test_it_can_be_undone_once_and_for_72_hours__IDN_5(world: World) -> None:
    changed(person(world))
    (token,) = tokens(world, OLD)
    world.clock.advance(hours=71, minutes=50)
    answered = world.at_once([lambda: undo(world, token)] * 3)
    assert sorted(answer.status_code for answer in answered) == [204, 422, 422]
    changed(person(world))
    world.clock.advance(hours=72)
    assert undo(world, tokens(world, OLD)[-1]).status_code == 422
    assert contacts(person(world)) == [(NEW, True, None)]
    assert undo(world, "never-a-token").status_code == 422


def test_undoing_outdates_flows_that_the_new_address_had_opened__IDN_7(world: World) -> None:
    user_id = world.register()
    nora = Person(world, world.signed_in(user_id)["access_token"])
    changed(nora, NEW, "nora@practice.example")
    world.clock.advance(seconds=1)
    flow = world.forgot(user_id)
    assert world.recover(flow, "send").status_code == 202
    assert world.mail()["to"] == NEW
    assert world.prove(flow, world.code()).status_code == 204
    world.clock.advance(seconds=1)
    assert undo(world, tokens(world, "nora@practice.example")[0]).status_code == 204
    assert world.recover(flow, "password").status_code == 404


def test_a_change_outdates_recoveries_of_the_old_address__IDN_5(world: World) -> None:
    user_id = world.register()
    nora = Person(world, world.signed_in(user_id)["access_token"])
    flow = world.forgot(user_id)
    world.recover(flow, "send")
    assert world.prove(flow, world.code()).status_code == 204
    changed(nora, NEW, "nora@practice.example")
    assert world.recover(flow, "password").status_code == 404


def test_trusted_devices_ask_for_a_second_step_after_a_change__IDN_4(world: World) -> None:
    visit = Visit(world)
    mary = visit.person(remember=True)
    assert visit.state() == "signed_in"
    changed(mary)
    assert visit.state() == "account_changed"


def test_a_number_is_verified_by_text_message__IDN_2_IDN_5(world: World) -> None:
    mary = person(world)
    assert add(mary, "(212) 555-0199", "mobile").get_json()["value"] == MOBILE
    verified(mary, id_of(mary, MOBILE))
    assert world.events("identity.code.requested.v1")[-1]["channel"] == "sms"
    assert contacts(mary) == [(OLD, True, None), (MOBILE, True, None)]
    assert [(each["to"], each["channel"], each["turn"]) for each in told(world)] == [
        (OLD, "email", "added"),
        (MOBILE, "sms", "added"),
    ]
    assert world.events("identity.account.profile_changed.v1")[-1]["person"]["mobile"] == MOBILE


def test_everything_needs_a_step_of_the_last_five_minutes__IDN_3(world: World) -> None:
    signed_in = world.signed_in()
    contact = id_of(Person(world, signed_in["access_token"]))
    world.clock.advance(minutes=5, seconds=1)
    mary = Person(world, world.refresh(signed_in["refresh_token"]).get_json()["access_token"])
    calls = [
        add(mary),
        change(mary, NEW, contact),
        mary.call("DELETE", f"/me/contacts/{contact}"),
        send(mary, contact),
        verify(mary, contact, "123456"),
    ]
    assert {(each.status_code, each.get_json()["code"]) for each in calls} == {(403, "step_up_required")}


def test_codes_for_contacts_have_the_limits_of_all_codes__IDN_2(world: World) -> None:
    mary = person(world)
    contact = id_of(mary)
    change(mary, NEW, contact)
    assert [send(mary, contact).status_code for _ in range(2)] == [202, 429]
    right = world.code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    assert [verify(mary, contact, wrong).status_code for _ in range(5)] == [422] * 5
    assert verify(mary, contact, right).status_code == 429
    assert contacts(mary) == [(OLD, True, NEW)]


def test_a_code_verifies_what_it_was_sent_to_and_nothing_else__IDN_2(world: World) -> None:
    mary = person(world)
    contact, other = id_of(mary), add(mary, MOBILE, "mobile").get_json()["id"]
    change(mary, NEW, contact)
    send(mary, contact)
    code = world.code()
    assert verify(mary, other, code).get_json()["code"] == "code_wrong"
    change(mary, "third@elsewhere.example", contact)
    assert verify(mary, contact, code).get_json()["code"] == "code_wrong"
    step = mary.begin_up()
    assert mary.verify_up(step, step["methods"][0]["id"], code).status_code == 422


def test_one_verified_address_stays__IDN_5(world: World) -> None:
    mary = person(world)
    contact = id_of(mary)
    added(mary, MOBILE, "mobile")
    assert add(mary).status_code == 201
    refused = mary.call("DELETE", f"/me/contacts/{contact}")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "last_contact")
    verified(mary, id_of(mary, NEW))
    assert mary.call("DELETE", f"/me/contacts/{contact}").status_code == 204
    assert [value for value, *_ in contacts(mary)] == [MOBILE, NEW]
    assert world.events("identity.account.profile_changed.v1")[-1]["person"]["email"] == NEW
    assert undo(world, tokens(world, OLD)[-1]).status_code == 204
    assert [value for value, *_ in contacts(person(world))] == [OLD, MOBILE, NEW]


def test_of_two_removals_at_once_one_address_stays__IDN_5(world: World) -> None:
    mary = person(world)
    both = [id_of(mary), added(mary)]
    calls = [lambda each=each: mary.call("DELETE", f"/me/contacts/{each}") for each in both]
    assert sorted(answer.status_code for answer in world.at_once(calls)) == [204, 409]


def test_nobody_elses_contact_is_there__IDN_5(world: World) -> None:
    agent, mary = person(world, "support1"), person(world)
    theirs = id_of(agent, "support1@example.com")
    calls = [
        change(mary, NEW, theirs),
        send(mary, theirs),
        verify(mary, theirs, "123456"),
        mary.call("DELETE", f"/me/contacts/{theirs}"),
    ]
    assert [each.status_code for each in calls] == [404] * 4


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"kind": "email", "value": "not an address"}, "/value", "email_invalid"),
        ({"kind": "email", "value": "mary@one\r\nBcc: all@two.example"}, "/value", "email_invalid"),
        ({"kind": "mobile", "value": "12"}, "/value", "phone_invalid"),
        ({"kind": "pigeon", "value": "coo"}, "/kind", None),
        ({"kind": "email"}, "/value", "required"),
    ],
)
def test_what_is_no_contact_is_refused_at_its_field__REG_5(
    world: World, body: dict[str, str], pointer: str, code: str | None
) -> None:
    answer = person(world).call("POST", "/me/contacts", body)
    (fault,) = answer.get_json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, pointer)
    assert code in {None, fault["code"]}


def test_a_contact_is_there_once_stays_what_it_is_and_has_bounds__IDN_5_OPS_8(world: World) -> None:
    mary = person(world)
    contact = id_of(mary)
    assert add(mary, OLD.upper()).get_json()["code"] == "contact_known"
    fixed = mary.call("PUT", f"/me/contacts/{contact}", {"kind": "mobile", "value": MOBILE})
    assert fixed.get_json()["errors"][0]["code"] == "kind_fixed"
    assert send(mary, contact).get_json()["code"] == "already_verified"
    assert change(mary, NEW, contact).status_code == change(mary, OLD, contact).status_code == 200
    assert contacts(mary) == [(OLD, True, None)]
    assert [add(mary, f"more{n}@example.com").status_code for n in range(5)] == [201, 201, 201, 201, 409]


def test_the_same_key_adds_once__REG_9(world: World) -> None:
    mary = person(world)
    body = {"kind": "email", "value": NEW}
    both = [mary.call("POST", "/me/contacts", body, Idempotency_Key="one-form-0123456789") for _ in range(2)]
    assert both[0].get_json() == both[1].get_json()
    assert len(contacts(mary)) == 2


def test_no_token_is_kept_and_what_it_undoes_goes_with_it__IDN_16(world: World) -> None:
    changed(person(world))
    (token,) = tokens(world, OLD)
    with world.service.engine.connect().execution_options(write=False) as connection:
        (row,) = connection.execute(select(contact_change)).all()
    assert token not in str(row)
    assert token not in json.dumps(world.events("identity.contact.changed.v1"))
    world.clock.advance(hours=98)
    for errand in world.service.errands:
        errand.step()
    assert world.count(contact_change) == 0
