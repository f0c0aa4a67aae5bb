"""`wardenry jobs`, as an operator types it, on the data folder of an embedded Wardenry (OPS-7, GO-7)."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.wiring import around
from services.entitlements import bootstrap
from services.entitlements.adapters.store import SqlStore
from services.entitlements.domain.people import AccountState, Person, Profile
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.requests import Request, RequestState
from services.entitlements.events.published import publish
from services.registration.adapters.tables import registrations
from wardenry.__main__ import main
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.services import assemble
from wardenry.registry import SERVICES, WITH_JOBS

ASKED = datetime.now(UTC)
STEPS = ["request-expiry", "request-final-reminders", "request-reminders", "access-endings", "access-ending-notices"]
STEPS += ["review-endings", "review-reminders", "review-openings"]


class Operator:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["jobs", *words, "--data", str(self._folder)])

    def told(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def touched(self, *words: str) -> dict[str, int]:
        return {item["job"]: item["touched"] for item in self.told("run", "entitlements", *words)["items"]}

    def ask(self) -> None:
        """Somebody waits since now."""
        folder = DataFolder(self._folder)
        folder.prepare()
        service = assemble(folder, 8080, os.environ).entitlements
        service.migrate()
        waiting = RequestState.AWAITING
        request = Request(str(new_id()), "anna", Place("123456789", Line.MEDICAL), waiting, ASKED, None, ASKED, ASKED)
        with around(service, SqlStore, publish).transaction(Cause("system:test", "c-1")) as work:
            profile = Profile("Anna", "Lee", "anna@example.com")
            work.writing().people.put(Person("anna", profile, AccountState.ACTIVE))
            work.writing().requests.add(request)
        service.engine.dispose()

    def register(self, count: int) -> None:
        """So many have registered now, and none has confirmed."""
        folder = DataFolder(self._folder)
        folder.prepare()
        service = assemble(folder, 8080, os.environ).registration
        service.migrate()
        state = {"state": "unconfirmed", "site": "medical", "language": "en", "practice_type": "medical"}
        rows = [
            {"id": new_id(), "user_id": f"anna{each}", "no_tin": True, "submitted_at": ASKED, **state}
            for each in range(count)
        ]
        with service.engine.begin() as connection:
            connection.execute(insert(registrations), rows)
        service.engine.dispose()


def as_of(days: float) -> tuple[str, str]:
    return ("--as-of", (ASKED + timedelta(days=days)).isoformat())


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "data")


def test_what_is_due_by_a_day_is_done_once__OPS_7(operator: Operator) -> None:
    operator.ask()
    assert operator.touched() == dict.fromkeys(STEPS, 0)
    assert operator.touched(*as_of(16)) == dict.fromkeys(STEPS, 0) | {"request-reminders": 1}
    assert operator.touched(*as_of(16)) == dict.fromkeys(STEPS, 0)
    assert operator.touched(*as_of(31)) == dict.fromkeys(STEPS, 0) | {"request-final-reminders": 1}
    assert operator.touched(*as_of(61)) == dict.fromkeys(STEPS, 0) | {"request-expiry": 1}
    assert operator.touched(*as_of(400)) == dict.fromkeys(STEPS, 0)


def test_a_dry_run_counts_and_changes_nothing__GO_7(operator: Operator) -> None:
    operator.ask()
    for _ in range(2):
        told = operator.told("run", "--job", "request-expiry", "--dry-run", *as_of(61))
        assert told["dry_run"] is True
        assert told["items"] == [
            {"service": "entitlements", "job": "request-expiry", "touched": 1, "error": None},
        ]
    assert operator.touched("--job", "request-expiry", *as_of(61)) == {"request-expiry": 1}


def test_jobs_are_listed_with_what_became_of_them__OPS_7(operator: Operator) -> None:
    items = operator.told("list")["items"]
    assert [item["job"] for item in items if item["service"] == "entitlements"] == STEPS
    assert {"service", "job", "due", "ended_at", "touched", "failures"} == set(items[0])
    assert {"hourly at minute 20, America/New_York", "daily at 01:00, America/New_York"} <= {
        item["due"] for item in items
    }
    assert operator.told("list", "audit")["items"] == []
    assert "request-expiry" in operator.run("list").stdout
    assert "request-expiry" in operator.run("run").stdout


@pytest.mark.parametrize("moment", ["2026-12-01", "2026-12-01T03:00:00", "2026-12-01T03:00:00-05:00"])
def test_moments_may_be_short__OPS_7(operator: Operator, moment: str) -> None:
    assert operator.told("run", "--as-of", moment)["as_of"].startswith("2026-12-01T")


@pytest.mark.parametrize(
    "words", [("run", "--as-of", "tomorrow"), ("run", "--job", "none"), ("run", "nobody"), ("run", "audit")]
)
def test_wrong_use_is_exit_code_2__OPS_7(operator: Operator, words: tuple[str, ...]) -> None:
    answer = operator.run(*words)
    assert answer.exit_code == 2
    assert answer.stderr
    assert "Traceback" not in answer.output


def test_a_job_that_fails_is_exit_code_1_and_stops_no_other__OPS_7(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> int:
        raise RuntimeError("full")

    monkeypatch.setattr(bootstrap, "expire_requests", failing)
    answer = operator.run("run", "--json")
    assert answer.exit_code == 1
    found = {item["job"]: item["error"] for item in json.loads(answer.stdout)["items"]}
    assert {job: found[job] for job in STEPS} == dict.fromkeys(STEPS) | {"request-expiry": "RuntimeError"}


def test_no_service_with_jobs_is_left_out__OPS_7(operator: Operator) -> None:
    listed = [item["service"] for name in SERVICES for item in operator.told("list", name)["items"]]
    assert set(listed) == set(WITH_JOBS)


def test_what_the_coming_nights_bring_is_told_and_nothing_done__GO_7(operator: Operator) -> None:
    operator.ask()
    found = operator.told("forecast", "entitlements", "--nights", "32")
    due = {item["job"]: item["due"] for item in found["items"]}
    assert len(found["nights"]) == 32
    assert due["request-reminders"] == [0] * 14 + [1] * 15 + [0] * 3, "from the thirtieth day on it is the final one"
    assert due["request-final-reminders"] == [0] * 29 + [1] * 3
    assert operator.touched(*as_of(16))["request-reminders"] == 1


def test_very_many_accounts_are_touched_when_somebody_has_said_so__GO_7(operator: Operator) -> None:
    operator.register(101)
    words = ("run", "registration", "--job", "registration-lapse", *as_of(8))
    stopped = operator.run(*words, "--json")
    assert stopped.exit_code == 1
    (item,) = json.loads(stopped.stdout)["items"]
    assert (item["touched"], item["error"]) == (None, "too_many_accounts")
    assert "101 of 101 accounts" in stopped.stderr
    (item,) = operator.told(*words, "--dry-run")["items"]
    assert item["touched"] == 101
    (item,) = operator.told(*words, "--yes")["items"]
    assert item["touched"] == 101
