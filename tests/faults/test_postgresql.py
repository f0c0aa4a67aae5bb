"""PostgreSQL fails: killed at a commit, and restored from a backup (OPS-8)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.backup import Backup
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

SUBMITTED = b"registration.registration.submitted.v1"
PRODUCER = "serve registration"


@pytest.mark.parametrize("committed", [True, False])
def test_killed_at_a_commit_the_repeated_call_settles_whether_it_was__OPS_8_REG_9(
    stand: Stand,
    committed: bool,
) -> None:
    stand.deployment.restart(PRODUCER)
    to_database = stand.to_database["registration"]
    to_database.catch(SUBMITTED, b"COMMIT", passing=committed)
    user_id = f"personpostgres{int(committed)}"
    call = stand.registering(user_id)
    to_database.await_caught()
    if committed:
        eventually(lambda: _registered(stand, user_id), within=180)
    stand.postgresql.kill()
    to_database.cut()
    to_database.heal()
    stand.postgresql.start()
    assert len(_registered(stand, user_id)) == int(committed)
    call.result(600)
    assert stand.reckon().faults == []


def test_killed_under_load_nothing_acknowledged_is_lost__OPS_3_OPS_8(stand: Stand) -> None:
    campaign = stand.campaign(12)
    campaign.start()
    for _ in range(3):
        changes = stand.ledger.changes
        eventually(lambda: stand.ledger.changes > changes + 3 or not campaign.running, within=180)  # noqa: B023
        stand.postgresql.kill()
        stand.postgresql.start()
    campaign.join()
    assert campaign.failures == []
    assert stand.reckon().faults == []


def test_restored_from_a_backup_a_replay_brings_what_it_had_heard_since__OPS_4_OPS_8(stand: Stand) -> None:
    stand.deployment.kill("work registration")
    stand.registering("personpostgres3").result(600)
    backup = Backup.of(stand, "registration")  # holds an event that is not sent yet
    stand.deployment.start_process("work registration")
    assert stand.reckon().faults == []  # sent, and everywhere in effect
    backup.restore()
    assert stand.rows("registration", "SELECT position FROM outbox WHERE NOT sent")
    for process in ("serve registration", "work registration"):
        stand.deployment.start_process(process)
    replayed = stand.deployment.run("bus", "replay", "--from", "beginning", "--to", "registration")
    assert replayed.returncode == 0, replayed.stderr
    assert stand.reckon().faults == []


def _registered(stand: Stand, user_id: str) -> list[object]:
    return stand.rows("registration", "SELECT id FROM registration WHERE user_id = :user_id", user_id=user_id)
