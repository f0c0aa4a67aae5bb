"""The embedded mode on a full disk, and while something waits. Two on one folder: tests/e2e/test_command_line.py."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from chassis.db.engine import database_now
from chassis.db.tables import inbox_subject
from tests.e2e.deployments import Embedded
from tests.e2e.people import registration
from tests.faults.campaign import Campaign
from tests.faults.clients import Manager
from tests.faults.disk import SmallDisk
from tests.faults.embedded import databases
from tests.faults.ledger import Ledger
from tests.faults.reckoning import opened, reckon

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_MOST_TRIES = 60
_HELD = timedelta(seconds=100)
_SOON = 60.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "disk", megabytes=64) as made:
        yield made


def test_on_a_full_disk_calls_are_refused_and_all_goes_on_once_there_is_room__OPS_8(
    request: pytest.FixtureRequest, disk: SmallDisk
) -> None:
    deployment = Embedded(disk.folder / "data")
    request.addfinalizer(deployment.kill)
    deployment.start(within=240)
    manager = Manager(deployment, deployment.password, Ledger())
    request.addfinalizer(manager.close)
    campaign = Campaign(manager, 4)
    disk.fill()
    refused = _first_refusal(deployment)
    assert refused.status_code == 503
    assert refused.json()["code"] == "unavailable"
    disk.make_room()
    campaign.start()
    campaign.join()
    assert campaign.failures == []
    with opened(databases(deployment)) as engines:
        assert reckon(engines, campaign.ledger).faults == []
    assert deployment.stop() == 0


def test_started_while_an_event_is_held_it_answers_at_once__OPS_1_OPS_3(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    deployment = Embedded(tmp_path / "data", "--no-demo")
    request.addfinalizer(deployment.kill)
    deployment.start()
    deployment.kill()
    with opened(databases(deployment)) as engines, engines["audit"].begin() as connection:
        held = {"source": "identity", "subject": "account/somebody", "done": 0, "attempts": 9}
        connection.execute(insert(inbox_subject).values(**held, due_at=database_now(connection) + _HELD))
    deployment.start(within=_SOON)


def _first_refusal(deployment: Embedded) -> httpx.Response:
    """People register until one is refused; those before are nobody's to reckon with."""
    for number in range(_MOST_TRIES):
        body = registration(f"crowd{number:03d}", [{"tin": "123456789", "line": "medical"}])
        url = deployment.url("/api/registration/v1/registrations")
        answer = httpx.post(url, json=body, headers={"Idempotency-Key": uuid.uuid4().hex}, timeout=60)
        if answer.status_code != httpx.codes.CREATED:
            return answer
    raise AssertionError("the disk was never full")
