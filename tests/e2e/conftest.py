"""Wardenry in embedded mode, started once for everything that is tried on it from outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.deployments import Deployment, Embedded
from tests.e2e.trail import Trail, deployed, walked


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """`wardenry up` with demo data; each test brings people of its own."""
    deployment = Embedded(tmp_path_factory.mktemp("embedded") / "data")
    deployment.start()
    yield deployment
    assert deployment.stop() == 0


@pytest.fixture(scope="session")
def deployment(embedded: Embedded) -> Deployment:
    """What the journeys run on; `tests/integration/journey` puts the distributed form in its place."""
    return embedded


@pytest.fixture(scope="session")
def demo_password(embedded: Embedded) -> str:
    return embedded.password


@pytest.fixture(scope="session")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    """What a journey leaves behind, in a folder of its own."""
    deployment = deployed(tmp_path_factory.mktemp("trail"))
    yield walked(deployment)
    assert deployment.stop() == 0
