from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from wardenry.embedded.gateway import Gateway
from wardenry.embedded.inside import Inside
from wardenry.embedded.problems import not_found


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['HTTP_X_WARDENRY_SITE']} {environ['HTTP_X_WARDENRY_ADDRESS']} {environ['PATH_INFO']}".encode()]


@pytest.fixture
def client() -> httpx.Client:
    inside = Inside()
    routes = {"/": echo, "/api": not_found}
    inside.open({8080: Gateway("medical", routes), 8081: Gateway("behavioral", routes)})
    return httpx.Client(transport=inside)


def test_each_port_is_its_sites_gateway__OPS_1(client: httpx.Client) -> None:
    assert client.get("http://localhost:8080/x").text.startswith("medical ")
    assert client.get("http://localhost:8081/x").text.startswith("behavioral ")


def test_the_call_counts_as_the_persons_for_whom_it_is_made(client: httpx.Client) -> None:
    answer = client.get("http://localhost:8080/x", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.text == "medical 203.0.113.9 /x"


def test_nothing_answers_below_the_apis_but_the_services(client: httpx.Client) -> None:
    assert client.get("http://localhost:8080/api/unknown").json()["code"] == "not_found"


def test_a_port_without_a_gateway_is_an_outage(client: httpx.Client) -> None:
    with pytest.raises(httpx.ConnectError):
        client.get("http://localhost:9999/")
