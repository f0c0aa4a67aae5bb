"""The consumer fails between taking in, commit and acknowledgement, or half-way through an effect (OPS-3, AUD-1)."""

from __future__ import annotations

import pytest
from kombu.connection import Connection

from chassis.bus.topology import queue_name
from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

CONSUMER = "work audit"


def test_killed_before_its_commit_it_is_delivered_again__OPS_3(stand: Stand) -> None:
    stand.deployment.restart(CONSUMER)
    to_database = stand.to_database["audit"]
    to_database.catch(b"INSERT INTO inbox", passing=True)
    stand.registering("personconsumer1").result(600)
    to_database.await_caught()
    stand.deployment.kill(CONSUMER)
    to_database.heal()
    assert _entries(stand, "personconsumer1") == []
    stand.deployment.start_process(CONSUMER)
    assert stand.reckon().faults == []


def test_killed_between_commit_and_acknowledgement_the_repeat_does_nothing__OPS_3(stand: Stand) -> None:
    stand.deployment.restart(CONSUMER)
    to_database = stand.to_database["audit"]
    before = _arrived(stand)
    to_database.catch(b"INSERT INTO inbox", b"COMMIT", passing=True)
    stand.registering("personconsumer2").result(600)
    to_database.await_caught()
    eventually(lambda: _arrived(stand) > before, within=180)
    stand.deployment.kill(CONSUMER)
    to_database.heal()
    eventually(lambda: _queued(stand) > 0, within=180)
    stand.deployment.start_process(CONSUMER)
    eventually(lambda: _queued(stand) == 0, within=180)
    assert stand.reckon().faults == []


def test_killed_half_way_through_an_effect_neither_effect_nor_mark_stays__OPS_3_AUD_1(stand: Stand) -> None:
    stand.deployment.restart(CONSUMER)
    to_database = stand.to_database["audit"]
    to_database.catch(b"INSERT INTO entry ", passing=True)
    stand.registering("personconsumer3").result(600)
    to_database.await_caught()
    stand.deployment.kill(CONSUMER)
    to_database.heal()
    assert _entries(stand, "personconsumer3") == []
    assert stand.rows("audit", _WAITING)
    stand.deployment.start_process(CONSUMER)
    assert stand.reckon().faults == []


_WAITING = """
    SELECT i.event_id FROM inbox i JOIN inbox_subject s ON i.source = s.source AND i.subject = s.subject
    WHERE i.sequence > s.done
"""


def _entries(stand: Stand, user_id: str) -> list[object]:
    return stand.rows("audit", "SELECT leaf_index FROM entry WHERE subject = :subject", subject=f"account/{user_id}")


def _arrived(stand: Stand) -> int:
    """How many events have been taken in, whether or not they had their effect by now."""
    ((count,),) = stand.rows("audit", "SELECT count(*) FROM inbox")
    return int(count)


def _queued(stand: Stand) -> int:
    with Connection(stand.virtual_host.url) as connection:
        declared = connection.default_channel.queue_declare(queue_name("audit"), passive=True)
    return int(declared.message_count)
