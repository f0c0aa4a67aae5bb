"""The same call again: one effect and the same answer, whether one after the other or at once (`api.md`, Manner)."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx
import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.offices import ENT, OGYAM, STATE_MEDICAL, Applicant, Staff, change
from tests.e2e.people import Person, registration
from tests.e2e.refusals import faults, refused

SUBMIT: Final = "/api/registration/v1/registrations"
AT_ONCE: Final = 6


@pytest.fixture(scope="module")
def staff(deployment: Deployment, demo_password: str) -> Staff:
    return Staff(deployment, demo_password)


def post(deployment: Deployment, path: str, body: Any, key: str, **options: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} | options.pop("headers", {})
    return httpx.post(deployment.url(path), json=body, headers=headers, timeout=30, **options)


def together(*calls: Any) -> list[httpx.Response]:
    """The answers to calls that start at one moment."""
    start = threading.Barrier(len(calls))

    def run(call: Any) -> httpx.Response:
        start.wait(60)
        answer: httpx.Response = call()
        return answer

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_same_submit_twice_is_one__REG_9(deployment: Deployment) -> None:
    person, key = Person(deployment, "submits.twice"), uuid.uuid4().hex
    body = registration(person.user_id, [{"tin": OGYAM}])
    first, second = (post(deployment, SUBMIT, body, key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    person.code("confirm_email")
    assert person.notices() == ["confirm_email"]
    refused(post(deployment, SUBMIT, body, uuid.uuid4().hex), 409, "user_id_taken")


def test_the_same_submit_at_once_is_one__REG_9(deployment: Deployment) -> None:
    person, key = Person(deployment, "submits.at.once"), uuid.uuid4().hex
    body = registration(person.user_id, [{"tin": OGYAM}, {"tin": STATE_MEDICAL}])
    answers = together(*[lambda: post(deployment, SUBMIT, body, key)] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert person.confirm().status_code == 204
    person.sign_in()
    assert person.notices().count("confirm_email") == 1
    mine = person.get(f"{ENT}/requests", params={"mine": "true"}).json()["items"]
    assert sorted(each["id"] for each in mine) == sorted(each["id"] for each in answers[0].json()["requests"])


def test_one_user_id_for_many_at_once__REG_6(deployment: Deployment) -> None:
    bodies = [
        registration("wished.by.many".upper() if number % 2 else "wished.by.many", [{"tin": OGYAM}])
        for number in range(AT_ONCE)
    ]
    answers = together(*[lambda body=body: post(deployment, SUBMIT, body, uuid.uuid4().hex) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)
    for answer in answers:
        if answer.status_code == 409:
            assert len(refused(answer, 409, "user_id_taken")["suggestions"]) == 3


def test_a_key_is_for_one_body(deployment: Deployment) -> None:
    key, body = uuid.uuid4().hex, registration("one.key.only", [{"tin": OGYAM}])
    made = post(deployment, SUBMIT, body, key)
    assert made.status_code == 201
    for other in (body | {"user_id": "another.one"}, body | {"practice_type": ["medical", "dental"]}, {}):
        refused(post(deployment, SUBMIT, other, key), 422, "idempotency_key_reused")
    assert post(deployment, SUBMIT, body, key).json() == made.json()
    asked = httpx.post(deployment.url("/api/identity/v1/accounts/availability"), json={"user_id": "another.one"})
    assert asked.json()["available"] is True


def test_a_refusal_is_repeated_too(deployment: Deployment) -> None:
    key, body = uuid.uuid4().hex, registration("refused.twice", [{"tin": "1"}])
    first, second = (post(deployment, SUBMIT, body, key) for _ in range(2))
    assert faults(first) == faults(second) == [("/tins/0/tin", "tin_invalid")]
    mended = registration("refused.twice", [{"tin": OGYAM}])
    refused(post(deployment, SUBMIT, mended, key), 422, "idempotency_key_reused")
    assert post(deployment, SUBMIT, mended, uuid.uuid4().hex).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "a" * 256, "ä"])
def test_a_key_has_a_form(deployment: Deployment, key: str) -> None:
    headers: Any = {b"Idempotency-Key": key.encode()}
    answer = httpx.post(
        deployment.url("/api/identity/v1/accounts/availability"), json={"user_id": "x"}, headers=headers
    )
    refused(answer, 400, "idempotency_key_invalid")


def test_a_key_is_one_callers(deployment: Deployment, staff: Staff) -> None:
    body, key = {"tin": STATE_MEDICAL, "line": "behavioral"}, uuid.uuid4().hex
    made = [
        person.post(f"{ENT}/requests", body, headers={"Idempotency-Key": key})
        for person in (staff.processor, staff.other_manager)
    ]
    assert [answer.status_code for answer in made] == [201, 201]
    assert [answer.json()["user_id"] for answer in made] == ["ssmith1234", "geogym1"]
    for person, answer in zip((staff.processor, staff.other_manager), made, strict=True):
        path = f"{ENT}/requests/{answer.json()['id']}/withdraw"
        assert person.post(path, headers={"Idempotency-Key": key}).json()["state"] == "withdrawn"
        assert person.post(path, headers={"Idempotency-Key": key}).json()["state"] == "withdrawn"


def test_a_change_is_made_once__ENT_7(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "given.once")
    request = applicant.wait_for(staff.manager, OGYAM)[OGYAM]
    path = f"{ENT}/users/{applicant.user_id}/access"
    body = {"changes": [change("processor", "claim_status", tin=OGYAM)], "request_id": request}
    headers = {"If-Match": staff.manager.get(path).headers["ETag"], "Idempotency-Key": uuid.uuid4().hex}
    answers = together(*[lambda: staff.manager.call("PUT", path, json=body, headers=headers)] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert len({answer.headers["ETag"] for answer in answers}) == 1


def test_tokens_are_shown_once_more_for_the_same_call__IDN_1(deployment: Deployment, demo_password: str) -> None:
    person, key = Person(deployment, "support2", demo_password), uuid.uuid4().hex
    credentials = {"user_id": person.user_id, "password": person.password}
    begun, again = (post(deployment, "/api/identity/v1/sign-in", credentials, key) for _ in range(2))
    assert begun.json() == again.json()
    challenge, method = begun.json()["challenge"], begun.json()["methods"][0]["id"]
    secret = {"X-Challenge-Secret": begun.json()["challenge_secret"]}
    earlier = person.notices().count("sign_in_code")
    send = f"/api/identity/v1/sign-in/{challenge}/send"
    for _ in range(2):
        assert post(deployment, send, {"method": method}, key, headers=secret).status_code == 202
    body = {"method": method, "code": person.code("sign_in_code", after=earlier)}
    verify = f"/api/identity/v1/sign-in/{challenge}/verify"
    done, repeated = (post(deployment, verify, body, key, headers=secret) for _ in range(2))
    assert done.json()["state"] == "signed_in"
    assert repeated.json() == done.json()
    refused(post(deployment, verify, body, key), 404, "not_found")
    other = post(deployment, verify, body | {"code": "000000"}, key, headers=secret)
    refused(other, 422, "idempotency_key_reused")
    assert person.notices().count("sign_in_code") == earlier + 1
