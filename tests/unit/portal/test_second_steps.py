"""Settings → Second steps: apps and recovery codes, and confirming anew who one is."""

from __future__ import annotations

import re

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.second_steps import APP_ID, CODES, METHODS, NEW, WRONG, gone_stale, with_second_steps
from tests.unit.portal.world import World

ME = "/api/identity/v1/me"
OWN = "/settings/sign-in"


@pytest.fixture
def mary(world: World) -> World:
    return with_second_steps(world)


def own(mary: World, action: str) -> str:
    """The address of what may be done with the app, as the list has it."""
    found = re.search(rf'href="({OWN}/app/[^/"]+/{action})"', mary.get(OWN).text)
    assert found
    return found[1]


def test_the_page_lists_what_there_is__IDN_3(mary: World) -> None:
    text = mary.get(OWN).text
    assert "My phone" in text
    assert "You have 9 recovery codes left." in text
    assert APP_ID not in text


def test_an_app_is_added_by_picture_or_key_and_first_code__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/app")
    assert mary.post(f"{OWN}/app", {"name": " My phone "}).location == f"{OWN}/app/key"
    assert mary.api.made("POST", f"{ME}/authenticators")[0].body == {"kind": "totp", "name": "My phone"}
    page = mary.get(f"{OWN}/app/key").text
    assert "<span>GEZD</span> <span>GNBV</span>" in page
    assert page.count("<svg") - mary.get(OWN).text.count("<svg") == 1
    assert NEW["secret"] not in repr(mary.sessions.rows.keys())
    mary.get(f"{OWN}/app/key")
    assert mary.post(f"{OWN}/app/key", {"code": "123 456"}).location == f"{OWN}?done=added"
    assert mary.api.made("POST", f"{ME}/authenticators/.*/confirm")[0].body == {"code": "123456"}
    assert mary.get(f"{OWN}/app/key").location == f"{OWN}/app"  # the key is shown no more


def test_a_wrong_first_code_shows_the_key_again__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/app")
    mary.post(f"{OWN}/app", {"name": "My phone"})
    mary.get(f"{OWN}/app/key")
    mary.api.says("POST", f"{ME}/authenticators/.*/confirm", WRONG)
    refused = mary.post(f"{OWN}/app/key", {"code": "000000"})
    assert refused.status_code == 422
    assert "This is not the code that the app shows now." in refused.text
    assert "<span>GEZD</span>" in refused.text


def test_what_took_too_long_begins_anew__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/app")
    mary.post(f"{OWN}/app", {"name": "My phone"})
    mary.get(f"{OWN}/app/key")
    mary.api.says("POST", f"{ME}/authenticators/.*/confirm", ProblemError(404, "not_found"))
    assert mary.post(f"{OWN}/app/key", {"code": "000000"}).location == f"{OWN}/app"


def test_an_app_is_renamed_and_removed__IDN_3(mary: World) -> None:
    name, removal = own(mary, "name"), own(mary, "remove")
    assert 'value="My phone"' in mary.get(name).text
    assert mary.post(name, {"name": "Work phone"}).location == f"{OWN}?done=renamed"
    assert mary.api.made("PATCH", ".*")[0].body == {"name": "Work phone"}
    assert "Remove “My phone”?" in mary.get(removal).text
    assert mary.post(removal).location == f"{OWN}?done=removed"
    assert mary.api.made("DELETE", ".*")[0].path == f"{ME}/authenticators/{APP_ID}"


def test_recovery_codes_are_on_one_answer_alone__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/recovery-codes")
    shown = mary.post(f"{OWN}/recovery-codes").text
    assert all(code in shown for code in CODES)
    assert not [code for code in CODES if code in mary.get(f"{OWN}/recovery-codes").text]
    assert not [code for code in CODES if code in repr(mary.sessions.rows)]
    mary.get(f"{OWN}/recovery-codes/remove")
    assert mary.post(f"{OWN}/recovery-codes/remove").location == f"{OWN}?done=codes_removed"


