"""Bodies and parameters that the edge refuses before any rule is asked (`api.md`, Manner; OPS-8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.people import Person
from tests.e2e.refusals import faults, refused

REGISTRATIONS: Final = "/api/registration/v1/registrations"
MEBIBYTE: Final = 1024 * 1024

JSON_POSTS: Final = (
    REGISTRATIONS,
    f"{REGISTRATIONS}/preview",
    "/api/identity/v1/accounts/availability",
    "/api/identity/v1/sign-in",
    "/api/identity/v1/accounts/mmartin5/confirm",
)
MALFORMED: Final = (b"{", b'{"user_id": NaN}', b"\xff\xfe", b'{"user_id": "\\ud800"}', b"{} {}", b"[" * 40 + b"]" * 40)

LISTS: Final = (
    "/api/entitlements/v1/users",
    "/api/entitlements/v1/requests",
    "/api/identity/v1/me/sessions",
    "/api/notify/v1/me/messages",
    "/api/audit/v1/history",
)


@pytest.fixture
def http(deployment: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, base_url=deployment.url("")) as client:
        yield client


@pytest.fixture(scope="module")
def manager(deployment: Deployment, demo_password: str) -> Person:
    person = Person(deployment, "geogym1", demo_password)
    person.sign_in()
    return person


@pytest.mark.parametrize("body", MALFORMED, ids=repr)
@pytest.mark.parametrize("path", JSON_POSTS)
def test_malformed_json(http: httpx.Client, path: str, body: bytes) -> None:
    refused(http.post(path, content=body, headers={"Content-Type": "application/json"}), 400, "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""])
@pytest.mark.parametrize("path", JSON_POSTS)
def test_wrong_content_type(http: httpx.Client, path: str, kind: str) -> None:
    answer = http.post(path, content=b"{}", headers={"Content-Type": kind})
    refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_packed_body_is_not_unpacked__OPS_8(http: httpx.Client, encoding: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    refused(http.post(REGISTRATIONS, content=b"{}", headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("size", [MEBIBYTE + 1, 20 * MEBIBYTE])
@pytest.mark.parametrize("path", JSON_POSTS)
def test_too_large__OPS_8(http: httpx.Client, path: str, size: int) -> None:
    body = b'{"user_id": "' + b"a" * size + b'"}'
    refused(http.post(path, content=body, headers={"Content-Type": "application/json"}), 413, "too_large")


@pytest.mark.parametrize("path", JSON_POSTS)
def test_too_large_without_saying_so__OPS_8(http: httpx.Client, path: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"user_id": "'
        for _ in range(1100):
            yield b"a" * 1024
        yield b'"}'

    refused(http.post(path, content=chunks(), headers={"Content-Type": "application/json"}), 413, "too_large")


def test_unknown_query_parameters_are_errors(http: httpx.Client) -> None:
    for path in ("/api/registration/v1/job-roles", "/api/entitlements/v1/functions"):
        assert faults(http.get(path, params={"colour": "red"})) == [("/colour", "unknown_field")]
    assert faults(http.post(REGISTRATIONS, params={"x": "1"}, json={})) == [("/x", "unknown_field")]


@pytest.mark.parametrize("path", LISTS)
def test_lists_know_their_parameters(manager: Person, path: str) -> None:
    assert set(manager.get(path).json()) >= {"items", "next"}
    assert faults(manager.get(path, params={"colour": "red"})) == [("/colour", "unknown_field")]


def test_a_cursor_is_of_its_own_list(manager: Person) -> None:
    cursor = manager.get("/api/entitlements/v1/users", params={"limit": "1"}).json()["next"]
    assert cursor
    answer = manager.get("/api/audit/v1/history", params={"cursor": cursor})
    assert faults(answer) == [("/cursor", "cursor_invalid")]
