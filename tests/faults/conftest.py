"""Servers of the fault tests' own, which may be killed, and Wardenry's processes, which reach them through proxies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.stand import Stand


@pytest.fixture(scope="session")
def shared_stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with Stand(tmp_path_factory.mktemp("stand")) as made:
        yield made


@pytest.fixture
def stand(shared_stand: Stand) -> Iterator[Stand]:
    """The distributed form over servers and proxies of its own, everything up; healed behind each test."""
    yield shared_stand
    shared_stand.heal()