def test_a_stale_second_step_is_made_anew_and_leads_back__IDN_3(mary: World) -> None:
    gone_stale(mary).get(f"{OWN}/app")
    assert mary.post(f"{OWN}/app", {"name": "Zoë’s phone"}).location == "/settings/confirm"
    page = mary.get("/settings/confirm").text
    assert "Authenticator app: My phone" in page
    assert "One of my recovery codes (9 left)" in page
    assert mary.post("/settings/confirm", {"method": "else"}).status_code == 422
    assert mary.post("/settings/confirm", {"method": APP_ID}).location == "/settings/confirm/code"
    assert mary.api.made("POST", ".*/send") == []
    assert "(My phone)" in mary.get("/settings/confirm/code").text
    answer = mary.post("/settings/confirm/code", {"code": "123456"})
    assert answer.location == f"http://medical.test{OWN}/app"
    (call,) = mary.api.made("POST", ".*/step-up/c1/verify")
    assert call.body == {"method": APP_ID, "code": "123456"}
    assert call.headers["X-Challenge-Secret"] == "secret-of-the-challenge"
    assert "Zoë’s phone" in mary.get(f"{OWN}/app").text  # what was typed stands there still
    assert mary.get("/settings/confirm").location == OWN


def test_whoever_has_mail_alone_gets_the_code_at_once__IDN_3(mary: World) -> None:
    gone_stale(mary, methods=1).get(f"{OWN}/recovery-codes")
    assert mary.post(f"{OWN}/recovery-codes").location == "/settings/confirm/code"
    assert "We sent a code to m•••@example.com." in mary.get("/settings/confirm/code").text
    mary.api.says("POST", ".*/step-up/c1/send", ProblemError(429, "too_many_attempts", retry_after=30))
    assert mary.post("/settings/confirm", {"method": "m1"}).location == "/settings/confirm/code"
    assert "Our last code still counts" in mary.get("/settings/confirm/code").text


def test_a_wrong_code_confirms_nothing__IDN_3(mary: World) -> None:
    gone_stale(mary).get(f"{OWN}/recovery-codes")
    mary.post(f"{OWN}/recovery-codes")
    mary.get("/settings/confirm")
    mary.post("/settings/confirm", {"method": "recovery_code"})
    mary.get("/settings/confirm/code")
    mary.api.says("POST", ".*/step-up/c1/verify", WRONG)
    refused = mary.post("/settings/confirm/code", {"code": CODES[0]})
    assert refused.status_code == 422
    assert "This is not one of your recovery codes, or you used it before." in refused.text


def test_a_confirmation_that_took_too_long_leads_back__IDN_3(mary: World) -> None:
    gone_stale(mary).get(f"{OWN}/recovery-codes")
    mary.post(f"{OWN}/recovery-codes")
    mary.get("/settings/confirm")
    mary.post("/settings/confirm", {"method": APP_ID})
    mary.get("/settings/confirm/code")
    mary.api.says("POST", ".*/step-up/c1/verify", ProblemError(404, "not_found"))
    assert mary.post("/settings/confirm/code", {"code": "1"}).location == f"http://medical.test{OWN}/recovery-codes"


@pytest.mark.parametrize(
    ("method", "says"),
    [
        (APP_ID, "Open your authenticator app (My phone)"),
        ("recovery_code", "Enter one of your recovery codes."),
    ],
)
def test_log_in_lets_one_choose_what_one_has_at_hand__IDN_3(world: World, method: str, says: str) -> None:
    at = "?request=handle-of-a-request"
    challenge = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "reason": "always"}
    world.api.says("POST", ".*/sign-in", {**challenge, "methods": METHODS})
    world.get(f"/sign-in{at}")
    assert world.post(f"/sign-in{at}", {"user_id": "mmartin5", "password": "x"}).location == f"/sign-in/method{at}"
    assert "How do you want to confirm it?" in world.get(f"/sign-in/method{at}").text
    assert world.post(f"/sign-in/method{at}", {"method": method}).location == f"/sign-in/code{at}"
    assert world.api.made("POST", ".*/send") == []
    assert says in world.get(f"/sign-in/code{at}").text
    world.api.says("POST", ".*/verify", {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"})
    assert world.post(f"/sign-in/code{at}", {"code": "0-abcde-fghjk"}).status_code == 303
    assert world.api.made("POST", ".*/verify")[0].body == {"method": method, "code": "0-abcde-fghjk"}
