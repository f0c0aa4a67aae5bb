"""The distributed form behind nginx, started once for all journeys as an operator would, with the demo data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stacks import DistributedStack


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistributedStack]:
    """Two processes of what matters most, one of the rest."""
    stack = DistributedStack(tmp_path_factory.mktemp("distributed"))
    try:
        stack.start()
        yield stack
    finally:
        code = stack.stop()
    assert code == 0


@pytest.fixture(scope="module")
def embedded(deployment: DistributedStack) -> DistributedStack:
    """What is tried on the embedded form elsewhere."""
    return deployment


@pytest.fixture(scope="module")
def demo_password(deployment: DistributedStack) -> str:
    return deployment.password
