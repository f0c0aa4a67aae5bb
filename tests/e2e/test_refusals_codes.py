"""Codes and passwords that are tried: few tries, one use, one purpose, one flow (IDN-1, IDN-2, IDN-9)."""

from __future__ import annotations

import time
from typing import Any, Final

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.people import Person
from tests.e2e.refusals import faults, refused

IDENTITY: Final = "/api/identity/v1"
TIN: Final = "223344556"
NOBODY: Final = "01890000-0000-7000-8000-000000000000"


def applicant(deployment: Deployment, user_id: str) -> Person:
    """Somebody who has registered and not confirmed."""
    person = Person(deployment, user_id)
    assert person.register([{"tin": TIN}]).status_code == 201
    return person


def confirm(person: Person, code: str) -> httpx.Response:
    return person.post(f"{IDENTITY}/accounts/{person.user_id}/confirm", {"code": code})


def begin(person: Person) -> dict[str, Any]:
    """The second step of a new sign-in."""
    answer = person.post(f"{IDENTITY}/sign-in", {"user_id": person.user_id, "password": person.password})
    assert answer.status_code == 200, answer.text
    begun: dict[str, Any] = answer.json()
    assert begun["state"] == "second_step"
    return begun


def step(person: Person, begun: dict[str, Any], call: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    sent = {"X-Challenge-Secret": begun["challenge_secret"]} | headers
    return person.post(f"{IDENTITY}/sign-in/{begun['challenge']}/{call}", body, headers=sent)


def send(person: Person, begun: dict[str, Any]) -> str:
    """A code for this sign-in."""
    earlier = person.notices().count("sign_in_code")
    assert step(person, begun, "send", {"method": begun["methods"][0]["id"]}).status_code == 202
    return person.code("sign_in_code", after=earlier)


def verify(person: Person, begun: dict[str, Any], code: str, **headers: str) -> httpx.Response:
    return step(person, begun, "verify", {"method": begun["methods"][0]["id"], "code": code}, **headers)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_confirms_once__IDN_2(deployment: Deployment) -> None:
    person = applicant(deployment, "confirms.once")
    code = person.code("confirm_email")
    credentials = {"user_id": person.user_id, "password": person.password}
    assert person.post(f"{IDENTITY}/sign-in", credentials).json() == {"state": "confirm_required"}
    refused(confirm(person, wrong(code)), 422, "code_wrong")
    refused(person.post(f"{IDENTITY}/accounts/mmartin5/confirm", {"code": code}), 422, "code_wrong")
    assert confirm(person, f" {code[:3]}-{code[3:]} ").status_code == 204
    refused(confirm(person, code), 422, "code_wrong")
    again = person.post(f"{IDENTITY}/accounts/{person.user_id}/confirm/send", {"password": person.password})
    refused(again, 409, "already_confirmed")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "12345\u0666x", "-1"])
def test_what_is_no_code_is_a_wrong_one__IDN_2(deployment: Deployment, code: str) -> None:
    person = Person(deployment, "nobody.there." + str(len(code)) + code[:1].encode().hex())
    refused(confirm(person, code), 422, "code_wrong")


@pytest.mark.slow  # a minute passes between two codes
def test_five_wrong_codes_void_it__IDN_2(deployment: Deployment) -> None:
    person = applicant(deployment, "five.wrong.codes")
    code = person.code("confirm_email")
    for _ in range(5):
        refused(confirm(person, wrong(code)), 422, "code_wrong")
    answer = confirm(person, code)
    refused(answer, 429, "too_many_attempts")
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    resend = {"password": person.password}
    path = f"{IDENTITY}/accounts/{person.user_id}/confirm/send"
    early = person.post(path, resend)
    refused(early, 429, "too_many_attempts")
    pause = int(early.headers["Retry-After"])
    assert 0 < pause <= 60
    time.sleep(pause)
    refused(confirm(person, code), 429, "too_many_attempts")
    sent = person.post(path, resend)
    assert (sent.status_code, sent.json()) == (202, {"resend_after": 60}), sent.text
    fresh = person.code("confirm_email", after=1)
    if fresh != code:
        refused(confirm(person, code), 422, "code_wrong")
    assert confirm(person, fresh).status_code == 204
    person.sign_in()


