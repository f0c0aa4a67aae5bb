"""Sizes, times, floods, and parts that are down: each told clearly, in the form that the caller reads (OPS-8)."""

from __future__ import annotations

import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chassis.web.definition import Limits
from deploy.native.nginx import NginxServer
from deploy.native.ports import free
from services.portal.api import application as portal
from services.registration.api.imports import FILE_SIZE
from tests.e2e.refusals import PROBLEM_JSON, refused
from tests.integration.gateway.conftest import StartGateway
from tests.integration.gateway.raw import get


@pytest.mark.parametrize("path", ["/api/registration/v1/registrations", "/register"])
def test_bodies_may_be_as_large_as_the_services_take__OPS_8(http: httpx.Client, path: str) -> None:
    largest = Limits().body
    assert largest == portal._LARGEST_FORM  # noqa: SLF001 -- what the gateway must agree with
    assert http.post(path, content=b"x" * largest).json()["size"] == largest
    refused(http.post(path, content=b"x" * (largest + 1)), 413, "too_large")


@pytest.mark.parametrize("path", ["/api/registration/v1/imports", "/users/add/file"])
def test_files_of_people_may_be_larger__REG_16(http: httpx.Client, gateway: NginxServer, path: str) -> None:
    assert http.post(path, content=b"x" * FILE_SIZE).json()["size"] == FILE_SIZE
    refused(http.post(path, content=b"x" * (FILE_SIZE + 1)), 413, "too_large")
    refused(http.post(f"{path}/x", content=b"x" * FILE_SIZE), 413, "too_large")
    assert get(gateway.site_ports["medical"], f"/x/..{path}").status == 400


def test_a_body_that_does_not_say_how_large_it_is_is_cut_off__OPS_8(http: httpx.Client) -> None:
    answer = http.post("/api/registration/v1/registrations", content=(b"x" * 65536 for _ in range(20)))
    refused(answer, 413, "too_large")


def test_a_header_may_be_as_large_as_a_long_token__OPS_8(http: httpx.Client) -> None:
    assert http.get("/api/identity/v1/me", headers={"Authorization": "Bearer " + "x" * 12_000}).status_code == 200
    refused(http.get("/api/identity/v1/me", headers={"Authorization": "x" * 40_000}), 431, "too_large")
    refused(http.get("/api/identity/v1/me", params={"query": "x" * 40_000}), 414, "too_large")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_methods_that_no_service_has__OPS_8(http: httpx.Client, method: str) -> None:
    refused(http.request(method, "/api/identity/v1/me"), 405, "method_not_allowed")


def test_a_head_gets_the_refusal_without_its_words(http: httpx.Client) -> None:
    answer = http.head("/api/nowhere")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (404, b"", PROBLEM_JSON)


@pytest.mark.parametrize("service", ["identity", "registration", "entitlements", "notify", "audit"])
def test_a_service_that_is_down_is_said_to_be__OPS_8(start_gateway: StartGateway, nobody: int, service: str) -> None:
    server = start_gateway({service: [nobody]})
    for origin in (server.url("medical"), server.inside_url("medical")):
        for method in ("GET", "POST"):
            refused(httpx.request(method, f"{origin}/api/{service}/v1/x"), 503, "unavailable")
    assert httpx.get(f"{server.url('medical')}/register").status_code == 200


def test_people_get_a_page_while_the_portal_is_down__OPS_8(start_gateway: StartGateway, nobody: int) -> None:
    server = start_gateway({"portal": [nobody]})
    answer = httpx.get(f"{server.url('behavioral')}/register")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert int(answer.headers["Retry-After"]) >= 1
    assert 'lang="es"' in answer.text
    assert httpx.get(f"{server.url('behavioral')}/api/identity/v1/me").status_code == 200


def test_a_services_own_refusal_passes_as_it_is(http: httpx.Client) -> None:
    answer = http.get("/api/identity/v1/status/503")
    assert (answer.status_code, answer.json()["name"]) == (503, "identity")


def test_a_request_that_never_ends_arriving_is_given_up__OPS_8(start_gateway: StartGateway) -> None:
    """nginx ends the connection without a word."""
    server = start_gateway()
    with socket.create_connection(("127.0.0.1", server.site_ports["medical"]), timeout=60) as connection:
        connection.sendall(b"POST /register HTTP/1.1\r\nHost: x\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(1000)


def test_a_flood_is_held_back_and_told_when_to_come_again__IDN_9(start_gateway: StartGateway) -> None:
    server = start_gateway(GATEWAY_REQUESTS_PER_SECOND="1", GATEWAY_BURST="5")
    with httpx.Client(base_url=server.url("medical")) as flood:
        answers = [flood.get("/api/identity/v1/me") for _ in range(30)]
        assert [answer.status_code for answer in answers[:6]] == [200] * 6
        held = next(answer for answer in answers if answer.status_code != 200)
        refused(held, 429, "too_many_attempts")
        spoofed = {"X-Forwarded-For": "203.0.113.9"}
        assert 429 in {flood.get("/api/identity/v1/me", headers=spoofed).status_code for _ in range(30)}
        page = next(answer for answer in (flood.get("/register") for _ in range(30)) if answer.status_code != 200)
    assert (page.status_code, page.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert int(page.headers["Retry-After"]) >= 1
    assert httpx.get(f"{server.inside_url('medical')}/api/identity/v1/me").status_code == 200


@pytest.fixture(scope="module")
def certificate() -> Iterator[Path]:
    """A certificate and its key, where nginx's user may read them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(folder / "key.pem"))
        names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2")
        command = ["openssl", "req", "-x509", *key, *names, "-out", str(folder / "certificate.pem")]
        subprocess.run(command, check=True, capture_output=True)
        (folder / "key.pem").chmod(0o644)
        yield folder


def test_with_tls_nothing_goes_in_the_clear__IDN_16(
    start_gateway: StartGateway, certificate: Path, nobody: int
) -> None:
    site_ports = free(2)
    settings = {
        "GATEWAY_MEDICAL_LISTEN": f"127.0.0.1:{site_ports[0]} ssl",
        "GATEWAY_BEHAVIORAL_LISTEN": f"127.0.0.1:{site_ports[1]} ssl",
        "GATEWAY_TLS": "on",
        "GATEWAY_CERTIFICATE": str(certificate / "certificate.pem"),
        "GATEWAY_CERTIFICATE_KEY": str(certificate / "key.pem"),
        "GATEWAY_PLAIN_LISTEN": f"127.0.0.1:{nobody}",
    }
    server = start_gateway(site_ports=site_ports, **settings)
    trust = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    secure = f"https://localhost:{server.site_ports['medical']}"
    answer = httpx.get(f"{secure}/api/identity/v1/me", verify=trust)
    assert answer.json()["headers"]["x-wardenry-site"] == "medical"
    down = httpx.get(f"{secure}/api/nowhere", verify=trust)
    assert "max-age=31536000" in down.headers["Strict-Transport-Security"]
    refused(httpx.get(f"http://localhost:{server.site_ports['medical']}/api/identity/v1/me"), 400, "malformed")
    led = httpx.get(f"http://localhost:{nobody}/register?a=b")
    assert (led.status_code, led.headers["Location"]) == (308, "https://localhost/register?a=b")
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    trust.set_ciphers("AES128-SHA:@SECLEVEL=0")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{secure}/api/identity/v1/me", verify=trust)


def test_it_ends_with_what_is_under_way__OPS_8(start_gateway: StartGateway) -> None:
    server = start_gateway()
    assert get(server.site_ports["medical"], "/register").status == 200
    server.stop()
    assert not server.running
    assert server.log.read_text() == ""
