"""What a manager changes ends at a relying site that remembers answers and keeps a copy (ENT-10, `docs/consumers`)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from chassis.testing.waiting import eventually
from deploy.native.broker import Broker
from tests.integration.bus.relying_site import RelyingSite, door, subscribed, working
from tests.integration.bus.test_subscribers import url_of
from tests.integration.entitlements.world import OURS, World, change

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MARY, ZOE = "mary.martin", "zoe.obrien"
CELL = (ZOE, OURS, "medical")
ASKED = (ZOE, "claim_status", OURS, "medical")


@pytest.fixture
def world(database: str) -> Iterator[World]:
    """Mary manages; Zoë, a processor, may look at claims."""
    made = World(database)
    made.practice(OURS, "State Medical Center", "medical")
    for user_id in (MARY, ZOE):
        made.account(user_id)
    made.give(MARY, "primary")
    made.give(ZOE, "processor", "claim_status")
    yield made
    made.service.engine.dispose()


def test_what_is_taken_away_ends_at_a_site_that_remembers__ENT_10(world: World, vhost: str, rabbitmq: Broker) -> None:
    name = f"site-{secrets.token_hex(4)}"
    with (
        door(world) as url,
        subscribed(name, vhost, rabbitmq.management_url, lambda added: url_of(vhost, added)) as (broker, queue),
        RelyingSite(url, broker, queue) as site,
    ):
        assert site.client.check(*ASKED).allowed
        taken = world.put(MARY, ZOE, change("processor", "patient_coverage"), etag="*")
        assert taken.status_code == 200, taken.text
        assert site.client.check(*ASKED).allowed, "the answer is remembered until somebody tells of a change"
        with working(world, vhost):
            eventually(lambda: not site.client.check(*ASKED).allowed, within=120)
            eventually(lambda: site.copy.get(CELL) == frozenset({"patient_coverage"}), within=60)
            assert world.put(MARY, ZOE, change("processor", "claim_status"), etag="*").status_code == 200
            eventually(lambda: site.client.check(*ASKED).allowed, within=60)
            assert world.put(MARY, ZOE, change(None), etag="*").status_code == 200
            eventually(lambda: not site.client.check(*ASKED).allowed, within=60)
            eventually(lambda: site.copy.get(CELL) == frozenset(), within=60)
