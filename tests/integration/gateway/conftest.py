"""nginx with the gateway's own configuration, in front of stand-ins that say what reaches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import httpx
import pytest

from deploy.native.nginx import NginxServer
from deploy.native.ports import free
from tests.integration.gateway.echo import Echo
from wardenry.registry import SERVICES

StartGateway = Callable[..., NginxServer]


@pytest.fixture(scope="session")
def echoes() -> Iterator[dict[str, Echo]]:
    """One for each service."""
    started = {name: Echo(name).start() for name in SERVICES}
    yield started
    for echo in started.values():
        echo.stop()


@pytest.fixture(scope="session")
def gateway(echoes: dict[str, Echo]) -> Iterator[NginxServer]:
    with NginxServer({name: [echo.port] for name, echo in echoes.items()}) as server:
        yield server


@pytest.fixture
def http(gateway: NginxServer) -> Iterator[httpx.Client]:
    """A browser's view of the medical site."""
    with httpx.Client(base_url=gateway.url("medical"), timeout=30) as client:
        yield client


@pytest.fixture
def start_gateway(echoes: dict[str, Echo]) -> Iterator[StartGateway]:
    """Starts one with other settings, or with other replicas of some services, for this test alone."""
    with ExitStack() as servers:

        def start(
            replicas: dict[str, list[int]] | None = None, *, site_ports: Sequence[int] | None = None, **settings: str
        ) -> NginxServer:
            ports = {name: [echo.port] for name, echo in echoes.items()} | (replicas or {})
            return servers.enter_context(NginxServer(ports, site_ports, settings))

        yield start


@pytest.fixture
def nobody() -> int:
    """A port where nothing answers."""
    return free(1)[0]
