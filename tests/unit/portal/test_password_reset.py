"""Resetting somebody's password, and choosing one's own after a temporary one (IDN-8)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.practices import OGYAM, STATE_MEDICAL, administered, manager
from tests.unit.portal.test_sign_in_steps import AT, EMAIL, TYPED, second_step
from tests.unit.portal.world import World

RESET = "/api/identity/v1/accounts/.*/password-reset"
SHOWN = {"temporary_password": "h7Kq2mwP4x", "expires_at": "2026-03-03T15:00:00Z"}
WANTED = {"state": "password_change_required", "challenge": "c2", "challenge_secret": "secret-of-the-challenge"}
NEW = "brisk-willow-anchor-3"


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.api.says("POST", RESET, SHOWN)
    world.sign_in()
    return world


def asked(world: World) -> str:
    """The page that asks whether it is to be; its address."""
    world.get("/users?view=all")
    path = str(re.findall(r'href="(/users/[^"/]+/reset-password)"', world.page)[0])
    assert world.get(path).status_code == 200
    return path


def test_who_it_is_and_what_happens_is_shown_first__IDN_8(managing: World) -> None:
    path = asked(managing)
    assert "ssmith1234" not in path
    for part in ("ssmith1234@example.com", "State Medical Center", "logged out everywhere"):
        assert part in managing.page
    assert managing.api.made("POST", RESET) == []


def test_the_temporary_password_is_shown_once_to_hand_over__IDN_8(managing: World) -> None:
    answer = managing.post(asked(managing))
    assert (answer.status_code, "h7Kq2mwP4x" in answer.text) == (200, True)
    assert "data-print" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    (call,) = managing.api.made("POST", RESET)
    assert call.path.endswith("/accounts/ssmith1234/password-reset")
    assert "h7Kq2mwP4x" not in repr(managing.sessions.rows)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (ProblemError(403, "not_yours_to_reset"), "they administer a practice that you do not"),
        (ProblemError(409, "account_not_active"), "not confirmed, or it is disabled"),
        (ProblemError(409, "already_shown"), "is not shown again"),
    ],
)
def test_why_not_is_said_in_words__IDN_8(managing: World, problem: ProblemError, said: str) -> None:
    path = asked(managing)
    managing.api.says("POST", RESET, problem)
    assert said in unescape(managing.post(path).text)


def test_a_fresh_second_step_is_asked_for_first__IDN_3(managing: World) -> None:
    path = asked(managing)
    managing.api.says("POST", RESET, ProblemError(403, "step_up_required"))
    challenge = {"challenge": "c1", "challenge_secret": "s", "methods": [EMAIL], "reason": "step_up"}
    managing.api.says("POST", "/api/identity/v1/me/step-up", challenge)
    managing.api.says("POST", "/api/identity/v1/me/step-up/c1/send", Answer(202, {"resend_after": 60}, {}))
    managing.api.says("POST", "/api/identity/v1/me/step-up/c1/verify", {"acr": "x", "amr": [], "fresh_until": "x"})
    managing.get(managing.post(path).location)
    assert managing.post("/settings/confirm/code", {"code": "123456"}).location.endswith(path)


def test_only_primary_administrators_are_offered_it__IDN_8(world: World) -> None:
    manager(world, administered(STATE_MEDICAL, level="secondary"), administered(OGYAM, level="secondary"))
    world.sign_in()
    assert "Reset password" not in world.get("/users?view=all").text


def test_nobody_is_offered_to_reset_their_own__IDN_8(managing: World) -> None:
    managing.sign_in("ssmith1234")
    assert "Reset password" not in managing.get("/users?view=all").text


@pytest.fixture
def wanted(world: World) -> World:
    """Somebody who logged in with a temporary password, and gave the code."""
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.api.says("POST", ".*/verify", WANTED)
    world.get(f"/sign-in{AT}")
    world.get(world.post(f"/sign-in{AT}", TYPED).location)
    answer = world.post(f"/sign-in/code{AT}", {"code": "123456"})
    assert answer.location == f"/sign-in/new-password{AT}"
    assert "Set a new password" in world.get(answer.location).text
    return world


def test_a_password_of_ones_own_carries_the_browser_on__IDN_8(wanted: World) -> None:
    wanted.api.says("POST", ".*/c2/password", {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"})
    for _ in range(2):
        answer = wanted.post(f"/sign-in/new-password{AT}", {"new_password": NEW})
        assert answer.location == "http://issuer.test/oidc/continue?ticket=t"
    (call,) = wanted.api.made("POST", ".*/c2/password")
    assert call.body == {"new_password": NEW}
    assert call.headers["X-Challenge-Secret"] == "secret-of-the-challenge"
    assert call.headers["X-Authorization-Request"] == "handle-of-a-request"
    assert wanted.get(f"/sign-in/new-password{AT}").location == "/"


def test_a_weak_one_is_refused_beside_its_field__REG_7(wanted: World) -> None:
    fault = FieldFault("/new_password", "password_weak", "The password is too short: it needs 12 characters or more.")
    wanted.api.says("POST", ".*/c2/password", ProblemError(422, "invalid", errors=[fault]))
    for typed in ("short", ""):
        answer = wanted.post(f"/sign-in/new-password{AT}", {"new_password": typed})
        assert answer.status_code == 422
        assert re.search('id="new_password-error"', answer.text)
        assert not typed or typed not in re.sub("too short", "", answer.text)


def test_it_has_its_time__IDN_8(wanted: World) -> None:
    wanted.api.says("POST", ".*/c2/password", ProblemError(404, "not_found"))
    assert wanted.post(f"/sign-in/new-password{AT}", {"new_password": NEW}).status_code == 400


def test_nobody_comes_to_it_without_the_steps_before__IDN_8(world: World) -> None:
    assert world.get(f"/sign-in/new-password{AT}").status_code == 400
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.get(f"/sign-in{AT}")
    world.post(f"/sign-in{AT}", TYPED)
    assert world.post(f"/sign-in/new-password{AT}", {"new_password": NEW}).status_code == 400
    assert world.api.made("POST", ".*/password") == []
