"""The broker fails: requests keep committing, and what they committed arrives once it is back (OPS-3, OPS-8)."""

from __future__ import annotations

import pytest
from kombu.connection import Connection

from chassis.bus.topology import queue_name
from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_ENOUGH_MEMORY, _NO_MEMORY = ("absolute", "600MB"), ("absolute", "1MB")
_ENOUGH_DISK, _NO_DISK = "50MB", "900000GB"


def test_restarted_while_idle_the_first_publish_is_not_lost__OPS_8(stand: Stand) -> None:
    stand.rabbitmq.stop()
    stand.rabbitmq.start()
    stand.registering("personbroker1").result(600)
    assert stand.reckon().faults == []


def test_killed_under_load_requests_keep_committing_and_nothing_is_lost__OPS_3_OPS_8(stand: Stand) -> None:
    campaign = stand.campaign(12)
    campaign.start()
    before = stand.ledger.changes
    eventually(lambda: stand.ledger.changes > before + 3, within=180)
    stand.rabbitmq.kill()
    stand.registering("personbroker2").result(600)
    assert not stand.rabbitmq.running
    stand.rabbitmq.start()
    campaign.join()
    assert campaign.failures == []
    assert stand.reckon().faults == []


def test_without_memory_for_messages_requests_keep_committing__OPS_8(stand: Stand) -> None:
    stand.rabbitmq.control("set_vm_memory_high_watermark", *_NO_MEMORY)
    try:
        stand.registering("personbroker3").result(600)
        assert _account(stand, "personbroker3") == []
    finally:
        stand.rabbitmq.control("set_vm_memory_high_watermark", *_ENOUGH_MEMORY)
    assert stand.reckon().faults == []


def test_without_disk_for_messages_requests_keep_committing__OPS_8(stand: Stand) -> None:
    stand.rabbitmq.control("set_disk_free_limit", _NO_DISK)
    try:
        stand.registering("personbroker4").result(600)
        assert _account(stand, "personbroker4") == []
    finally:
        stand.rabbitmq.control("set_disk_free_limit", _ENOUGH_DISK)
    assert stand.reckon().faults == []


def test_a_deleted_queue_is_made_again_and_gets_what_it_missed__OPS_3(stand: Stand) -> None:
    with Connection(stand.virtual_host.url) as connection:
        connection.default_channel.queue_delete(queue_name("audit"))
    stand.registering("personbroker5").result(600)
    assert stand.reckon().faults == []


def _account(stand: Stand, user_id: str) -> list[object]:
    return stand.rows("identity", "SELECT user_id FROM account WHERE user_id = :user_id", user_id=user_id)
