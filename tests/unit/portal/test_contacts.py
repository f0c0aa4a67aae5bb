"""Settings → Contacts, and the page that undoes a change of them."""

from __future__ import annotations

import re

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.contacts import CHANGING, EMAIL, EMAIL_ID, MOBILE, MOBILE_ID, STOPPED, with_contacts
from tests.unit.portal.second_steps import gone_stale
from tests.unit.portal.world import World

API = "/api/identity/v1/me/contacts"
OWN = "/settings/contacts"


@pytest.fixture
def mary(world: World) -> World:
    return with_contacts(world)


def addresses(mary: World, action: str) -> list[str]:
    """Where that may be done, contact by contact."""
    return re.findall(rf'href="({OWN}/[^/"]+/{action})"', mary.get(OWN).text)


def test_each_is_listed_with_its_state_and_what_may_be_done__IDN_5(mary: World) -> None:
    text = mary.get(OWN).text
    assert "mary@clinic.example" in text
    assert "(212) 555-0187" in text
    assert (text.count("Verified"), text.count("Not verified yet")) == (1, 1)
    assert [len(addresses(mary, action)) for action in ("verify", "change", "remove")] == [1, 2, 1]
    assert EMAIL_ID not in text
    assert MOBILE_ID not in text


def test_a_number_that_opted_out_is_told_as_such__NTF_5(mary: World) -> None:
    assert "opted out" not in mary.get(OWN).text
    mary.api.says("GET", API, {"items": [EMAIL, STOPPED], "next": None})
    text = mary.get(OWN).text
    assert "It has opted out of our text messages: no code goes there." in text
    assert "text START to 55501 from that phone" in text


def test_a_changed_address_is_verified_by_the_code_sent_there__IDN_5(mary: World) -> None:
    change = addresses(mary, "change")[0]
    assert 'value="mary@clinic.example"' in mary.get(change).text
    mary.api.says("GET", API, {"items": [CHANGING, MOBILE], "next": None})
    code = mary.post(change, {"value": " mary.featherstonehaugh@elsewhere.example "}).location
    assert mary.api.made("PUT", ".*")[0].body == {"value": "mary.featherstonehaugh@elsewhere.example"}
    assert "We sent a code to mary.featherstonehaugh@elsewhere.example." in mary.get(code).text
    assert mary.post(code, {"code": "123 456"}).location == f"{OWN}?done=verified"
    assert mary.api.made("POST", f"{API}/.*/verify")[0].body == {"code": "123456"}
    text = mary.get(OWN).text
    assert "To be changed to mary.featherstonehaugh@elsewhere.example" in text


def test_a_number_is_added_and_a_code_goes_there_at_once__IDN_5(mary: World) -> None:
    mary.get(f"{OWN}/mobile/add")
    code = mary.post(f"{OWN}/mobile/add", {"value": "212 555 0187"}).location
    assert mary.api.made("POST", API)[0].body == {"kind": "mobile", "value": "212 555 0187"}
    assert "We sent a text message to (212) 555-0187." in mary.get(code).text
    mary.api.says("POST", f"{API}/.*/send", ProblemError(429, "too_many_attempts", retry_after=30))
    again = addresses(mary, "verify")[0]
    mary.get(again)
    assert "One that was sent there a short while ago still counts." in mary.get(mary.post(again).location).text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ProblemError(422, "invalid", errors=[FieldFault("/value", "email_invalid", "")]), "Write an e-mail address"),
        (ProblemError(409, "contact_known"), "You have this contact already."),
    ],
)
def test_what_cannot_be_taken_stands_beside_what_was_typed__IDN_5(
    mary: World, problem: ProblemError, said: str
) -> None:
    mary.api.says("POST", API, problem)
    mary.get(f"{OWN}/email/add")
    refused = mary.post(f"{OWN}/email/add", {"value": "mary"})
    assert refused.status_code == 422
    assert said in refused.text
    assert 'value="mary"' in refused.text


def test_a_wrong_code_verifies_nothing__IDN_2(mary: World) -> None:
    code = mary.post(mary_at(mary, "verify")).location
    mary.get(code)
    fault = FieldFault("/code", "code_wrong", "")
    mary.api.says("POST", f"{API}/.*/verify", ProblemError(422, "code_wrong", errors=[fault]))
    refused = mary.post(code, {"code": "000000"})
    assert (refused.status_code, "This is not the code from our latest message." in refused.text) == (422, True)


def mary_at(mary: World, action: str) -> str:
    address = addresses(mary, action)[0]
    mary.get(address)
    return address


def test_a_contact_is_removed__IDN_5(mary: World) -> None:
    assert mary.post(mary_at(mary, "remove")).location == f"{OWN}?done=removed"
    assert mary.api.made("DELETE", ".*")[0].path == f"{API}/{MOBILE_ID}"


def test_the_last_address_is_not_removed_behind_ones_back__IDN_5(world: World) -> None:
    mary = with_contacts(world, EMAIL, EMAIL | {"id": MOBILE_ID, "value": "second@clinic.example"})
    removal = mary_at(mary, "remove")
    mary.api.says("DELETE", f"{API}/.*", ProblemError(409, "last_contact"))
    refused = mary.post(removal)
    assert (refused.status_code, "This is your only verified e-mail address" in refused.text) == (422, True)


def test_a_stale_second_step_is_made_anew_before_anything_is_typed__IDN_3(mary: World) -> None:
    change = addresses(mary, "change")[0]
    gone_stale(mary)
    assert mary.get(change).location == "/settings/confirm"


def test_a_change_is_undone_by_whoever_has_the_message__IDN_5(world: World) -> None:
    assert "data-from-address" in world.get("/contacts/undo").text
    world.api.says("POST", "/api/identity/v1/contacts/undo", Answer(204, None, {}))
    assert world.post("/contacts/undo", {"token": " kJx-2vQ\n"}).location == "/contacts/undone"
    (call,) = world.api.made("POST", "/api/identity/v1/contacts/undo")
    assert call.body == {"token": "kJx-2vQ"}
    assert "Choose a new password" in world.get("/contacts/undone").text


def test_what_undoes_nothing_is_said_and_not_shown_again__IDN_16(world: World) -> None:
    world.get("/contacts/undo")
    assert world.post("/contacts/undo", {"token": ""}).status_code == 422
    fault = FieldFault("/token", "undo_not_valid", "")
    world.api.says("POST", "/api/identity/v1/contacts/undo", ProblemError(422, "undo_not_valid", errors=[fault]))
    refused = world.post("/contacts/undo", {"token": "kJx-2vQ"})
    assert (refused.status_code, "This code undoes nothing" in refused.text) == (422, True)
    assert "kJx-2vQ" not in refused.text
