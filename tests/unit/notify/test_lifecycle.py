"""What people hear of accounts that nobody uses, and of their end (IDN-13, IDN-15)."""

from __future__ import annotations

from typing import Any

import pytest

from services.notify.domain.message import State
from tests.unit.notify.world import World

WARNED = "identity.account.disable_warned.v1"
DISABLED = "identity.account.disabled.v1"
REMOVED = "identity.account.removed.v1"
FAREWELL_DUE = "identity.account.farewell_due.v1"
ACCESS_REMOVED = "entitlements.access.removed.v1"


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary", "george")
    return world


GONE = {"user_id": "mary", "registration_id": None, "reason": "inactivity"}
FAREWELL = {
    "farewell_id": "f-1",
    "user_id": "mary",
    "reason": "inactivity",
    "language": "en",
    "site": "medical",
    "sealed": "sealed:mary@example.com,",
}


def test_owners_are_warned_with_the_day__IDN_13(world: World) -> None:
    world.hear(WARNED, {"user_id": "mary", "days": 30, "disable_at": "2027-03-01T10:00:00Z"})
    assert world.told("disable_soon") == [("user:mary", "email")]
    (mail,) = world.send_all()
    assert "2027-03-01" in mail.text


def test_the_owner_and_the_managers_hear_of_disabling__IDN_13(world: World) -> None:
    data = {"user_id": "mary", "managers": ["george"], "remove_at": "2028-03-01T10:00:00Z"}
    world.hear(DISABLED, data)
    assert world.told("disabled") == [("user:mary", "email"), ("user:george", "email")]
    first, second = world.send_all()
    assert (first.to, "'user', None" in first.text) == ("mary@example.com", True)
    assert (second.to, "'user', 'Mary Smith'" in second.text) == ("george@example.com", True)


def test_the_last_word_goes_where_identity_sealed_it_for_and_nothing_stays__IDN_13(world: World) -> None:
    world.hear(WARNED, {"user_id": "mary", "days": 7, "disable_at": "2027-03-01T10:00:00Z"})
    world.send_all()
    world.hear(REMOVED, GONE)
    world.hear(FAREWELL_DUE, FAREWELL)
    assert world.store.recipients.get("mary") is None
    mail = world.send_all()[-1]
    assert (mail.to, mail.subject) == ("mary@example.com", "removed in en")
    assert [(each.state, each.sealed, each.address) for each in world.messages] == [(State.SENT, None, None)] * 2
    assert "mary@example.com" not in repr(world.messages)


def test_of_an_account_that_was_nobodys_nobody_is_told__REG_9(world: World) -> None:
    world.hear(REMOVED, GONE | {"reason": "lapsed"})
    assert world.messages == []


def test_the_same_end_twice_is_told_once__NTF_2(world: World) -> None:
    for _ in range(2):
        world.hear(FAREWELL_DUE, FAREWELL, event_id="one")
    assert len(world.send_all()) == 1


def test_of_access_that_ended_with_the_account_nobody_is_told__IDN_13(world: World) -> None:
    world.hear(REMOVED, GONE)
    person = {"first_name": "", "last_name": "", "email": ""}
    grant: dict[str, Any] = {"level": "processor", "functions": [], "until": None}
    data = {"user_id": "mary", "tin": "123456789", "line": "medical", "practice": None, "by": "system:identity"}
    world.hear(ACCESS_REMOVED, data | {"request_id": None, "before": grant, "after": None, "person": person})
    assert world.messages == []
