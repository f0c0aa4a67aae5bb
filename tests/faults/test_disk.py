"""A database's disk is full: a clear error, nothing half done, and recovery by itself (OPS-8)."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.people import registration
from tests.faults.disk import SmallDisk
from tests.faults.ledger import Step
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]

_MOST_TRIES = 200
_OF_REGISTRATION = ("serve registration", "work registration")


@pytest.fixture
def disk(stand: Stand) -> Iterator[SmallDisk]:
    """Registration's database lies on it."""
    with SmallDisk(stand.postgresql.folder / "small", megabytes=48) as made:
        _move_registration(stand, made.folder)
        yield made
        _move_registration(stand, None)


def test_on_a_full_disk_calls_are_refused_and_all_goes_on_once_there_is_room__OPS_8(
    stand: Stand, disk: SmallDisk
) -> None:
    disk.fill()
    refused, body, headers = _first_refusal(stand)
    assert refused.status_code == 503
    assert refused.json()["code"] == "unavailable"
    user_id = body["user_id"]
    assert stand.rows("registration", "SELECT id FROM registration WHERE user_id = :user_id", user_id=user_id) == []
    disk.make_room()
    eventually(lambda: _register(stand, body, headers).status_code == httpx.codes.CREATED, within=180)
    stand.ledger.acknowledged(Step.REGISTERED, str(user_id))
    assert stand.reckon().faults == []


def _first_refusal(stand: Stand) -> tuple[httpx.Response, dict[str, object], dict[str, str]]:
    for number in range(_MOST_TRIES):
        user_id = f"persondisk{number:03d}"
        body, headers = registration(user_id, [{"tin": "123456789", "line": "medical"}]), _key()
        answer = _register(stand, body, headers)
        if answer.status_code != httpx.codes.CREATED:
            return answer, body, headers
        stand.ledger.acknowledged(Step.REGISTERED, user_id)
    raise AssertionError("the disk was never full")


def _register(stand: Stand, body: dict[str, object], headers: dict[str, str]) -> httpx.Response:
    return httpx.post(
        stand.deployment.url("/api/registration/v1/registrations"), json=body, headers=headers, timeout=60
    )


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _move_registration(stand: Stand, folder: Path | None) -> None:
    """Put registration's database onto another disk, or back; nobody may be connected to it meanwhile."""
    for name in _OF_REGISTRATION:
        stand.deployment.kill(name)
    stand.to_database["registration"].cut()
    name = stand.databases["registration"].name
    if folder is not None:
        shutil.chown(folder, "postgres", "postgres")
        stand.administer(f"CREATE TABLESPACE small LOCATION '{folder}'")
    stand.administer(f"ALTER DATABASE {name} SET TABLESPACE {'small' if folder else 'pg_default'}")
    if folder is None:
        stand.administer("DROP TABLESPACE small")
    for process in _OF_REGISTRATION:
        stand.deployment.start_process(process)
    eventually(stand.deployment.answers, within=180, every=0.2)
