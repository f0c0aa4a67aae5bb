"""Methods and paths that are not there, and what is no request at all: always a problem document (`api.md`, Manner)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from tests.e2e.deployments import Deployment, Embedded
from tests.e2e.refusals import problem_of, refused

REGISTRATIONS: Final = "/api/registration/v1/registrations"
SERVICES: Final = ("identity", "registration", "entitlements", "notify", "audit")


@pytest.fixture
def http(deployment: Deployment) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, base_url=deployment.url("")) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (REGISTRATIONS, {"POST"}),
        ("/api/registration/v1/job-roles", {"GET", "HEAD"}),
        ("/api/identity/v1/me", {"GET", "HEAD", "PATCH"}),
        ("/api/entitlements/v1/users/mmartin5", {"GET", "HEAD"}),
        ("/api/entitlements/v1/users/mmartin5/access", {"GET", "HEAD", "PUT", "DELETE"}),
        ("/api/notify/v1/me/messages", {"GET", "HEAD"}),
        ("/api/audit/v1/history", {"GET", "HEAD"}),
        ("/oidc/token", {"POST"}),
    ],
)
def test_unsupported_methods(http: httpx.Client, path: str, allowed: set[str]) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - allowed:
        answer = http.request(method, path)
        refused(answer, 405, "method_not_allowed")
        assert {word.strip() for word in answer.headers["Allow"].split(",")} - {"OPTIONS"} == allowed


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_not_there(http: httpx.Client, service: str) -> None:
    for path in ("", "/", "/v1", "/v1/", "/v1/nothing", "/v2/me", "/v1/me/", "/v1/%6e%6f"):
        refused(http.get(f"/api/{service}{path}"), 404, "not_found")


@pytest.mark.parametrize("path", ["/api", "/api/nowhere", "/api/v1/me", "/internal", "/internal/v1/reservations"])
def test_what_is_not_for_outside(http: httpx.Client, path: str) -> None:
    refused(http.get(path), 404, "not_found")
    refused(http.post(path, json={}), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "//api/identity/v1/me",
        "/api//identity/v1/me",
        "/api/identity/v1/../../../internal/v1/reservations",
        "/api/identity/v1/%2e%2e/me",
        "/api/identity/v1/..%2fme",
        "/api/identity/v1/me%00",
        "/api/identity/v1/accounts/a%2fb/confirm",
    ],
)
def test_odd_paths(embedded: Embedded, path: str) -> None:
    answer = raw(embedded.port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in {b"400", b"404"}
    assert b"Content-Type: application/problem+json" in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /api/identity/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
    ],
    ids=lambda each: repr(each[:40]),
)
def test_what_is_no_request__OPS_8(embedded: Embedded, request_: bytes) -> None:
    answer = raw(embedded.port, request_)
    assert answer.split(b" ")[1][:1] in {b"4", b"5"}
    assert b"application/problem+json" in answer
    assert b"Traceback" not in answer


def raw(port: int, request_: bytes) -> bytes:
    """Everything that is answered to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request_)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize("path", ["/api/identity/v1/me", "/api/nowhere", "/api/registration/v1/job-roles"])
def test_the_correlation_id_comes_back__OPS_5(http: httpx.Client, path: str) -> None:
    assert http.get(path, headers={"X-Correlation-ID": "Mine_1.a-b"}).headers["X-Correlation-ID"] == "Mine_1.a-b"
    for odd in (b"a b", b"x" * 65, "ä".encode(), b"a\tb", b"<script>"):
        given = http.get(path, headers={b"X-Correlation-ID": odd}).headers["X-Correlation-ID"]
        assert len(given) == 36


def test_a_refusal_names_its_correlation_id(http: httpx.Client) -> None:
    answer = http.get("/api/identity/v1/me", headers={"X-Correlation-ID": "mine-2"})
    assert problem_of(answer)["correlation_id"] == "mine-2"
