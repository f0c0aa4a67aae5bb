"""Who is let in: whoever brings a token that identity signed for this, and nobody else (IDN-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from tests.e2e.deployments import Deployment, Embedded
from tests.e2e.forging import FORGERIES, claims, real_key
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


@pytest.fixture(scope="module")
def http(deployment: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, base_url=deployment.url("")) as client:
        yield client


@pytest.fixture(scope="module")
def token(deployment: Deployment, demo_password: str) -> str:
    person = Person(deployment, "audit001", demo_password)
    return str(person.sign_in()["access_token"])


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Token {}", "{}", "Bearer {} {}"])
def test_a_token_stands_behind_bearer__IDN_12(http: httpx.Client, token: str, header: str) -> None:
    for path in EVERYWHERE:
        refused(http.get(path, headers={"Authorization": header.format(token, token)}), 401, "not_signed_in")


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_tokens_open_nothing__IDN_12(embedded: Embedded, http: httpx.Client, token: str, name: str) -> None:
    forged = FORGERIES[name](token, real_key(embedded.data))
    for path in EVERYWHERE:
        refused(http.get(path, headers={"Authorization": f"Bearer {forged}"}), 401, "not_signed_in")
    assert http.get(EVERYWHERE[0], headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_no_other_secret_passes_for_a_token__IDN_12(
    deployment: Deployment, demo_password: str, http: httpx.Client
) -> None:
    person = Person(deployment, "support2", demo_password)
    person.sign_in()
    begun = person.post("/api/identity/v1/sign-in", {"user_id": person.user_id, "password": person.password}).json()
    for other in (person.tokens["refresh_token"], begun["challenge"], begun["challenge_secret"]):
        for path in EVERYWHERE:
            refused(http.get(path, headers={"Authorization": f"Bearer {other}"}), 401, "not_signed_in")
    form = {"grant_type": "refresh_token", "client_id": "wardenry-api", "refresh_token": person.tokens["access_token"]}
    assert http.post("/oidc/token", data=form).json()["error"] == "invalid_grant"


def test_the_token_says_who_and_never_what__IDN_12(token: str) -> None:
    said = claims(token)
    assert (said["sub"], said["aud"], said["exp"] - said["iat"]) == ("audit001", "wardenry-api", 300)
    assert set(said) == {
        *("iss", "sub", "aud", "sid", "site", "client_id", "scope", "acr", "amr", "auth_time", "iat", "exp", "jti")
    }
