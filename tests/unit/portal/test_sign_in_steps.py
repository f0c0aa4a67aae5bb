"""The sign-in pages at the issuer's origin."""

from __future__ import annotations

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.world import World, make_world

AT = "?request=handle-of-a-request"
EMAIL = {"id": "m1", "kind": "email", "hint": "m•••@example.com"}
PHONE = {"id": "m2", "kind": "sms", "hint": "•••0142"}
TYPED = {"user_id": "mmartin5", "password": "open-harbor-lantern-17"}


def second_step(*methods: dict[str, str], challenge: str = "c1") -> dict[str, object]:
    answer = {"state": "second_step", "challenge": challenge, "challenge_secret": "secret-of-the-challenge"}
    return answer | {"methods": list(methods), "reason": "always"}


@pytest.fixture
def signing(world: World) -> World:
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.get(f"/sign-in{AT}")
    return world


def test_the_right_password_leads_to_a_code_that_is_sent_at_once__IDN_1(signing: World) -> None:
    assert signing.post(f"/sign-in{AT}", TYPED).location == f"/sign-in/code{AT}"
    page = signing.get(f"/sign-in/code{AT}").text
    assert "We sent a code to m•••@example.com." in page
    assert "You can have another code sent in <span data-clock>60 seconds</span>." in page


