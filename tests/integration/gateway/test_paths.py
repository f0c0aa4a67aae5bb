"""One table of paths, for the gateway of containers and native stacks and for that of the embedded mode (Edge)."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from deploy.native.nginx import NginxServer
from deploy.native.ports import free
from tests.integration.gateway.echo import wsgi_echo
from tests.integration.gateway.raw import Answer, ask, get
from wardenry.embedded.doors import Doors
from wardenry.embedded.gateway import Gateway, site_routes
from wardenry.registry import SERVICES

MALFORMED, NOT_FOUND = (400, "malformed"), (404, "not_found")

PATHS: dict[str, str | tuple[int, str]] = {
    # to whom it belongs
    "/api/identity": "identity",
    "/api/identity/": "identity",
    "/api/identity/v1/me": "identity",
    "/api/registration/v1/practices/123456789": "registration",
    "/api/entitlements/v1/check": "entitlements",
    "/api/notify/v1/me/messages": "notify",
    "/api/audit/v1/history.xlsx?tin=123456789&from=../..//": "audit",
    "/oidc": "identity",
    "/oidc/authorize?redirect_uri=https%3A%2F%2Fsite.example%2F": "identity",
    "/.well-known/openid-configuration": "identity",
    "/": "portal",
    "/?": "portal",
    "/register": "portal",
    "/assets/css/site.css": "portal",
    "/a%20b/%C3%A9": "portal",
    # what has no dot segment in it
    "/register.": "portal",
    "/register...": "portal",
    "/.hidden": "portal",
    "/...": "portal",
    "/api/identity/v1/me.": "identity",
    "/api./identity": "portal",
    # upper and lower case are two
    "/API/identity/v1/me": "portal",
    "/Internal/v1/reservations": "portal",
    "/api/Identity/v1/me": NOT_FOUND,
    # encoded letters are letters
    "/%61pi/identity/v1/me": "identity",
    "/api/%69dentity/v1/me": "identity",
    "/%69nternal/v1/reservations": NOT_FOUND,
    "/live%7A": NOT_FOUND,
    "/api/identity/v1/%252e%252e/me": "identity",
    # not for outside
    "/api": NOT_FOUND,
    "/api/": NOT_FOUND,
    "/api/nowhere": NOT_FOUND,
    "/api/portal/v1": NOT_FOUND,
    "/api/identityx": NOT_FOUND,
    "/api/identity.": NOT_FOUND,
    "/api/identity;/v1": NOT_FOUND,
    "/internal": NOT_FOUND,
    "/internal/v1/reservations": NOT_FOUND,
    "/livez": NOT_FOUND,
    "/readyz": NOT_FOUND,
    "/readyz/x": NOT_FOUND,
    "/metrics": NOT_FOUND,
    "/metrics?name[]=up": NOT_FOUND,
    "/livezz": "portal",
    # not in plain form
    "//": MALFORMED,
    "//api/identity/v1/me": MALFORMED,
    "/api//identity/v1/me": MALFORMED,
    "/api/identity/v1//me": MALFORMED,
    "/api/identity/v1/me//": MALFORMED,
    "/api/identity/v1/./me": MALFORMED,
    "/api/identity/v1/../v1/me": MALFORMED,
    "/api/identity/v1/../../../internal/v1": MALFORMED,
    "/api/identity/..": MALFORMED,
    "/api/identity/.": MALFORMED,
    "/..": MALFORMED,
    "/.": MALFORMED,
    "/../x": MALFORMED,
    "/register/%2e%2e/internal": MALFORMED,
    "/%2E": MALFORMED,
    "/.%2e/internal/v1": MALFORMED,
    "/api%2fidentity/v1/me": MALFORMED,
    "/api/identity/v1/accounts/a%2Fb/confirm": MALFORMED,
    "/api/identity/v1/..%5cme": MALFORMED,
    "/api\\identity/v1/me": MALFORMED,
    "/api/identity/v1/me%00": MALFORMED,
    "/api/identity/v1/me%0d%0aX-Wardenry-Site:%20x": MALFORMED,
    "/register%1f": MALFORMED,
    "/register#top": MALFORMED,
    "/api/identity/v1/me#/../x": MALFORMED,
}


@pytest.fixture(scope="module")
def embedded_port() -> Iterator[int]:
    """The embedded mode's gateway behind its own web server, in front of the same stand-ins."""
    (port,) = free(1)
    apps = {name: wsgi_echo(name) for name in SERVICES}
    doors = Doors({port: Gateway("medical", site_routes(apps, apps.pop("portal")))})
    doors.open()
    yield port
    doors.close()


@pytest.fixture(params=["nginx", "embedded"])
def port(request: pytest.FixtureRequest, gateway: NginxServer, embedded_port: int) -> int:
    return gateway.site_ports["medical"] if request.param == "nginx" else embedded_port


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
def test_every_path_has_one_form_and_one_place__OPS_2(port: int, path: str, expected: str | tuple[int, str]) -> None:
    answer = get(port, path)
    if isinstance(expected, str):
        assert (answer.status, answer.body["name"]) == (200, expected)
    else:
        refused(answer, *expected)


@pytest.mark.parametrize("path", ["/dev", "/dev/mailbox", "/dev/messages"])
def test_nothing_to_try_things_out_with_passes_nginx__OPS_2(gateway: NginxServer, path: str) -> None:
    refused(get(gateway.site_ports["medical"], path), *NOT_FOUND)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Much: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"POST /api/identity/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n", 400),
    ],
    ids=lambda each: repr(each[:40]) if isinstance(each, bytes) else str(each),
)
def test_what_is_no_request_is_told_so_in_a_problem__OPS_8(port: int, request_: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        answer = ask(connection, request_)
    assert answer.status // 100 == status // 100
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["status"] == answer.status
    assert answer.body["correlation_id"] == answer.headers["x-correlation-id"]


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    assert (answer.body["status"], answer.body["code"]) == (status, code)
    assert answer.body["correlation_id"] == answer.headers["x-correlation-id"]
