"""What the gateway says of a call, and what nobody else may say (Edge)."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from chassis.testing.waiting import eventually
from chassis.web.headers import ALWAYS
from deploy.native.nginx import NginxServer
from deploy.native.ports import free
from tests.integration.gateway.conftest import StartGateway
from tests.integration.gateway.raw import get

LIES = {
    "X-Wardenry-Site": "behavioral",
    "X-Wardenry-Address": "203.0.113.9",
    "X_Wardenry_Address": "203.0.113.9",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "203",
    "X-Forwarded-Prefix": "/203.0.113.9",
    "X-Forwarded-Proto": "evil",
    "X-Forwarded-Scheme": "evil",
    "X-Forwarded-Server": "evil.example",
    "X-Original-URL": "/internal/evil",
    "X-Real-IP": "203.0.113.9",
    "X-Rewrite-URL": "/internal/evil",
    "Forwarded": "for=203.0.113.9;host=evil.example",
    "Proxy": "http://evil.example",
}


@pytest.mark.parametrize("path", ["/api/identity/v1/me", "/oidc/token", "/register"])
def test_what_clients_say_of_themselves_does_not_pass__OPS_2(http: httpx.Client, path: str) -> None:
    told = http.get(path, headers=LIES).json()["headers"]
    heard = str({name: value for name, value in told.items() if name != "x-correlation-id"})
    assert "203" not in heard
    assert "evil" not in heard
    assert (told["x-wardenry-site"], told["x-wardenry-address"]) == ("medical", "127.0.0.1")


def test_said_twice_it_does_not_pass_either__OPS_2(http: httpx.Client) -> None:
    twice = [("X-Wardenry-Address", "203.0.113.9"), ("x-wardenry-address", "203.0.113.8")]
    told = http.get("/api/identity/v1/me", headers=twice).json()["headers"]
    assert told["x-wardenry-address"] == "127.0.0.1"


def test_each_sites_port_is_its_own__OPS_2(gateway: NginxServer) -> None:
    for site in ("medical", "behavioral"):
        assert httpx.get(f"{gateway.url(site)}/x").json()["headers"]["x-wardenry-site"] == site


def test_sites_by_their_host_names__OPS_2(start_gateway: StartGateway) -> None:
    port = free(1)[0]
    start_gateway(
        site_ports=(port, port),
        GATEWAY_MEDICAL_NAMES="medical.example",
        GATEWAY_BEHAVIORAL_NAMES="behavioral.example",
    )
    for site in ("medical", "behavioral"):
        told = httpx.get(f"http://127.0.0.1:{port}/x", headers={"Host": f"{site}.example"}).json()["headers"]
        assert (told["x-wardenry-site"], told["host"]) == (site, f"{site}.example")


def test_path_and_query_arrive_as_they_were_sent__OPS_2(http: httpx.Client, gateway: NginxServer) -> None:
    path = "/oidc/a%20b/%C3%A9;x=1?to=https%3A%2F%2Fsite.example%2F..&//=%2e"
    assert get(gateway.site_ports["medical"], path).body["path"] == path


def test_the_correlation_id_is_passed_or_made__OPS_5(http: httpx.Client) -> None:
    told = http.get("/api/identity/v1/me", headers={"X-Correlation-ID": "Mine_1.a-b"}).json()["headers"]
    assert told["x-correlation-id"] == "Mine_1.a-b"
    for odd in (b"a b", b"x" * 65, "ä".encode(), b"a\tb", b"<script>", b""):
        made = http.get("/api/identity/v1/me", headers={b"X-Correlation-ID": odd}).json()["headers"]["x-correlation-id"]
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", made)


def test_a_trace_goes_on_behind_the_gateway__OPS_5(http: httpx.Client) -> None:
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=1"}
    told = http.get("/api/identity/v1/me", headers=trace).json()["headers"]
    assert {name: told[name] for name in trace} == trace


@pytest.mark.parametrize("path", ["/api/nowhere", "//", "/livez"])
def test_refusals_have_the_headers_of_every_answer(http: httpx.Client, gateway: NginxServer, path: str) -> None:
    headers = get(gateway.site_ports["medical"], path).headers
    assert {name: headers[name.lower()] for name in ALWAYS} == dict(ALWAYS)
    assert "nginx/" not in headers["server"]


def test_the_portal_calls_in_the_name_of_a_person__REG_2(gateway: NginxServer) -> None:
    for site in ("medical", "behavioral"):
        for address in ("203.0.113.9", "2001:db8::7"):
            call = {"X-Forwarded-For": address, "X-Wardenry-Site": "evil", "X-Wardenry-Address": "198.51.100.1"}
            told = httpx.get(f"{gateway.inside_url(site)}/api/identity/v1/me", headers=call).json()["headers"]
            assert (told["x-wardenry-site"], told["x-wardenry-address"]) == (site, address)
            assert "x-forwarded-for" not in told


def test_the_portals_door_has_no_pages_and_hides_what_outside_is_hidden(gateway: NginxServer) -> None:
    port = gateway.inside_ports["medical"]
    for path in ("/", "/register", "/internal/v1/reservations", "/readyz", "/metrics", "/dev/mailbox"):
        assert get(port, path).status == 404
    assert get(port, "/api/identity/../x").status == 400
    assert get(port, "/.well-known/openid-configuration").body["name"] == "identity"


def test_nobody_else_comes_in_by_the_portals_door__IDN_9(start_gateway: StartGateway) -> None:
    server = start_gateway(GATEWAY_PORTAL_NETWORK="192.0.2.0/24")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{server.inside_url('medical')}/api/identity/v1/me", headers={"X-Forwarded-For": "192.0.2.1"})


def test_the_access_log_has_no_path_no_query_and_no_secret__IDN_16(gateway: NginxServer, http: httpx.Client) -> None:
    http.get(
        "/oidc/authorize/mmartin5?ticket=top-secret&tin=123456789",
        headers={"X-Correlation-ID": "look-for-this", "Authorization": "Bearer top-secret", "Cookie": "a=top-secret"},
    )

    def line() -> str | None:
        lines = gateway.access_log.read_text().splitlines()
        return next((each for each in lines if "look-for-this" in each), None)

    written = eventually(line)
    assert not [word for word in ("top-secret", "mmartin5", "123456789", "ticket") if word in written]
    read = json.loads(written)
    assert (read["service"], read["to"], read["status"], read["site"]) == ("gateway", "identity", 200, "medical")
    assert (read["upstream_status"], read["address"], read["method"]) == ("200", "127.0.0.1", "GET")


def test_what_goes_wrong_brings_no_query_into_the_log__IDN_16(start_gateway: StartGateway, nobody: int) -> None:
    server = start_gateway({"identity": [nobody]})
    answer = httpx.get(f"{server.url('medical')}/oidc/continue?ticket=top-secret")
    assert answer.status_code == 503
    server.stop()
    assert "top-secret" not in server.log.read_text() + server.access_log.read_text()
