"""The network fails: what died without a word is found, and all goes on over new connections (OPS-8)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]


def test_half_open_connections_to_the_broker_are_found_and_made_anew__OPS_8(stand: Stand) -> None:
    stand.to_broker.freeze()
    stand.registering("personnetwork1").result(600)
    assert stand.reckon().faults == []


def test_half_open_connections_to_a_database_are_found_and_made_anew__OPS_8(stand: Stand) -> None:
    for proxy in stand.to_database.values():
        proxy.freeze()
    stand.registering("personnetwork2").result(600)
    assert stand.reckon().faults == []


def test_cut_under_load_again_and_again_nothing_is_lost__OPS_3(stand: Stand) -> None:
    campaign = stand.campaign(12)
    campaign.start()
    for _ in range(6):
        changes = stand.ledger.changes
        eventually(lambda: stand.ledger.changes > changes + 1 or not campaign.running, within=180)  # noqa: B023
        for proxy in (stand.to_broker, *stand.to_database.values()):
            proxy.cut()
    campaign.join()
    assert campaign.failures == []
    assert stand.reckon().faults == []
