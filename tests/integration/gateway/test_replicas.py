"""Several web processes of one service: one that dies is not noticed, and nothing is sent twice (OPS-2)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.refusals import refused
from tests.integration.gateway.conftest import StartGateway
from tests.integration.gateway.echo import Echo
from tests.integration.gateway.names import Names


@pytest.fixture
def twins() -> Iterator[tuple[Echo, Echo]]:
    pair = Echo("first").start(), Echo("second").start()
    yield pair
    for each in pair:
        each.stop()


def test_calls_go_to_all_in_turn__OPS_2(start_gateway: StartGateway, twins: tuple[Echo, Echo]) -> None:
    server = start_gateway({"identity": [each.port for each in twins]})
    for _ in range(12):
        httpx.get(f"{server.url('medical')}/api/identity/v1/me")
    assert min(each.seen for each in twins) >= 3


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_one_that_is_dead_is_not_noticed__OPS_2(
    start_gateway: StartGateway, twins: tuple[Echo, Echo], method: str
) -> None:
    server = start_gateway({"identity": [each.port for each in twins]})
    twins[0].stop()
    for _ in range(10):
        answer = httpx.request(method, f"{server.url('medical')}/api/identity/v1/me", content=b"x" * 1000)
        assert (answer.status_code, answer.json()["name"], answer.json()["size"]) == (200, "second", 1000)
    twins[0].start()
    eventually(lambda: httpx.get(f"{server.url('medical')}/api/identity/v1/me").json()["name"] == "first")


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_may_have_taken_effect_is_not_sent_again__OPS_3(
    start_gateway: StartGateway, twins: tuple[Echo, Echo], method: str
) -> None:
    server = start_gateway({"identity": [each.port for each in twins]})
    answer = httpx.request(method, f"{server.url('medical')}/api/identity/v1/hang-up", content=b"{}")
    refused(answer, 503, "unavailable")
    assert sum(each.seen for each in twins) == 1


def test_what_was_only_read_is_read_from_another__OPS_2(start_gateway: StartGateway, twins: tuple[Echo, Echo]) -> None:
    server = start_gateway({"identity": [each.port for each in twins]})
    refused(httpx.get(f"{server.url('medical')}/api/identity/v1/hang-up"), 503, "unavailable")
    assert [each.seen for each in twins] == [1, 1]


def test_replicas_that_come_and_go_are_found_by_name__OPS_2(start_gateway: StartGateway) -> None:
    """As in containers: a name that stands for as many addresses as there are replicas."""
    first = Echo("first").start()
    second = Echo("second", first.port, host="127.0.0.2").start()
    with Names({"identity-web.replicas": ["127.0.0.1"]}) as names:
        server = start_gateway(GATEWAY_RESOLVER=names.address, GATEWAY_IDENTITY=f"identity-web.replicas:{first.port}")

        def answering() -> set[str]:
            answers = [httpx.get(f"{server.url('medical')}/api/identity/v1/me") for _ in range(6)]
            assert {answer.status_code for answer in answers} == {200}
            return {answer.json()["name"] for answer in answers}

        assert answering() == {"first"}
        names.table["identity-web.replicas"] = ["127.0.0.1", "127.0.0.2"]
        eventually(lambda: answering() == {"first", "second"}, within=60)
        first.stop()
        assert answering() == {"second"}
        names.table["identity-web.replicas"] = ["127.0.0.2"]
        eventually(lambda: answering() == {"second"}, within=60)
        names.table["identity-web.replicas"] = []
        second.stop()
        eventually(lambda: httpx.get(f"{server.url('medical')}/api/identity/v1/me").status_code == 503, within=60)
        refused(httpx.get(f"{server.url('medical')}/api/identity/v1/me"), 503, "unavailable")