def test_of_several_ways_one_is_chosen__IDN_2(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", second_step(EMAIL, PHONE))
    assert signing.post(f"/sign-in{AT}", TYPED).location == f"/sign-in/method{AT}"
    assert "Text message to •••0142" in signing.get(f"/sign-in/method{AT}").text
    assert signing.post(f"/sign-in/method{AT}", {"method": "else"}).status_code == 422
    assert signing.post(f"/sign-in/method{AT}", {"method": "m2"}).location == f"/sign-in/code{AT}"
    assert signing.api.calls[-1].body == {"method": "m2"}


STOPPED = {"kind": "sms", "hint": "•••42", "reason": "number_opted_out", "short_code": "55501"}


def test_a_text_comes_from_the_short_code__IDN_2(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", second_step(PHONE))
    signing.post(f"/sign-in{AT}", TYPED)
    page = signing.get(f"/sign-in/code{AT}").text
    assert "We sent a text message to •••0142." in page
    assert "Our text messages come from 55501." in page
    assert "junk folder" not in page


@pytest.mark.parametrize(
    ("short_code", "way_back"),
    [("55501", "text START to 55501 from that phone"), (None, "text START to the number that they came from")],
)
def test_an_opted_out_number_is_not_offered_and_the_page_says_why__IDN_2_NTF_5(
    signing: World, short_code: str | None, way_back: str
) -> None:
    stopped = {"not_offered": [STOPPED | {"short_code": short_code}]}
    signing.api.says("POST", ".*/sign-in", second_step(EMAIL) | stopped)
    signing.post(f"/sign-in{AT}", TYPED)
    page = signing.get(f"/sign-in/code{AT}").text
    assert "No code goes to the number •••42: it has opted out of our text messages." in page
    assert way_back in page
    signing.api.says("POST", ".*/sign-in", second_step(EMAIL, PHONE, challenge="c2") | stopped)
    signing.get(f"/sign-in{AT}")
    signing.post(f"/sign-in{AT}", TYPED)
    assert way_back in signing.get(f"/sign-in/method{AT}").text


def test_a_number_that_opts_out_meanwhile_is_told_at_the_choice__IDN_2_NTF_5(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", second_step(EMAIL, PHONE))
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/method{AT}")
    signing.api.says("POST", ".*/send", ProblemError(409, "number_opted_out"))
    answer = signing.post(f"/sign-in/method{AT}", {"method": "m2"})
    assert (answer.status_code, "has opted out of our text messages: choose another way" in answer.text) == (422, True)


def test_a_wrong_password_says_no_more_than_that__IDN_1(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", ProblemError(401, "sign_in_failed"))
    answer = signing.post(f"/sign-in{AT}", TYPED)
    assert answer.status_code == 422
    assert "The user ID or the password is wrong." in answer.text
    assert TYPED["password"] not in answer.text


def test_a_locked_account_is_told_how_long_to_wait__IDN_9(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", ProblemError(429, "too_many_attempts", retry_after=900))
    assert "Wait 15 minutes, then try again." in signing.post(f"/sign-in{AT}", TYPED).text


def test_the_right_code_carries_the_browser_on__IDN_11(signing: World) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    signing.api.says("POST", ".*/verify", {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"})
    answer = signing.post(f"/sign-in/code{AT}", {"code": "123 456"})
    assert answer.location == "http://issuer.test/oidc/continue?ticket=t"
    (call,) = signing.api.made("POST", ".*/verify")
    assert call.body == {"method": "m1", "code": "123456"}
    assert call.headers["X-Challenge-Secret"] == "secret-of-the-challenge"
    assert call.headers["X-Authorization-Request"] == "handle-of-a-request"
    assert "secret-of-the-challenge" not in repr(signing.sessions.rows)


@pytest.mark.parametrize("onward", ["https://evil.test/oidc/continue?", "//evil.test", "/else", ""])
def test_nobody_is_carried_on_to_elsewhere(signing: World, onward: str) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    signing.api.says("POST", ".*/verify", {"state": "signed_in", "continue_to": onward})
    assert signing.post(f"/sign-in/code{AT}", {"code": "123456"}).status_code == 400


def test_a_wrong_code_can_be_tried_again__IDN_2(signing: World) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    fault = FieldFault("/code", "code_wrong", "")
    signing.api.says("POST", ".*/verify", ProblemError(422, "code_wrong", errors=[fault]))
    answer = signing.post(f"/sign-in/code{AT}", {"code": "000000"})
    assert '<a href="#code">Code: This is not the code from our latest message.</a>' in answer.text


def test_a_code_that_was_sent_a_moment_ago_still_counts__IDN_2(signing: World) -> None:
    signing.api.says("POST", ".*/send", ProblemError(429, "too_many_attempts", retry_after=30))
    assert signing.post(f"/sign-in{AT}", TYPED).location == f"/sign-in/code{AT}"
    page = signing.get(f"/sign-in/code{AT}").text
    assert "30 seconds" in page
    assert "Our last code still counts" in page


def test_a_code_that_is_sent_again_is_announced_with_the_next_wait__IDN_2(signing: World) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    signing.clock.advance(seconds=61)
    assert "data-clock" not in signing.get(f"/sign-in/code{AT}").text
    signing.api.says("POST", ".*/send", Answer(202, {"resend_after": 1800}, {}))
    assert signing.post(f"/sign-in/method{AT}", {"method": "m1"}).location == f"/sign-in/code{AT}"
    page = signing.get(f"/sign-in/code{AT}").text
    assert "A new code is on its way" in page
    assert "30 minutes" in page


def test_a_double_click_on_the_code_carries_on_once__IDN_11(signing: World) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    signing.api.says("POST", ".*/verify", {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"})
    page = signing.page
    for _ in range(2):
        signing.page = page
        answer = signing.post(f"/sign-in/code{AT}", {"code": "123456"})
        assert answer.location == "http://issuer.test/oidc/continue?ticket=t"
    assert len(signing.api.made("POST", ".*/verify")) == 1
    assert signing.get(f"/sign-in/code{AT}").location == "/"


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        ("sign_in_not_carried_on", 400, "finished in the browser in which it began"),
        ("authorization_refused", 400, "You did nothing wrong"),
        ("too_many_attempts", 429, "too many attempts"),
        ("unavailable", 503, "does not answer"),
        ("internal_error", 500, "It is not your fault"),
        ("<script>", 400, "finished in the browser in which it began"),
        ("", 400, "finished in the browser in which it began"),
    ],
)
def test_a_sign_in_that_the_issuer_stops_is_explained__IDN_11(world: World, why: str, status: int, said: str) -> None:
    answer = world.browser.get(
        "/sign-in/stopped",
        query_string={"why": why},
        headers={"X-Wardenry-Site": "medical"},
        base_url="http://medical.test",
    )
    assert answer.status_code == status
    assert said in answer.text
    assert "<script>" not in answer.text
    assert 'class="usa-button" href="/' in answer.text


@pytest.mark.parametrize(("status", "code"), [(409, "authorization_over"), (404, "not_found")])
def test_a_sign_in_that_took_too_long_begins_anew(signing: World, status: int, code: str) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get(f"/sign-in/code{AT}")
    signing.api.says("POST", ".*/verify", ProblemError(status, code))
    answer = signing.post(f"/sign-in/code{AT}", {"code": "123456"})
    assert answer.status_code == 400
    assert "Please log in again" in answer.text


def test_two_tabs_do_not_mix(signing: World) -> None:
    signing.post(f"/sign-in{AT}", TYPED)
    signing.get("/sign-in?request=another-request")
    signing.api.says("POST", ".*/sign-in", second_step(PHONE, challenge="c2"))
    signing.post("/sign-in?request=another-request", TYPED)
    assert "m•••@example.com" in signing.get(f"/sign-in/code{AT}").text
    assert "•••0142" in signing.get("/sign-in/code?request=another-request").text


def test_an_account_not_confirmed_yet_is_led_to_its_code__REG_9(signing: World) -> None:
    signing.api.says("POST", ".*/sign-in", {"state": "confirm_required"})
    assert signing.post(f"/sign-in{AT}", TYPED).location == "/register/done"
    assert "when you registered" in signing.get("/register/done").text


def test_the_page_speaks_as_the_site_that_one_comes_from(signing: World) -> None:
    assert signing.get(f"/sign-in{AT}&ui_locales=es").location == f"/sign-in{AT}"
    assert '<html lang="es">' in signing.get(f"/sign-in{AT}").text


def test_without_a_request_signing_in_begins_at_its_beginning(world: World) -> None:
    assert world.get("/sign-in").location == "/login"
    assert world.get(f"/sign-in/code{AT}").status_code == 400


def test_what_is_typed_on_the_landing_page_of_the_issuers_site_is_taken_once() -> None:
    world = make_world(issuer_url="http://medical.test")
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.get("/")
    assert world.post("/login", TYPED).location.startswith("http://issuer.test/oidc/authorize")
    assert world.get(f"/sign-in{AT}").location == f"/sign-in/code{AT}"
    assert TYPED["password"] not in repr(world.sessions.rows)
    assert "Password" in world.get(f"/sign-in{AT}").text


def test_on_another_site_no_password_is_asked_for(world: World) -> None:
    assert 'type="password"' not in world.get("/").text
    world.post("/login", TYPED)
    assert TYPED["password"] not in repr(world.sessions.rows)