def test_an_unknown_account_is_answered_alike__IDN_1(deployment: Deployment) -> None:
    known, unknown = applicant(deployment, "known.account"), Person(deployment, "unknown.account")
    code = wrong(known.code("confirm_email"))
    for number in range(6):
        answers = [confirm(person, code) for person in (known, unknown)]
        told = [{**answer.json(), "correlation_id": None} for answer in answers]
        assert told[0] == told[1]
        assert {answer.status_code for answer in answers} == {429 if number == 5 else 422}


def test_a_code_serves_its_own_flow__IDN_2(deployment: Deployment, demo_password: str) -> None:
    person = Person(deployment, "ssmith1234", demo_password)
    first, second = begin(person), begin(person)
    code = send(person, first)
    refused(confirm(person, code), 422, "code_wrong")
    refused(verify(person, second, code), 422, "code_wrong")
    crossed = first | {"challenge_secret": second["challenge_secret"]}
    refused(verify(person, crossed, code), 404, "not_found")
    refused(verify(person, first | {"challenge": NOBODY}, code), 404, "not_found")
    without = {"method": first["methods"][0]["id"], "code": code}
    refused(person.post(f"{IDENTITY}/sign-in/{first['challenge']}/verify", without), 404, "not_found")
    early = step(person, first, "send", {"method": first["methods"][0]["id"]})
    refused(early, 429, "too_many_attempts")
    done = verify(person, first, code)
    assert done.json()["state"] == "signed_in"
    refused(verify(person, first, code), 404, "not_found")


def test_a_code_of_somebody_else_is_nothing__IDN_2(deployment: Deployment, demo_password: str) -> None:
    one, other = Person(deployment, "support1", demo_password), Person(deployment, "support2", demo_password)
    mine, theirs = begin(one), begin(other)
    code = send(one, mine)
    refused(verify(other, theirs, code), 422, "code_wrong")
    foreign = {"method": mine["methods"][0]["id"], "code": code}
    assert step(other, theirs, "verify", foreign).status_code in {404, 422}
    assert verify(one, mine, code).json()["state"] == "signed_in"


def test_a_method_that_was_not_offered__IDN_2(deployment: Deployment, demo_password: str) -> None:
    person = Person(deployment, "audit001", demo_password)
    begun = begin(person)
    for method in (NOBODY, "email", ""):
        assert faults(step(person, begun, "send", {"method": method})) == [("/method", "method_unknown")]


@pytest.mark.parametrize("user_id", ["locked.account", "LOCKED.unknown"])
def test_ten_failures_lock__IDN_9(deployment: Deployment, user_id: str) -> None:
    person = Person(deployment, user_id)
    if user_id == "locked.account":
        assert person.register([{"tin": TIN}]).status_code == 201
        assert person.confirm().status_code == 204
        person.sign_in()
    guess = {"user_id": user_id, "password": "not-the-password-at-all"}
    answers = [httpx.post(deployment.url(f"{IDENTITY}/sign-in"), json=guess, timeout=30) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 6
    refused(answers[0], 401, "sign_in_failed")
    body = {"user_id": user_id.upper(), "password": person.password}
    locked = httpx.post(deployment.url(f"{IDENTITY}/sign-in"), json=body)
    refused(locked, 429, "too_many_attempts")
    assert 800 < int(locked.headers["Retry-After"]) <= 900
    if person.tokens:
        assert person.get(f"{IDENTITY}/me").status_code == 200
        resend = person.post(f"{IDENTITY}/accounts/{user_id}/confirm/send", {"password": person.password})
        refused(resend, 429, "too_many_attempts")
        eventually(lambda: "account_locked" in person.notices())


def test_a_wrong_password_says_what_an_unknown_user_says__IDN_1(deployment: Deployment) -> None:
    told = []
    for user_id in ("geogym1", "nobody.at.all", "no user id at all", "x" * 500):
        body = {"user_id": user_id, "password": "not-the-password-at-all"}
        problem = refused(httpx.post(deployment.url(f"{IDENTITY}/sign-in"), json=body), 401, "sign_in_failed")
        told.append({**problem, "correlation_id": None})
    assert all(problem == told[0] for problem in told)
