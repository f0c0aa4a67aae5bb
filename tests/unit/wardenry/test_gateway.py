from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from wardenry.embedded.gateway import Gateway


def echo(name: str) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        told = {key: value for key, value in environ.items() if key.startswith("HTTP_X_")}
        return [f"{name} {sorted(told.items())}".encode()]

    return app


@pytest.fixture
def client() -> Client:
    return Client(Gateway("behavioral", {"/api/identity": echo("identity"), "/dev": echo("dev")}))


def test_a_path_goes_to_its_service(client: Client) -> None:
    assert client.get("/api/identity/v1/me").text.startswith("identity ")
    assert client.get("/dev").text.startswith("dev ")


@pytest.mark.parametrize("path", ["/", "/api/identityx", "/internal/v1/reservations", "/api/unknown/v1"])
def test_everything_else_is_not_there(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "not_found"
    assert answer.get_json()["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_correlation_id_comes_back_from_wherever_it_is_refused(client: Client) -> None:
    answer = client.get("/nowhere", headers={"X-Correlation-ID": "mine-1"})
    assert (answer.headers["X-Correlation-ID"], answer.get_json()["correlation_id"]) == ("mine-1", "mine-1")
    odd = client.get("/nowhere", headers={"X-Correlation-ID": "not well formed"})
    assert odd.get_json()["correlation_id"] != "not well formed"


@pytest.mark.parametrize(
    "path",
    ["/api/identity//v1", "/api/identity/../notify", "/api/identity/%2e%2e/x", "/api/identity/./x", "/dev/\\x"],
)
def test_a_path_that_is_not_plain_is_refused(client: Client, path: str) -> None:
    assert client.get(path, environ_overrides={"REQUEST_URI": path}).status_code == 400


def test_what_clients_say_of_themselves_does_not_pass(client: Client) -> None:
    lies = {"X-Wardenry-Site": "medical", "X-Wardenry-Address": "203.0.113.9", "X-Forwarded-For": "203.0.113.9"}
    told = client.get("/dev", headers=lies, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).text
    assert "203.0.113.9" not in told
    assert "('HTTP_X_WARDENRY_SITE', 'behavioral')" in told
    assert "('HTTP_X_WARDENRY_ADDRESS', '127.0.0.1')" in told
