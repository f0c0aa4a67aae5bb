"""The producer fails: before its commit there is no event, after it the event comes later (OPS-3)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

SUBMITTED = b"registration.registration.submitted.v1"
PRODUCER = "serve registration"


def test_killed_before_its_commit_nothing_has_happened__OPS_3(stand: Stand) -> None:
    stand.deployment.restart(PRODUCER)
    to_database = stand.to_database["registration"]
    to_database.catch(SUBMITTED, passing=True)  # the event is in the outbox, of a transaction that is still open
    call = stand.registering("personproducer1")
    to_database.await_caught()
    stand.deployment.kill(PRODUCER)
    to_database.heal()
    assert _events(stand, "personproducer1") == []
    assert stand.rows("registration", "SELECT id FROM registration WHERE user_id = 'personproducer1'") == []
    stand.deployment.start_process(PRODUCER)
    call.result(600)
    assert stand.reckon().faults == []


def test_killed_after_its_commit_the_event_comes_and_the_repeated_call_does_nothing__OPS_3_REG_9(stand: Stand) -> None:
    stand.deployment.restart(PRODUCER)
    to_database = stand.to_database["registration"]
    to_database.catch(SUBMITTED, b"COMMIT", passing=True)  # committed, but the process has not heard of it
    call = stand.registering("personproducer2")
    to_database.await_caught()
    eventually(lambda: len(_events(stand, "personproducer2")) == 1, within=180)
    stand.deployment.kill(PRODUCER)
    to_database.heal()
    account = "SELECT user_id FROM account WHERE user_id = 'personproducer2'"
    eventually(lambda: stand.rows("identity", account), within=180)
    assert not call.done()
    stand.deployment.start_process(PRODUCER)
    call.result(600)
    assert len(_events(stand, "personproducer2")) == 1
    assert stand.reckon().faults == []


def _events(stand: Stand, user_id: str) -> list[object]:
    query = "SELECT event_id FROM outbox WHERE type = :type AND data ->> 'user_id' = :user_id"
    return stand.rows("registration", query, type=SUBMITTED.decode(), user_id=user_id)
