"""In whatever order identity's endpoints are called, by whomever, with whatever was ever given out: nobody comes to a
session, a token, a password, a contact, a second step or a trusted device without what the rules ask for, and whoever
has shown it does (IDN-1 to IDN-17).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from deploy.native.databases import Databases
from tests.integration.identity.orders.machine import BEGINNINGS, Orders
from tests.integration.identity.orders.routes import LEADS_NOWHERE, TRIED
from tests.integration.identity.world import World

EXAMPLES: Final = int(os.environ.get("WARDENRY_TEST_ORDERS", "10"))
"""How many walks are tried on each kind of database."""


def made_world(url: str) -> World:
    """Codes a second apart, and no pauses before a lock: what is tried here is the order of things.

    Apps' codes change at the same steps of every run.
    """
    made = World(
        url,
        code_pause_seconds=1,
        codes_an_hour=200,
        codes_an_hour_elsewhere=200,
        free_failures=5,
        lock_after_failures=6,
    )
    made.clock.moment = made.clock.moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """One for all walks, each of which has people of its own."""
    if request.param == "sqlite":
        made = made_world(f"sqlite:///{tmp_path / 'identity.sqlite'}")
        yield made
        made.service.engine.dispose()
        return
    server: Databases = request.getfixturevalue("postgresql")
    database = server.create()
    made = made_world(database.url)
    yield made
    made.service.engine.dispose()
    server.drop(database)


@pytest.mark.slow
@pytest.mark.timeout(600)  # on a machine that is busy with others
def test_no_order_of_calls_leads_anywhere_without_what_the_rules_ask_for__IDN_1(world: World) -> None:
    Orders.world, Orders.answered = world, Counter()
    for beginning in BEGINNINGS:
        Orders().begin(beginning)
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    done = {each for each, well in Orders.answered if well}
    refused = {each for each, well in Orders.answered if not well}
    assert done == set(TRIED), "what was never done was not tried"
    assert {each for each, can_be_refused in TRIED.items() if can_be_refused} <= refused


def test_every_route_is_tried_or_leads_nowhere(tmp_path: Path) -> None:
    """A new route is tried by the walks, or somebody says why it need not be."""
    made = made_world(f"sqlite:///{tmp_path / 'identity.sqlite'}")
    routes = {
        f"{method} {rule.rule.removeprefix('/api/identity/v1')}"
        for rule in made.service.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    made.service.engine.dispose()
    assert routes == set(TRIED) | set(LEADS_NOWHERE)
    assert not set(TRIED) & set(LEADS_NOWHERE)
