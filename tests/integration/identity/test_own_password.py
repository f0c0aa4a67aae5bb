"""One's own password and security questions over HTTP, on both kinds of database."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.integration.identity.second_steps import Person, person
from tests.integration.identity.world import PASSWORD, RECOVERED, WRONG, World

NEW = "amber-thicket-ferry-5"


def change(person: Person, current: str = PASSWORD, new: str = NEW, **headers: str) -> TestResponse:
    return person.call("POST", "/me/password", {"current_password": current, "new_password": new}, **headers)


def signs_in_with(world: World, password: str, user_id: str = "mmartin5") -> bool:
    return world.post("/sign-in", {"user_id": user_id, "password": password}).status_code == 200


def answers(*texts: str) -> list[dict[str, str]]:
    return [{"question": code, "answer": text} for code, text in zip(("first_pet", "birth_city"), texts, strict=True)]


def test_a_changed_password_ends_everything_but_the_present_session__IDN_3_IDN_10(world: World) -> None:
    elsewhere, mary = person(world), person(world)
    begun = world.begin()
    world.clock.advance(seconds=1)
    assert change(mary).status_code == 204
    assert mary.call("GET", "/me").status_code == 200
    assert elsewhere.call("GET", "/me").status_code == 401
    assert world.send(begun).status_code == 404
    assert [event["reason"] for event in world.events("identity.session.ended.v1")] == ["password_changed"]
    assert world.events("identity.password.changed.v1") == [{"user_id": "mmartin5", "site": "medical"}]
    assert (signs_in_with(world, NEW), signs_in_with(world, PASSWORD)) == (True, False)


def test_a_wrong_present_password_changes_nothing_and_counts_as_at_sign_in__IDN_9(world: World) -> None:
    mary = person(world)
    for _ in range(4):
        refused = change(mary, current=WRONG)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "password_wrong")
        assert refused.get_json()["errors"][0]["pointer"] == "/current_password"
    assert change(mary).status_code == 429
    assert world.post("/sign-in", {"user_id": "mmartin5", "password": PASSWORD}).status_code == 429
    assert world.events("identity.password.changed.v1") == []
    assert [event["failures"] for event in world.events("identity.sign_in.failed.v1")][:4] == [1, 2, 3, 4]


@pytest.mark.parametrize("new", ["short", "password1234", f"mmartin5-{NEW}"])
def test_a_weak_one_is_refused_at_its_field__REG_7(world: World, new: str) -> None:
    (fault,) = change(person(world), new=new).get_json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/new_password", "password_weak")
    assert signs_in_with(world, PASSWORD)


def test_changing_needs_a_step_of_the_last_five_minutes__IDN_3(world: World) -> None:
    tokens = world.signed_in()
    world.clock.advance(minutes=5, seconds=1)
    mary = Person(world, world.refresh(tokens["refresh_token"]).get_json()["access_token"])
    body = {"current_password": PASSWORD, "security_answers": answers("Rex", "Lima")}
    for refused in (change(mary), mary.call("PUT", "/me/security-questions", body)):
        assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_required")
    assert signs_in_with(world, PASSWORD)


def test_of_two_changes_at_once_one_holds__IDN_3(world: World) -> None:
    mary = person(world)
    answered = world.at_once([lambda new=new: change(mary, new=new) for new in (NEW, RECOVERED)])  # type: ignore[misc]
    assert sorted(answer.status_code for answer in answered) == [204, 422]
    assert [signs_in_with(world, new) for new in (NEW, RECOVERED)].count(True) == 1


def test_the_same_change_twice_is_one__REG_9(world: World) -> None:
    mary = person(world)
    assert [change(mary, Idempotency_Key="one-form-0123456789").status_code for _ in range(2)] == [204, 204]
    assert len(world.events("identity.password.changed.v1")) == 1


def test_questions_are_answered_anew_and_recover_from_then_on__REG_8_IDN_7(world: World) -> None:
    nora = Person(world, world.signed_in(world.register())["access_token"])
    assert nora.call("GET", "/me/security-questions").get_json() == {"questions": ["birth_city", "first_pet"]}
    body = {"current_password": PASSWORD, "security_answers": answers("Bella", "São Paulo")}
    wrong = nora.call("PUT", "/me/security-questions", body | {"current_password": WRONG})
    assert wrong.get_json()["code"] == "password_wrong"
    assert nora.call("PUT", "/me/security-questions", body).status_code == 204
    assert world.events("identity.security_questions.changed.v1") == [{"user_id": "newperson"}]
    world.clock.advance(minutes=2)
    flow = world.forgot()
    world.recover(flow, "send")
    assert world.prove(flow, world.code()).get_json()["code"] == "code_wrong"
    answer = {"question": "birth_city", "text": "sao paulo"}
    assert world.prove(flow, world.code(), answer=answer).status_code == 204


def test_two_different_questions_are_needed__REG_8(world: World) -> None:
    twice = [{"question": "first_pet", "answer": "Rex"}] * 2
    body = {"current_password": PASSWORD, "security_answers": twice}
    (fault,) = person(world).call("PUT", "/me/security-questions", body).get_json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/security_answers/1/question", "question_duplicate")
