"""Settings → Sign-in: one's own password and security questions."""

from __future__ import annotations

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from tests.unit.portal.second_steps import gone_stale, with_second_steps
from tests.unit.portal.world import World

OWN = "/settings/sign-in"
ME = "/api/identity/v1/me"
TYPED = {"current_password": "quiet-harbor-lantern-7", "new_password": "amber-thicket-ferry-5"}
ANSWERS = {
    "question_0": "first_car",
    "answer_0": "Beetle",
    "question_1": "first_pet",
    "answer_1": "Rex",
    "current_password": "quiet-harbor-lantern-7",
}


@pytest.fixture
def mary(world: World) -> World:
    return with_second_steps(world)


def test_one_page_has_all_of_it__IDN_3(mary: World) -> None:
    text = mary.get(OWN).text
    for part in ("Change my password", "Change questions or answers", "My phone", "Where you are logged in"):
        assert part in text


def test_a_password_is_changed_and_the_page_says_so__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/password")
    done = mary.post(f"{OWN}/password", TYPED).location
    assert mary.api.made("POST", f"{ME}/password")[0].body == TYPED
    assert "Your new password holds from now on." in mary.get(done).text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            ProblemError(422, "password_wrong", errors=[FieldFault("/current_password", "password_wrong", "")]),
            "present",
        ),
        (ProblemError(422, "invalid", errors=[FieldFault("/new_password", "password_weak", "")]), "stronger password"),
        (ProblemError(429, "too_many_attempts", retry_after=900), "Wait 15 minutes"),
    ],
)
def test_a_refused_password_is_said_on_the_form__REG_7(mary: World, problem: ProblemError, said: str) -> None:
    mary.api.says("POST", f"{ME}/password", problem)
    mary.get(f"{OWN}/password")
    refused = mary.post(f"{OWN}/password", TYPED)
    assert refused.status_code == 422
    assert said in refused.text
    assert TYPED["current_password"] not in refused.text


def test_nothing_is_asked_of_the_api_for_an_empty_form(mary: World) -> None:
    mary.get(f"{OWN}/password")
    assert mary.post(f"{OWN}/password").status_code == 422
    assert mary.api.made("POST", f"{ME}/password") == []


@pytest.mark.parametrize("page", ["password", "questions"])
def test_whoever_must_confirm_first_does_so_before_the_form__IDN_3(mary: World, page: str) -> None:
    gone_stale(mary, methods=1)
    assert mary.get(f"{OWN}/{page}").location == "/settings/confirm/code"
    assert mary.get(f"{OWN}/{page}").location == "/settings/confirm/code"
    assert len(mary.api.made("POST", f"{ME}/step-up")) == 1
    mary.get("/settings/confirm/code")
    assert mary.post("/settings/confirm/code", {"code": "123456"}).location == f"http://medical.test{OWN}/{page}"


def test_questions_stand_as_chosen_and_answers_do_not__REG_8(mary: World) -> None:
    text = mary.get(f"{OWN}/questions").text
    assert '<option value="birth_city" selected>' in text
    assert '<option value="first_pet" selected>' in text


def test_questions_are_answered_anew__REG_8(mary: World) -> None:
    mary.get(f"{OWN}/questions")
    assert mary.post(f"{OWN}/questions", ANSWERS).location == f"{OWN}?done=questions_changed"
    (call,) = mary.api.made("PUT", f"{ME}/security-questions")
    assert call.body["security_answers"] == [
        {"question": "first_car", "answer": "Beetle"},
        {"question": "first_pet", "answer": "Rex"},
    ]
