"""Who is told of invitations, and that no message has both of their secrets (NTF-1, REG-14, REG-15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.notify.world import TIN, World

OTHER = "223344556"
INVITER = ("user:mary", "email"), ("user:mary", "inbox")


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary", "george", "zoe", language="es")
    return world


def invitation(**more: Any) -> dict[str, Any]:
    return {
        "invitation_id": "01a20371-7796-7131-bff1-000000000001",
        "temporary_id": "Ab2cD3eF",
        "invited_by": "mary",
        "expires_at": "2026-04-01T09:30:00Z",
        "at": "2026-03-02T09:30:00Z",
        "access": [{"tin": TIN, "line": "medical", "practice": "State Medical Center"}],
        "person": {"first_name": "Ana", "last_name": "Lee", "email": "ana@example.com"},
        "by": "mary",
        "replaces": None,
    } | more


@pytest.mark.parametrize(
    ("happened", "more"), [("created", {}), ("renewed", {}), ("changed", {"replaces": "Zz9yX8wV"})]
)
def test_the_person_gets_instructions__REG_15(world: World, happened: str, more: dict[str, Any]) -> None:
    world.hear(f"registration.invitation.{happened}.v1", invitation(**more))
    assert world.told("invitation") == [("address:ana@example.com", "email")]
    (mail,) = world.send_all()
    assert (mail.to, mail.language) == ("ana@example.com", "es")
    assert "Ab2cD3eF" in mail.text
    assert "Mary Smith" in mail.text


def test_a_change_that_leaves_the_temporary_id_is_told_to_nobody__REG_15(world: World) -> None:
    world.hear("registration.invitation.changed.v1", invitation())
    assert world.messages == []


@pytest.mark.parametrize(
    ("happened", "notice"),
    [("redeemed", "invitation_redeemed"), ("expiring", "invitation_expiring"), ("voided", "invitation_voided")],
)
def test_whoever_invited_hears_what_came_of_it__NTF_1(world: World, happened: str, notice: str) -> None:
    world.hear(f"registration.invitation.{happened}.v1", invitation(user_id="zoe", registration_id=None))
    assert world.told(notice) == list(INVITER)
    assert {message.facts["invited"] for message in world.messages} == {"Ana Lee"}


def test_person_and_managers_hear_what_was_not_given_each_of_their_own__REG_14(world: World) -> None:
    places = [
        {"tin": TIN, "line": "medical", "practice": None, "request_id": "r1", "managers": ["mary", "zoe"]},
        {"tin": OTHER, "line": "medical", "practice": None, "request_id": "r2", "managers": ["george", "mary"]},
    ]
    data = {
        "temporary_id": "Ab2cD3eF",
        "user_id": "zoe",
        "invited_by": "mary",
        "at": "2026-03-02T09:30:00Z",
        "reason": "other_address",
        "places": places,
        "person": {"first_name": "Zoe", "last_name": "Smith"},
    }
    world.hear("entitlements.invitation.reduced.v1", data)
    told = {
        message.recipient: (message.facts["user"], [each["tin_end"] for each in message.facts["places"]])
        for message in world.messages
        if message.channel == "email"
    }
    assert told == {
        "user:zoe": (None, ["6789", "4556"]),
        "user:mary": ("Zoe Smith", ["6789", "4556"]),
        "user:george": ("Zoe Smith", ["4556"]),
    }
    assert {message.notice for message in world.messages} == {"invitation_reduced"}


def test_of_whoever_never_came_no_address_is_kept__REG_9(world: World) -> None:
    person = invitation()["person"]
    world.hear("registration.invitation.created.v1", invitation())
    world.hear("registration.invitation.created.v1", invitation(temporary_id="Zz9yX8wV"))
    world.send_all()
    data = {"temporary_id": "Ab2cD3eF", "at": "2026-05-02T09:30:00Z", "person": {"email": person["email"]}}
    world.hear("registration.invitation.forgotten.v1", data)
    forgotten, other = sorted(world.messages, key=lambda message: message.address is not None)
    assert (forgotten.address, forgotten.facts, person["email"] in forgotten.recipient) == (None, {}, False)
    assert other.facts["temporary_id"] == "Zz9yX8wV", "of another invitation nothing is taken away"
