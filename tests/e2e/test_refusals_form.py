"""`POST registrations` with anything wrong in it: each place is named, and nothing of it is kept (REG-5, REG-9)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.people import registration
from tests.e2e.refusals import faults

PATH: Final = "/api/registration/v1/registrations"
USER_ID: Final = "never.registered"

Place = tuple[str | int, ...]
Send = Callable[[object], httpx.Response]

NEEDED: Final[dict[Place, str]] = {
    ("practice_type",): "practice_type_required",
    ("tins",): "tins_required",
    ("tins", 0, "tin"): "tin_invalid",
    ("profile",): "required",
    ("profile", "first_name"): "required",
    ("profile", "last_name"): "required",
    ("profile", "job_role"): "required",
    ("profile", "address"): "required",
    ("profile", "address", "line1"): "required",
    ("profile", "address", "city"): "required",
    ("profile", "address", "state"): "required",
    ("profile", "address", "zip"): "required",
    ("profile", "phone"): "required",
    ("profile", "email"): "required",
    ("user_id",): "required",
    ("password",): "required",
    ("date_of_birth",): "required",
    ("security_answers",): "required",
    ("security_answers", 0, "question"): "question_unknown",
    ("security_answers", 0, "answer"): "answer_invalid",
}
"""What must be there, with the code of its lack."""

OPTIONAL: Final[tuple[Place, ...]] = (
    ("tins", 0, "line"),
    ("profile", "middle_initial"),
    ("profile", "address", "line2"),
    ("profile", "extension"),
    ("profile", "mobile"),
    ("profile", "language"),
    ("temporary_id",),
    ("temporary_password",),
)
CONTAINERS: Final[tuple[Place, ...]] = (
    ("practice_type",),
    ("tins",),
    ("profile",),
    ("profile", "address"),
    ("security_answers",),
)
TEXTS: Final = [*(place for place in NEEDED if place not in CONTAINERS), *OPTIONAL]

EMPTY: Final[dict[Place, str]] = {
    ("tins", 0, "tin"): "tin_invalid",
    ("user_id",): "user_id_invalid",
    ("password",): "password_weak",
    ("date_of_birth",): "date_of_birth_invalid",
    ("security_answers", 0, "question"): "question_unknown",
    ("security_answers", 0, "answer"): "answer_invalid",
}
"""What is said of an empty text, where it is not `required`."""

CONTROLLED: Final[dict[Place, str]] = {
    ("tins", 0, "tin"): "tin_invalid",
    ("tins", 0, "line"): "line_not_offered",
    ("profile", "first_name"): "control_characters",
    ("profile", "middle_initial"): "control_characters",
    ("profile", "last_name"): "control_characters",
    ("profile", "job_role"): "job_role_unknown",
    ("profile", "address", "line1"): "control_characters",
    ("profile", "address", "line2"): "control_characters",
    ("profile", "address", "city"): "control_characters",
    ("profile", "address", "state"): "state_unknown",
    ("profile", "address", "zip"): "zip_invalid",
    ("profile", "phone"): "phone_invalid",
    ("profile", "extension"): "extension_invalid",
    ("profile", "mobile"): "phone_invalid",
    ("profile", "email"): "email_invalid",
    ("profile", "language"): "language_unknown",
    ("user_id",): "user_id_invalid",
    ("date_of_birth",): "date_of_birth_invalid",
    ("security_answers", 0, "question"): "question_unknown",
}
"""What is said of a line break within a text; a password and an answer may have one."""

OBJECTS: Final[tuple[Place, ...]] = (
    (),
    ("tins", 0),
    ("tins", 0, "nominate"),
    ("profile",),
    ("profile", "address"),
    ("security_answers", 1),
)


def form(place: Place, value: Any) -> dict[str, Any]:
    """A whole registration with another value in one place; `...` takes the place out."""
    nomination: dict[str, Any] = {"nominate": {}} if "nominate" in place else {}
    body = copy.deepcopy(registration(USER_ID, [{"tin": "123456789", "line": "medical", **nomination}]))
    within: Any = body
    for step in place[:-1]:
        within = within[step]
    if value is ...:
        del within[place[-1]]
    else:
        within[place[-1]] = value
    return body


def pointer(place: Place) -> str:
    return "".join(f"/{step}" for step in place)


@pytest.fixture(scope="module")
def send(deployment: Deployment) -> Iterator[Send]:
    """Sends a form. In the end the user ID must be as free as before."""
    with httpx.Client(timeout=30, headers={"Content-Type": "application/json"}) as http:
        yield lambda body: http.post(deployment.url(PATH), content=json.dumps(body))
        asked = http.post(deployment.url("/api/identity/v1/accounts/availability"), json={"user_id": USER_ID})
        assert asked.json() == {"available": True, "code": None, "suggestions": []}


@pytest.mark.parametrize(("place", "code"), NEEDED.items(), ids=map(pointer, NEEDED))
def test_what_is_needed_is_missed__REG_9(send: Send, place: Place, code: str) -> None:
    assert faults(send(form(place, ...))) == [(pointer(place), code)]


@pytest.mark.parametrize("place", NEEDED, ids=pointer)
def test_null_is_no_value__REG_9(send: Send, place: Place) -> None:
    assert faults(send(form(place, None))) == [(pointer(place), "null")]


@pytest.mark.parametrize("wrong", [17, True, ["x"], {"x": 1}], ids=repr)
@pytest.mark.parametrize("place", TEXTS, ids=pointer)
def test_text_is_text__REG_5(send: Send, place: Place, wrong: object) -> None:
    assert faults(send(form(place, wrong))) == [(pointer(place), "invalid")]


@pytest.mark.parametrize("wrong", [17, True, "medical"], ids=repr)
@pytest.mark.parametrize("place", CONTAINERS, ids=pointer)
def test_lists_and_objects_are_such__REG_5(send: Send, place: Place, wrong: object) -> None:
    assert faults(send(form(place, wrong))) == [(pointer(place), "invalid")]


@pytest.mark.parametrize("place", [place for place in TEXTS if place in NEEDED], ids=pointer)
def test_empty_is_missing__REG_5(send: Send, place: Place) -> None:
    assert faults(send(form(place, "  "))) == [(pointer(place), EMPTY.get(place, "required"))]


@pytest.mark.parametrize("place", TEXTS, ids=pointer)
def test_nothing_is_endless__OPS_8(send: Send, place: Place) -> None:
    assert faults(send(form(place, "a" * 2001))) == [(pointer(place), "too_long")]


@pytest.mark.parametrize(("place", "code"), CONTROLLED.items(), ids=map(pointer, CONTROLLED))
def test_control_characters_are_refused__REG_5(send: Send, place: Place, code: str) -> None:
    assert faults(send(form(place, "a\r\nb"))) == [(pointer(place), code)]


@pytest.mark.parametrize("place", TEXTS, ids=pointer)
def test_no_text_has_a_nul__REG_5(send: Send, place: Place) -> None:
    assert faults(send(form(place, "a\0b"))) == [(pointer(place), "character_not_allowed")]


@pytest.mark.parametrize("place", OBJECTS, ids=pointer)
def test_unknown_fields_are_errors(send: Send, place: Place) -> None:
    assert faults(send(form((*place, "a/b~c"), 1))) == [(f"{pointer(place)}/a~1b~0c", "unknown_field")]


@pytest.mark.parametrize("wrong", [None, 1, "yes", "true", [], {}], ids=repr)
def test_no_tin_is_a_boolean__REG_3(send: Send, wrong: object) -> None:
    assert faults(send(form(("no_tin",), wrong))) == [("/no_tin", "null" if wrong is None else "invalid")]


@pytest.mark.parametrize("body", [None, 1, "x", [], [{}]], ids=repr)
def test_a_registration_is_an_object(send: Send, body: object) -> None:
    assert faults(send(body)) == [("", "invalid")]


def test_all_faults_are_told_at_once__REG_9(send: Send) -> None:
    body = form(("profile", "first_name"), "")
    body["practice_type"] = ["medical", "podiatry"]
    body["tins"] = [{"tin": "12345678"}, {"tin": "123456789"}, {"tin": "12-3456789"}]
    body["profile"] |= {"email": "no-address", "phone": "12", "job_role": "astronaut"}
    body["profile"]["address"] |= {"state": "XX", "zip": "1"}
    body |= {"user_id": "1", "password": "short", "date_of_birth": "2020-02-30"}
    body["security_answers"] = [{"question": "first_pet", "answer": ""}, {"question": "first_pet", "answer": "x"}]
    assert set(faults(send(body))) == {
        ("/practice_type/1", "practice_type_unknown"),
        ("/tins/0/tin", "tin_invalid"),
        ("/tins/2/tin", "tin_duplicate"),
        ("/profile/first_name", "required"),
        ("/profile/email", "email_invalid"),
        ("/profile/phone", "phone_invalid"),
        ("/profile/job_role", "job_role_unknown"),
        ("/profile/address/state", "state_unknown"),
        ("/profile/address/zip", "zip_invalid"),
        ("/user_id", "user_id_invalid"),
        ("/password", "password_weak"),
        ("/date_of_birth", "date_of_birth_invalid"),
        ("/security_answers/0/answer", "answer_invalid"),
        ("/security_answers/1/question", "question_twice"),
    }
