"""Sessions and refresh tokens: their end holds everywhere within seconds (IDN-10, IDN-11)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.forging import claims
from tests.e2e.people import Person
from tests.e2e.refusals import refused

EVERYWHERE: Final = (
    "/api/identity/v1/me",
    "/api/identity/v1/me/sessions",
    "/api/registration/v1/outreach",
    "/api/entitlements/v1/me/access",
    "/api/notify/v1/me/messages",
    "/api/audit/v1/history",
)

SignIn = Callable[[str], Person]


@pytest.fixture
def signed_in(deployment: Deployment, demo_password: str) -> SignIn:
    def sign_in(user_id: str) -> Person:
        person = Person(deployment, user_id, demo_password)
        person.sign_in()
        return person

    return sign_in


def closed_everywhere(person: Person, *, within: float = 5.0) -> None:
    """Every service refuses the person's token soon, and goes on refusing it."""

    def answers() -> set[int]:
        return {person.get(path).status_code for path in EVERYWHERE}

    eventually(lambda: answers() == {401}, within=within)
    assert answers() == {401}


def test_signing_out_ends_it_everywhere__IDN_10(signed_in: SignIn) -> None:
    person, other = signed_in("support1"), signed_in("support1")
    assert {person.get(path).status_code for path in EVERYWHERE} <= {200, 403, 422}
    began = time.monotonic()
    assert person.post("/api/identity/v1/sign-out").status_code == 204
    refused(person.get("/api/identity/v1/me"), 401, "not_signed_in")
    closed_everywhere(person, within=5 - (time.monotonic() - began))
    assert person.refresh().json()["error"] == "invalid_grant"
    assert other.get("/api/identity/v1/me").status_code == 200
    refused(person.post("/api/identity/v1/sign-out"), 401, "not_signed_in")


def test_a_revoked_session_ends_everywhere__IDN_10(signed_in: SignIn) -> None:
    stays, goes = signed_in("secadm01"), signed_in("secadm01")
    sid = claims(goes.tokens["access_token"])["sid"]
    listed = {item["id"]: item["current"] for item in stays.get("/api/identity/v1/me/sessions").json()["items"]}
    assert listed[sid] is False
    assert stays.call("DELETE", f"/api/identity/v1/me/sessions/{sid}").status_code == 204
    closed_everywhere(goes)
    assert stays.get("/api/identity/v1/me").status_code == 200
    refused(stays.call("DELETE", f"/api/identity/v1/me/sessions/{sid}"), 404, "not_found")


def test_nobody_ends_the_session_of_somebody_else__IDN_10(signed_in: SignIn) -> None:
    owner, other = signed_in("geogym1"), signed_in("ssmith1234")
    sid = claims(owner.tokens["access_token"])["sid"]
    refused(other.call("DELETE", f"/api/identity/v1/me/sessions/{sid}"), 404, "not_found")
    assert owner.get("/api/identity/v1/me").status_code == 200


def test_a_refresh_token_works_once__IDN_11(signed_in: SignIn) -> None:
    person = signed_in("secadm01")
    first = person.tokens["refresh_token"]
    assert person.refresh().status_code == 200
    second = person.tokens["refresh_token"]
    assert second != first
    assert person.get("/api/identity/v1/me").status_code == 200
    person.tokens["refresh_token"] = first
    reused = person.refresh()
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    person.tokens["refresh_token"] = second
    assert person.refresh().json()["error"] == "invalid_grant"
    closed_everywhere(person)
    eventually(lambda: "refresh_reuse" in person.notices())


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"client_id": "somebody"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"refresh_token": "x" * 43}, 400, "invalid_grant"),
        ({"refresh_token": None}, 400, "invalid_request"),
    ],
)
def test_the_token_endpoint_refuses_in_its_own_manner(
    deployment: Deployment, signed_in: SignIn, changes: dict[str, Any], status: int, error: str
) -> None:
    person = signed_in("audit001")
    form = {"grant_type": "refresh_token", "client_id": "wardenry-api", **person.tokens} | changes
    fields = {name: form[name] for name in ("grant_type", "client_id", "refresh_token") if form[name] is not None}
    answer = httpx.post(deployment.url("/oidc/token"), data=fields)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["Cache-Control"] == "no-store"
    assert person.refresh().status_code == 200
