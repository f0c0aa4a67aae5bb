"""The relay fails between publishing, confirm and mark, or goes on after another took over: one effect (OPS-3)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

SUBMITTED = b"registration.registration.submitted.v1"
RELAY, ANOTHER = "work registration", "work registration 2"


def test_killed_between_publish_and_confirm_there_is_one_effect__OPS_3(stand: Stand) -> None:
    stand.to_broker.catch(SUBMITTED, passing=True)  # the broker has it, its confirm is held back
    stand.registering("personrelay1").result(600)
    stand.to_broker.await_caught()
    _until_heard(stand, "personrelay1")
    stand.deployment.kill(RELAY)
    assert _unsent(stand)
    stand.to_broker.heal()
    stand.deployment.start_process(RELAY)
    eventually(lambda: not _unsent(stand), within=180)
    assert stand.reckon().faults == []


def test_killed_between_confirm_and_mark_there_is_one_effect__OPS_3(stand: Stand) -> None:
    stand.deployment.restart(RELAY)
    to_database = stand.to_database["registration"]
    to_database.catch(b"UPDATE outbox SET", passing=False)  # confirmed, and about to be marked
    stand.registering("personrelay2").result(600)
    to_database.await_caught()
    _until_heard(stand, "personrelay2")
    stand.deployment.kill(RELAY)
    assert _unsent(stand)
    to_database.heal()
    stand.deployment.start_process(RELAY)
    eventually(lambda: not _unsent(stand), within=180)
    assert stand.reckon().faults == []


def test_paused_and_resumed_after_another_took_over_there_is_one_effect__OPS_3(stand: Stand) -> None:
    stand.to_broker.catch(SUBMITTED, passing=True)
    stand.registering("personrelay3").result(600)
    stand.to_broker.await_caught()
    stand.deployment.pause(RELAY)
    stand.deployment.start_process(ANOTHER)
    eventually(lambda: not _unsent(stand), within=180)
    stand.deployment.resume(RELAY)
    stand.to_broker.heal()
    stand.registering("personrelay4").result(600)
    assert stand.reckon().faults == []
    assert stand.deployment.end(ANOTHER) == 0


def _unsent(stand: Stand) -> list[object]:
    return stand.rows("registration", "SELECT position FROM outbox WHERE NOT sent")


def _until_heard(stand: Stand, user_id: str) -> None:
    query = "SELECT user_id FROM account WHERE user_id = :user_id"
    eventually(lambda: stand.rows("identity", query, user_id=user_id), within=180)
