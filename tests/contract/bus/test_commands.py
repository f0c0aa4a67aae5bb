"""`wardenry bus` beside an embedded Wardenry, as it is typed (OPS-7)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from chassis.bus.operations.tail import matches, passing_outboxes
from chassis.db.tables import inbox_subject
from tests.contract.bus.commands import Operator
from tests.contract.bus.folders import PERSONAL, Folder

KEY = "identity:account/mary"
LOCKED = "identity.account.locked.v1"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def operator(folder: Folder) -> Operator:
    return Operator({"WARDENRY_BROKER_URL": ""}, "--data", str(folder.path))


@pytest.fixture
def parked(folder: Folder) -> None:
    """Notify could not do with what it got of Mary, whose code is still sealed in its inbox."""
    folder.receive("notify", LOCKED, "account/mary", PERSONAL, 1)
    folder.receive("notify", LOCKED, "account/mary", PERSONAL, 2)
    told = {"parked_at": datetime.now(UTC), "due_at": None, "attempts": 10, "reason": "KeyError: 'x'", "stack": "in f"}
    with folder.engine("notify").begin() as connection:
        connection.execute(update(inbox_subject).values(**told))


def test_lag_is_told_for_every_service__OPS_7(operator: Operator, folder: Folder) -> None:
    folder.publish("identity", LOCKED, "account/mary", {})
    told = operator.bus("lag", "--json")
    assert told.code == 0
    identity = told.document["services"]["identity"]
    assert (identity["outbox"], identity["inbox"], identity["queue"]) == (1, 0, None)
    assert set(told.document["services"]) == {"identity", "registration", "entitlements", "notify", "audit", "portal"}
    assert "identity" in operator.bus("lag").out


@pytest.mark.usefixtures("parked")
def test_what_is_parked_is_listed_and_counted__OPS_3(operator: Operator) -> None:
    (row,) = operator.bus("parked", "list", "--json").document["items"]
    assert (row["service"], row["key"], row["sequence"], row["behind"]) == ("notify", KEY, 1, 1)
    assert row["reason"] == "KeyError: 'x'"
    assert operator.bus("lag", "notify", "--json").document["services"]["notify"]["parked"] == 1
    assert "KeyError: 'x'" in operator.bus("parked", "list").out


@pytest.mark.usefixtures("parked")
def test_personal_data_is_shown_when_asked_for_and_what_is_sealed_never__IDN_16(operator: Operator) -> None:
    plain = operator.bus("parked", "show", "notify", KEY)
    assert plain.code == 0
    assert "KeyError: 'x'" in plain.out
    asked = operator.bus("parked", "show", "notify", KEY, "--personal")
    for secret in ("Mary", "192.0.2.7"):
        assert secret not in plain.out
        assert secret in asked.out
    assert "a secret" not in plain.out + asked.out


@pytest.mark.usefixtures("parked")
def test_replay_is_done_once__OPS_3(operator: Operator) -> None:
    assert operator.bus("parked", "replay", "notify", KEY, "--json").document == {"replayed": 1, "not_parked": 0}
    again = operator.bus("parked", "replay", "notify", KEY)
    assert again.code == 1
    assert "parked no more" in again.err
    assert operator.bus("parked", "list").out == "Nothing is parked.\n"


@pytest.mark.usefixtures("parked")
def test_drop_wants_a_reason_and_a_yes__OPS_3(operator: Operator) -> None:
    assert operator.bus("parked", "drop", "notify", KEY).code == 2
    refused = operator.bus("parked", "drop", "notify", KEY, "--reason", "told by phone")
    assert refused.code == 1
    assert operator.bus("parked", "list", "--json").document["items"]
    done = operator.bus("parked", "drop", "notify", KEY, "--reason", "told by phone", "--by", "olga", "--yes")
    assert done.code == 0
    assert "told by phone" in done.err
    assert operator.bus("parked", "list", "--json").document["items"] == []


def test_history_reaches_the_consumer_named_and_nobody_else__OPS_4(operator: Operator, folder: Folder) -> None:
    for number in range(3):
        folder.publish("identity", LOCKED, f"account/{number}", PERSONAL)
    folder.sent("identity")
    told = operator.bus("replay", "--from", "beginning", "--to", "notify", "--json")
    assert (told.code, told.document["events"]) == (0, 3)
    arrived = folder.inbox("notify")
    assert [document["replayedfrom"] for document in arrived] == [1, 1, 1]
    assert all("sealed" not in document["data"] for document in arrived)
    assert folder.inbox("portal") == folder.inbox("audit") == []
    assert operator.bus("replay", "--from", "2100-01-01T00:00Z", "--to", "notify", "--json").document["events"] == 0


@pytest.mark.parametrize("wrong", ["yesterday", "2026-03-01T00:00"])
def test_a_time_without_its_zone_is_no_time(operator: Operator, wrong: str) -> None:
    assert operator.bus("replay", "--from", wrong, "--to", "notify").code == 2


def test_nothing_of_that_name_is_exit_code_1(operator: Operator) -> None:
    assert operator.bus("parked", "show", "notify", KEY).code == 1
    assert operator.bus("parked", "drop", "notify", "unreadable:0123456789ab", "--reason", "x", "--yes").code == 1


def test_a_folder_without_wardenry_is_exit_code_2(tmp_path: Path) -> None:
    for words in (("lag",), ("parked", "list")):
        refused = Operator({}, "--data", str(tmp_path / "none")).bus(*words)
        assert refused.code == 2
        assert "No Wardenry has run" in refused.err
    assert not (tmp_path / "none").exists()


def test_events_are_watched_as_they_come_into_outboxes(folder: Folder) -> None:
    folder.publish("identity", LOCKED, "account/early", {})
    arriving = iter(("account/1", "account/2"))

    def pause(_: float) -> None:
        folder.publish("identity", LOCKED, next(arriving), PERSONAL)
        folder.publish("identity", "identity.session.ended.v1", "account/3", {})

    passing = passing_outboxes({"identity": folder.engine("identity")}, ["*.account.#"], pause=pause)
    assert [each["subject"] for each in itertools.islice(passing, 2)] == ["account/1", "account/2"]


@pytest.mark.parametrize(
    ("binding", "matched", "missed"),
    [
        ("#", ["a.b.v1", "a"], []),
        ("a.#", ["a.b.v1", "a"], ["b.a"]),
        ("*.b.v1", ["a.b.v1"], ["a.c.b.v1", "b.v1"]),
        ("#.v1", ["a.b.v1", "v1"], ["a.b.v2"]),
    ],
)
def test_patterns_are_those_of_a_topic_exchange(binding: str, matched: list[str], missed: list[str]) -> None:
    assert [key for key in matched + missed if matches(binding.split("."), key.split("."))] == matched
