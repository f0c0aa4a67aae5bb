"""From a reservation to an account that signs in."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.db.tables import inbox_subject
from services.identity.adapters.tables import account, reservation, user_id
from tests.integration.identity.world import PASSWORD, World, registration

SUBMITTED = "registration.registration.submitted.v1"


def submit(world: World, body: dict[str, Any], sequence: int = 1) -> None:
    data = {"registration_id": body["registration_id"], "user_id": body["user_id"].lower(), "practice_type": []}
    world.deliver(SUBMITTED, f"registration/{body['registration_id']}", data, sequence)


def test_reserve_submit_confirm_sign_in__REG_9_IDN_1(world: World) -> None:
    body = registration("NewPerson")
    answer = world.internal("/reservations", body)
    assert answer.status_code == 201
    assert (answer.get_json()["reservation_id"], answer.get_json()["user_id"]) == (body["registration_id"], "newperson")
    assert answer.get_json()["lapses_at"]
    submit(world, body)
    assert world.mail() | {"code": ""} == {"to": "nora@practice.example", "first_name": "Nora", "code": ""}
    wished = {"user_id": "newperson", "password": PASSWORD}
    assert world.post("/sign-in", wished).get_json() == {"state": "confirm_required"}
    assert world.post("/accounts/NewPerson/confirm", {"code": world.code()}).status_code == 204
    me = world.get("/me", world.signed_in("newperson")["access_token"]).get_json()
    assert me["user_id"] == "newperson"
    assert me["profile"]["first_name"] == "Nora"
    assert [contact["hint"] for contact in me["contacts"]] == ["n•••@practice.example"]
    confirmed = world.events("identity.account.confirmed.v1")[-1]
    assert confirmed["registration_id"] == body["registration_id"]
    assert (confirmed["site"], confirmed["language"]) == ("behavioral", "es")
    assert confirmed["person"] == body["person"]


def test_submitted_twice_is_one_account__REG_9(world: World) -> None:
    body = registration()
    world.internal("/reservations", body)
    before = world.count(account)
    submit(world, body, 1)
    submit(world, body, 2)
    assert world.count(account) == before + 1
    assert world.count(reservation) == 0
    assert world.internal("/reservations", body).status_code == 201  # the repeat of a call that was killed


def test_everything_wrong_by_pointer__REG_6_REG_7_REG_8(world: World) -> None:
    answers = [{"question": "first_pet", "answer": " "}, {"question": "first_pet", "answer": "x"}]
    wrong = registration("5x", password="newperson-12", date_of_birth="2020-01-01", security_answers=answers)
    answer = world.internal("/reservations", wrong)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.get_json()["errors"]] == [
        ("/user_id", "user_id_invalid"),
        ("/password", "password_weak"),
        ("/date_of_birth", "date_of_birth_invalid"),
        ("/security_answers/0/answer", "answer_invalid"),
        ("/security_answers/1/question", "question_duplicate"),
    ]
    assert world.internal("/reservations/check", wrong).get_json()["faults"] == answer.get_json()["errors"]
    assert world.count(reservation) == 0


def test_a_taken_user_id_comes_with_three_others__REG_6(world: World) -> None:
    answer = world.internal("/reservations", registration("MMartin5"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "user_id_taken")
    assert len(answer.get_json()["suggestions"]) == 3
    checked = world.internal("/reservations/check", {"user_id": "mmartin5"}).get_json()
    assert [fault["code"] for fault in checked["faults"]] == ["user_id_taken"]
    assert len(checked["suggestions"]) == 3
    available = world.internal("/availability", {"user_id": "mmartin5"}).get_json()
    assert (available["available"], available["code"]) == (False, "user_id_taken")


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"user_id": None, "password": None, "date_of_birth": None, "security_answers": None, "person": None},
        {"password": "a-fine-password-8"},
        {"person": {"first_name": "Nora"}, "security_answers": [{"question": "first_pet", "answer": None}] * 0},
    ],
)
def test_any_part_can_be_checked__REG_9(world: World, part: dict[str, Any]) -> None:
    answer = world.internal("/reservations/check", part)
    assert answer.status_code == 200
    assert {fault["pointer"] for fault in answer.get_json()["faults"]} <= {"/security_answers"}


def test_who_is_no_service_gets_nowhere__REG_9(world: World) -> None:
    client = world.service.app.test_client()
    token = world.signed_in("support1")["access_token"]
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        for path in ("reservations", "reservations/check", "availability"):
            assert client.post(f"/internal/v1/{path}", json=registration(), headers=headers).status_code == 401
    assert world.count(reservation) == 0


def test_a_submission_without_reservation_waits_to_be_looked_at__REG_9(world: World) -> None:
    before = world.count(user_id)
    submit(world, registration())
    assert world.count(user_id) == before
    with world.service.engine.connect() as connection:
        standing = connection.execute(inbox_subject.select()).one()
    assert (standing.attempts, standing.done) == (1, 0)
