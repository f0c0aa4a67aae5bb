"""The pages for a forgotten user ID."""

from __future__ import annotations

import pytest

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.world import World

FORGOT = "/forgot-user-id"
REMIND = "/api/identity/v1/recovery/user-id"
TYPED = {"email": "zoe@example.com", "birth_month": "5", "birth_day": "17", "birth_year": "1984"}


def test_address_and_birth_are_asked_and_one_page_answers_all__IDN_6(world: World) -> None:
    world.api.says("POST", REMIND, Answer(202, None, {}))
    world.get(FORGOT)
    page = world.page
    for _ in range(2):
        world.page = page
        assert world.post(FORGOT, TYPED).location == f"{FORGOT}/sent"
    first, again = world.api.made("POST", REMIND)
    assert first.body == {"email": "zoe@example.com", "date_of_birth": "1984-05-17"}
    assert first.form_key == again.form_key is not None
    answer = world.get(f"{FORGOT}/sent").text
    assert "Look in your mailbox" in answer
    assert "zoe@example.com" not in answer + repr(world.sessions.rows)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "zoe"}, "Write an e-mail address"),
        ({"email": ""}, "Write an e-mail address"),
        ({"birth_day": "31", "birth_month": "2"}, "Write your date of birth."),
    ],
)
def test_a_form_that_cannot_be_meant_is_told_at_once__IDN_6(world: World, changed: dict[str, str], said: str) -> None:
    world.get(FORGOT)
    answer = world.post(FORGOT, {**TYPED, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert not world.api.made("POST", REMIND)


def test_too_many_questions_are_told_to_wait__IDN_9(world: World) -> None:
    world.api.says("POST", REMIND, ProblemError(429, "too_many_attempts", retry_after=120))
    world.get(FORGOT)
    answer = world.post(FORGOT, TYPED)
    assert answer.status_code == 422
    assert "Wait 2 minutes" in answer.text
    assert 'value="zoe@example.com"' in answer.text
