"""Adding new users, their credentials, and the list of invitations (REG-15)."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.inviting import (
    INVITATION,
    MATRIX,
    ROOT,
    SECRETS,
    TYPED,
    VERSION,
    changing,
    come_to_credentials,
    come_to_matrix,
    come_to_review,
    handed_out,
    inviting,
    refused,
)
from tests.unit.portal.practices import OGYAM, STATE_MEDICAL, manager
from tests.unit.portal.world import World


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return inviting(world)


def sent(world: World, path: str = ROOT) -> list[object]:
    return [call.body for call in world.api.calls if call.method == "POST" and call.path == path]


def test_from_people_over_the_matrix_to_credentials__REG_15(managing: World) -> None:
    come_to_credentials(managing)
    (body,) = sent(managing)
    assert body == {
        "people": [{"first_name": "Ana", "last_name": "Lee", "email": "ana@example.com"}],
        "access": [
            {
                "tin": STATE_MEDICAL,
                "line": "medical",
                "level": "processor",
                "functions": ["patient_coverage"],
                "until": None,
            }
        ],
    }
    shown = managing.get("/users/new/credentials").text
    assert all(secret in shown for secret in SECRETS.values())


def test_several_people_are_added_and_removed_with_nothing_lost__REG_15(managing: World) -> None:
    managing.get("/users/new")
    two = managing.post("/users/new", {**TYPED, "go": "add"}).text
    assert 'name="email-1"' in two
    assert 'value="ana@example.com"' in two
    bob = {"first_name-1": "Bob", "last_name-1": "Ray", "email-1": "bob@example.com"}
    one = managing.post("/users/new", {**TYPED, **bob, "go": "remove-0"}).text
    assert 'value="bob@example.com"' in one
    assert "ana@example.com" not in one
    assert 'value="bob@example.com"' in managing.get("/users/new").text


def test_what_is_missing_is_told_beside_its_field__REG_15(managing: World) -> None:
    managing.get("/users/new")
    answer = managing.post("/users/new", {**TYPED, "email-0": " "})
    assert answer.status_code == 422
    assert "Person 1, E-mail address" in answer.text


def test_coverage_is_ticked_to_begin_with__REG_15(managing: World) -> None:
    come_to_matrix(managing)
    page = managing.get("/users/new/access").text
    for tin in (STATE_MEDICAL, OGYAM):
        box = re.search(rf'<input[^>]*name="may-{tin}-medical" value="patient_coverage"[^>]*>', page)
        assert box
        assert " checked" in box[0]
    assert managing.post("/users/new/access", {}).status_code == 422


def test_nothing_is_sent_before_it_is_confirmed__ENT_7(managing: World) -> None:
    come_to_review(managing)
    assert sent(managing) == []
    page = managing.get("/users/new/confirm").text
    assert "Ana" in page
    assert "State Medical Center" in page


def test_what_registration_finds_wrong_leads_back_to_its_field__REG_15(managing: World) -> None:
    come_to_review(managing)
    managing.api.says("POST", ROOT, refused("email_invalid", "/people/0/email"))
    answer = managing.post("/users/new/confirm")
    assert answer.status_code == 422
    assert 'href="/users/new#email-0"' in answer.text


def test_what_a_rule_forbids_is_told_and_nothing_is_lost__GO_2(managing: World) -> None:
    come_to_review(managing)
    violation = {"tin": STATE_MEDICAL, "line": "medical", "code": "not_yours_to_give", "detail": ""}
    managing.api.says("POST", ROOT, ProblemError(403, "not_yours_to_give", members={"violations": [violation]}))
    assert "You may not give or take this" in managing.post("/users/new/confirm").text
    assert managing.get("/users/new/confirm").status_code == 200


def test_credentials_are_shown_for_five_minutes__REG_15(managing: World) -> None:
    come_to_credentials(managing)
    managing.clock.advance(minutes=4, seconds=59)
    assert SECRETS["temporary_password"] in managing.get("/users/new/credentials").text
    managing.clock.advance(seconds=1)
    assert SECRETS["temporary_password"] not in managing.get("/users/new/credentials").text


def test_credentials_are_downloaded_once__REG_15(managing: World) -> None:
    made = handed_out()
    evil = {**made, "person": {**made["person"], "first_name": "=1+1"}}
    managing.api.says("POST", ROOT, {"items": [evil], "next": None})
    come_to_credentials(managing)
    managing.get("/users/new/credentials")
    answer = managing.post("/users/new/credentials/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="credentials.csv"'
    ((name, *_, password, _),) = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]
    assert (name, password) == ("'=1+1 Lee", SECRETS["temporary_password"])
    assert SECRETS["temporary_password"] not in managing.get("/users/new/credentials").text
    assert managing.post("/users/new/credentials/file").status_code == 303


@pytest.mark.parametrize("view", ["open", "redeemed", "ended"])
def test_invitations_by_what_became_of_them__REG_15(managing: World, view: str) -> None:
    page = managing.get(f"/users/invitations?view={view}").text
    assert "Ana Lee" in page
    assert INVITATION not in page
    assert ("Take back" in page) is (view == "open")


def test_renewing_shows_another_password_once__REG_15(managing: World) -> None:
    page = managing.get("/users/invitations").text
    action = re.search(r'action="(/users/invitations/[^/"]+/renew)"', page)
    assert action
    assert managing.post(action[1]).location == "/users/new/credentials"
    assert SECRETS["temporary_password"] in managing.get("/users/new/credentials").text


def test_taking_back_asks_once_more__REG_15(managing: World) -> None:
    page = managing.get("/users/invitations").text
    link = re.search(r'href="(/users/invitations/[^/"]+/revoke)"', page)
    assert link
    assert "Ana Lee" in managing.get(link[1]).text
    assert managing.post(link[1]).location == "/users/invitations?view=ended"
    managing.api.says("POST", f"{ROOT}/{INVITATION}/revoke", ProblemError(409, "invitation_not_open"))
    managing.get(link[1])
    assert managing.post(link[1]).location == "/users/invitations?over=1"


def test_cancelling_keeps_nothing__REG_15(managing: World) -> None:
    come_to_matrix(managing)
    assert managing.post("/users/new/cancel").location == "/users"
    assert "ana@example.com" not in managing.get("/users/new").text


def test_another_person_at_this_browser_sees_nothing_of_it__IDN_16(managing: World) -> None:
    come_to_credentials(managing)
    managing.sign_in("geogym1")
    assert SECRETS["temporary_password"] not in managing.get("/users/new/credentials").text
    assert managing.post("/users/new/access", MATRIX).location == "/users/new"


def test_an_open_invitation_is_changed_after_one_more_look__REG_15(managing: World) -> None:
    address = changing(managing)
    person = {"first_name": "Anna", "last_name": "Lee", "email": "ana@example.com", "phone": "", "extension": ""}
    hidden = {"version": VERSION}
    review = managing.post(address, {**person, **MATRIX, **hidden}).location
    assert managing.api.made("PUT", ".*") == [], "nothing is done before it is confirmed"
    looked = managing.get(review).text
    assert "Anna" in looked
    assert "gets another temporary ID" not in looked
    assert managing.post(review).location == "/users/invitations?changed=1"
    (call,) = managing.api.made("PUT", f"{ROOT}/{INVITATION}")
    assert call.headers["If-Match"] == VERSION
    assert call.body["person"] == {"first_name": "Anna", "last_name": "Lee", "email": "ana@example.com"}
    assert [(each["tin"], each["level"]) for each in call.body["access"]] == [(STATE_MEDICAL, "processor")]


def test_what_stands_is_filled_in_to_be_changed__REG_15(managing: World) -> None:
    page = managing.get(changing(managing)).text
    assert 'value="ana@example.com"' in page
    assert re.search(rf'<input[^>]*name="may-{STATE_MEDICAL}-medical" value="patient_coverage"[^>]* checked', page)
    assert re.search(rf'name="level-{OGYAM}-medical".*?value="auditor"[^>]* selected', page, re.DOTALL)


def test_with_another_address_come_other_credentials_shown_once__REG_15(managing: World) -> None:
    address = changing(managing)
    typed = {"first_name": "Ana", "last_name": "Lee", "email": "lee@example.com", **MATRIX, "version": VERSION}
    managing.api.says("PUT", f"{ROOT}/{INVITATION}", handed_out())
    review = managing.post(address, typed).location
    assert "gets another temporary ID and password" in managing.get(review).text
    assert managing.post(review).location == "/users/new/credentials"
    assert SECRETS["temporary_password"] in managing.get("/users/new/credentials").text


@pytest.mark.parametrize("problem", [ProblemError(412, "changed_meanwhile"), ProblemError(409, "invitation_not_open")])
def test_what_became_of_it_meanwhile_is_shown_instead__REG_15(managing: World, problem: ProblemError) -> None:
    address = changing(managing)
    typed = {"first_name": "Ana", "last_name": "Lee", "email": "lee@example.com", **MATRIX, "version": VERSION}
    managing.api.says("PUT", f"{ROOT}/{INVITATION}", problem)
    review = managing.post(address, typed).location
    managing.get(review)
    assert managing.post(review).location == "/users/invitations?over=1"


def test_what_is_wrong_with_a_change_is_told_with_nothing_lost__REG_15(managing: World) -> None:
    address = changing(managing)
    assert managing.post(address, {"first_name": "Ana", "email": "", **MATRIX}).status_code == 422
    assert managing.post(address, {"first_name": "A", "last_name": "L", "email": "a@b.example"}).status_code == 422
    typed = {"first_name": "Zed", "last_name": "Lee", "email": "a@b.example", **MATRIX, "version": VERSION}
    managing.api.says("PUT", f"{ROOT}/{INVITATION}", refused("email_domain_unknown", "/person/email"))
    review = managing.post(address, typed).location
    managing.get(review)
    answer = managing.post(review)
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'value="Zed"' in answer.text


def test_invitations_about_to_end_are_asked_for_by_their_end__REG_14(managing: World) -> None:
    managing.get("/users/invitations?view=ending")
    query = managing.api.made("GET", ROOT)[-1].query or {}
    assert query["state"] == ("open",)
    assert query["ends_by"] == (managing.clock.now() + timedelta(days=7)).isoformat()


def test_the_dashboard_tells_how_many_invitations_end_soon__REG_14(managing: World) -> None:
    assert "Invitations: 1 ends soon" in managing.get("/dashboard").text


@pytest.mark.parametrize("address", ["/users/new", "/users/invitations"])
def test_a_file_is_one_step_away_from_adding_users__REG_16(managing: World, address: str) -> None:
    assert 'href="/users/add/file"' in managing.get(address).text
