"""Who hears of a contact that was changed, and where notices for all contacts go from then on (IDN-5)."""

from __future__ import annotations

from typing import Any

import pytest

from services.notify.domain.message import State
from services.notify.domain.notices import Channel
from tests.unit.notify.world import World

DUE = "identity.contact.notice_due.v1"


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary")
    return world


def due(to: str = "old@example.com", code: str = "a-token", **changes: Any) -> dict[str, Any]:
    return {
        "notice_id": "n-1",
        "user_id": "mary",
        "channel": "email",
        "standing": "former",
        "turn": "changed",
        "kind": "email",
        "language": "en",
        "site": "medical",
        "undo_hours": 72,
        "person": {"hint": "m•••@elsewhere.example"},
        "sealed": f"sealed:{to},{code}",
    } | changes


def verified(world: World, contact_id: str, kind: str, value: str) -> None:
    data = {"user_id": "mary", "contact_id": contact_id, "kind": kind, "person": {"value": value}}
    world.hear("identity.contact.verified.v1", data)


def told_of_password(world: World) -> list[str]:
    """Where all contacts are told."""
    world.hear("identity.password.changed.v1", {"user_id": "mary", "site": "medical"})
    return sorted(str(each.address) for each in world.messages if each.notice == "password_changed")


def test_each_is_told_where_identity_sealed_it_and_the_token_does_not_stay__NTF_8(world: World) -> None:
    world.hear(DUE, due())
    world.hear(DUE, due("new@example.com", "", notice_id="n-2", standing="new"))
    mails = world.send_all()
    assert [mail.to for mail in mails] == ["old@example.com", "new@example.com"]
    assert ["a-token" in mail.text for mail in mails] == [True, False]
    assert [(each.state, each.sealed) for each in world.messages] == [(State.SENT, None)] * 2
    assert "a-token" not in repr(world.messages)


def test_a_number_is_told_by_text_message__IDN_5(world: World) -> None:
    world.hear(DUE, due("+12125550142", channel="sms"))
    (message,) = world.messages
    assert (message.notice, message.channel) == ("contact_changed", Channel.SMS)


def test_it_is_told_once_and_never_from_history__NTF_2(world: World) -> None:
    for _ in range(2):
        world.hear(DUE, due(), event_id="one")
    world.hear(DUE, due(sealed=None), event_id="two")
    assert len(world.send_all()) == 1


def test_a_changed_contact_takes_the_place_of_the_former__IDN_5(world: World) -> None:
    verified(world, "c2", "email", "former@example.com")
    verified(world, "c2", "email", "present@example.com")
    assert told_of_password(world) == ["mary@example.com", "present@example.com"]


def test_nothing_goes_to_a_contact_that_was_removed__IDN_5(world: World) -> None:
    verified(world, "c2", "email", "gone@example.com")
    data = {"user_id": "mary", "contact_id": "c2", "kind": "email", "person": {"value": "gone@example.com"}}
    for _ in range(2):
        world.hear("identity.contact.removed.v1", data)
    assert told_of_password(world) == ["mary@example.com"]


def test_after_an_undoing_those_before_are_told_and_no_others__IDN_5(world: World) -> None:
    verified(world, "c2", "email", "theirs@example.com")
    verified(world, "c3", "mobile", "+12125550199")
    back = [{"contact_id": "c2", "kind": "email", "value": "hers@example.com"}]
    data = {"user_id": "mary", "undone_at": "2026-03-02T09:30:00Z", "person": {"contacts": back}}
    world.hear("identity.contact.change_undone.v1", data)
    assert told_of_password(world) == ["hers@example.com", "mary@example.com"]
