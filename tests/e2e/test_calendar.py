"""What comes with the days, tried in a minute: jobs as of a later day, beside a running Wardenry (REG-9, REG-12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person
from tests.e2e.test_command_line import wardenry

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

STATE_MEDICAL = {"tin": "123456789", "line": "medical"}
LIMIT = 60.0
MANAGER = "mmartin5@example.com"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """One of its own: the days pass for everybody in it, and the last test outlives them all."""
    made = Embedded(tmp_path_factory.mktemp("calendar") / "data")
    made.start()
    yield made
    assert made.stop() == 0


def live(deployment: Embedded, days: int) -> dict[str, int]:
    """Do what is due so many days from now; what each job touched."""
    day = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    done = wardenry("jobs", "run", "--as-of", day, "--data", str(deployment.data), "--json")
    assert done.returncode == 0, done.stderr
    return {item["job"]: item["touched"] for item in json.loads(done.stdout)["items"]}


def state_of(person: Person) -> str:
    (mine,) = person.get("/api/entitlements/v1/requests", params={"mine": "true"}).json()["items"]
    return str(mine["state"])


def told(deployment: Embedded, to: str, notice: str) -> bool:
    return [mail["notice"] for mail in deployment.mails(to)].count(notice) == 1


def test_a_request_is_reminded_of_and_ends__REG_12(deployment: Embedded) -> None:
    person = Person(deployment, "waits.long")
    assert person.register([STATE_MEDICAL]).status_code == 201
    assert person.confirm().status_code == 204
    person.sign_in()
    eventually(lambda: state_of(person) == "awaiting", within=LIMIT)
    assert live(deployment, 16)["request-reminders"] == 1
    assert live(deployment, 16)["request-reminders"] == 0
    eventually(lambda: told(deployment, MANAGER, "request_reminder"), within=LIMIT)
    assert live(deployment, 31)["request-final-reminders"] == 1
    eventually(lambda: told(deployment, MANAGER, "request_final_reminder"), within=LIMIT)
    assert live(deployment, 61)["request-expiry"] == 1
    assert state_of(person) == "expired"
    for to in (person.email, MANAGER):
        eventually(lambda to=to: told(deployment, to, "request_expired"), within=LIMIT)  # type: ignore[misc]
    assert person.post("/api/entitlements/v1/requests", STATE_MEDICAL).status_code == 201


def test_a_registration_that_nobody_confirms_ends__REG_9(deployment: Embedded) -> None:
    gone, stays = Person(deployment, "never.came"), Person(deployment, "came.in.time")
    for person in (gone, stays):
        assert person.register([STATE_MEDICAL]).status_code == 201
    code = gone.code("confirm_email")
    assert stays.confirm().status_code == 204
    assert live(deployment, 6)["registration-lapse"] == 0
    assert live(deployment, 8)["registration-lapse"] == 1

    def refused() -> bool:
        entry = {"user_id": gone.user_id, "password": gone.password}
        return gone.post("/api/identity/v1/sign-in", entry).status_code == 401

    eventually(refused, within=LIMIT)
    late = gone.post(f"/api/identity/v1/accounts/{gone.user_id}/confirm", {"code": code})
    assert late.status_code in {409, 410, 422, 429}, late.text
    asked = gone.post("/api/identity/v1/accounts/availability", {"user_id": gone.user_id})
    assert asked.json()["available"] is False
    stays.sign_in()
    assert state_of(stays) == "awaiting"


def test_whoever_never_redeems_an_invitation_is_forgotten__REG_9(deployment: Embedded) -> None:
    manager = Person(deployment, "mmartin5", deployment.password)
    manager.sign_in()
    person = {"first_name": "Nora", "last_name": "Never", "email": "nora.never@example.com"}
    access = {**STATE_MEDICAL, "level": "processor", "functions": ["claim_status"]}
    sent = manager.post("/api/registration/v1/invitations", {"people": [person], "access": [access]})
    (made,) = sent.json()["items"]
    path = f"/api/registration/v1/invitations/{made['id']}"
    eventually(lambda: told(deployment, person["email"], "invitation"), within=LIMIT)
    assert manager.post(f"{path}/revoke").status_code == 200
    assert live(deployment, 29)["invitation-forgetting"] == 0
    assert manager.get(path).json()["person"]["last_name"] == "Never"
    assert live(deployment, 31)["invitation-forgetting"] == 1
    shown = manager.get(path).json()
    assert (shown["state"], shown["temporary_id"]) == ("revoked", made["temporary_id"])
    assert set(shown["person"].values()) == {None}
    assert manager.post(f"{path}/renew").json()["code"] == "invitation_not_open"

    def history() -> list[dict[str, Any]]:
        items = manager.get("/api/audit/v1/history", params={"tin": STATE_MEDICAL["tin"]}).json()["items"]
        return [item for item in items if item["temporary_id"] == made["temporary_id"]]

    eventually(lambda: [item["last_name"] for item in history()] == [None, None], within=LIMIT)


def test_accounts_that_nobody_uses_are_disabled_and_in_the_end_erased__IDN_13(deployment: Embedded) -> None:
    person = Person(deployment, "long.away")
    assert person.register([STATE_MEDICAL]).status_code == 201
    assert person.confirm().status_code == 204
    assert live(deployment, 336)["account-warnings"] > 0
    eventually(lambda: told(deployment, person.email, "disable_soon"), within=LIMIT)
    assert live(deployment, 366)["account-disabling"] > 0
    eventually(lambda: told(deployment, person.email, "disabled"), within=LIMIT)
    assert live(deployment, 731)["account-removal"] > 0
    eventually(lambda: told(deployment, person.email, "removed"), within=LIMIT)
    again = person.get("/api/identity/v1/me")
    assert again.status_code == 401
