"""More workers and fewer while people come: every subject keeps its order, and nothing is lost (OPS-2, OPS-3)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_SCALED = ("entitlements", "audit")


def test_from_one_worker_to_four_and_back_under_load_order_is_kept__OPS_2_OPS_3(stand: Stand) -> None:
    more = [f"work {service} {number}" for service in _SCALED for number in (2, 3, 4)]
    campaign = stand.campaign(40, at_once=6)
    campaign.start()
    for name in more:
        stand.deployment.start_process(name)
    changes = stand.ledger.changes
    eventually(lambda: stand.ledger.changes > changes + 60 or not campaign.running, within=300)
    assert [stand.deployment.end(name) for name in more] == [0] * len(more)
    assert campaign.running
    campaign.join()
    assert campaign.failures == []
    assert stand.reckon().faults == []
