"""The bus over the embedded mode's transport; `tests/integration/bus` runs the same tests over RabbitMQ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.bus.inbox import Appetite
from chassis.bus.operations.deliveries import InboxDelivery
from chassis.bus.transport import LocalSubscriber, LocalTransport
from chassis.db.engine import make_engine
from tests.contract.bus.world import BAKERY_WANTS, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    mill = make_engine(f"sqlite:///{tmp_path / 'mill.sqlite'}")
    bakery = make_engine(f"sqlite:///{tmp_path / 'bakery.sqlite'}")
    listener = LocalSubscriber(bakery, frozenset({"mill"}), Appetite(BAKERY_WANTS), wake=lambda: None)
    yield World(mill, bakery, LocalTransport([listener]), lambda: None)
    mill.dispose()
    bakery.dispose()


@pytest.fixture
def to_bakery(world: World) -> InboxDelivery:
    """How history reaches the bakery alone."""
    return InboxDelivery(world.bakery, BAKERY_WANTS)
