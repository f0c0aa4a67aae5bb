"""What people hear of a forgotten user ID, and of a password that was recovered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notify.domain.message import Reason, State
from services.notify.domain.notices import Channel
from tests.unit.notify.world import World

RECOVERED = "identity.password.recovered.v1"
REMINDED = "identity.user_id.reminded.v1"


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary")
    return world


def verify(world: World, contact_id: str, kind: str, value: str) -> None:
    data = {"user_id": "mary", "contact_id": contact_id, "kind": kind, "person": {"value": value}}
    world.hear("identity.contact.verified.v1", data)


def test_all_contacts_are_told_of_a_recovered_password__IDN_7(world: World) -> None:
    verify(world, "c1", "email", "mary@example.com")
    verify(world, "c2", "email", "other@example.com")
    verify(world, "c3", "mobile", "+12125550142")
    world.hear(RECOVERED, {"user_id": "mary", "site": "medical"})
    assert world.told("password_changed") == [
        ("user:mary", "email"),
        ("address:other@example.com", "email"),
        ("address:+12125550142", "sms"),
    ]
    assert [mail.to for mail in world.send_all()] == ["mary@example.com", "other@example.com"]
    (text,) = [each for each in world.messages if each.channel is Channel.SMS]
    assert (text.address, text.state, text.reason) == ("+12125550142", State.FAILED, Reason.NO_CHANNEL)


def test_all_contacts_are_told_of_a_reset_and_who_did_it__IDN_8(world: World) -> None:
    world.know("george")
    verify(world, "c2", "email", "other@example.com")
    verify(world, "c3", "mobile", "+12125550142")
    data = {"user_id": "mary", "by": "george", "site": "medical", "expires_at": "2026-03-03T09:30:00Z"}
    world.hear("identity.password.reset_by_manager.v1", data)
    assert world.told("password_reset_by_manager") == [
        ("user:mary", "email"),
        ("address:other@example.com", "email"),
        ("address:+12125550142", "sms"),
    ]
    assert all("George Smith" in mail.text for mail in world.send_all())


def test_a_password_that_was_changed_is_told_like_a_recovered_one__IDN_8(world: World) -> None:
    verify(world, "c2", "email", "other@example.com")
    world.hear("identity.password.changed.v1", {"user_id": "mary", "site": "medical"})
    assert world.told("password_changed") == [("user:mary", "email"), ("address:other@example.com", "email")]


def test_nobody_elses_contact_is_told__IDN_7(world: World) -> None:
    world.know("george")
    verify(world, "c2", "email", "other@example.com")
    world.hear(RECOVERED, {"user_id": "george", "site": "medical"})
    assert world.told("password_changed") == [("user:george", "email")]


def test_the_same_recovery_twice_is_told_once__NTF_2(world: World) -> None:
    verify(world, "c2", "email", "other@example.com")
    for _ in range(2):
        world.hear(RECOVERED, {"user_id": "mary", "site": "medical"}, event_id="one")
    assert len(world.send_all()) == 2


def test_a_recovery_of_long_ago_is_not_told_again__NTF_2(world: World) -> None:
    long_ago = world.store.since - timedelta(days=1)
    world.hear(RECOVERED, {"user_id": "mary", "site": "medical"}, at=long_ago)
    world.hear(REMINDED, world.reminder(), at=long_ago)
    assert world.messages == []


def test_a_user_id_goes_where_identity_sealed_it_for__IDN_6(world: World) -> None:
    world.hear(REMINDED, world.reminder("where@example.com"))
    (mail,) = world.send_all()
    assert (mail.to, mail.subject) == ("where@example.com", "user_id_reminder in es")
    assert "('user_id', 'mary')" in mail.text
    assert "code" not in mail.text
    assert [(each.state, each.sealed) for each in world.messages] == [(State.SENT, None)]


def test_a_reminder_needs_nothing_that_is_known_here__IDN_6(world: World) -> None:
    world.hear(REMINDED, world.reminder(user_id="newperson"))
    assert len(world.send_all()) == 1


def test_a_reminder_is_sent_once_and_never_from_history__NTF_2_NTF_8(world: World) -> None:
    for _ in range(2):
        world.hear(REMINDED, world.reminder(), event_id="one")
    world.hear(REMINDED, world.reminder(sealed=None), event_id="two")
    assert len(world.send_all()) == 1


def test_all_contacts_are_told_of_a_changed_password__IDN_3(world: World) -> None:
    verify(world, "c2", "email", "other@example.com")
    world.hear("identity.password.changed.v1", {"user_id": "mary", "site": "medical"})
    assert [mail.to for mail in world.send_all()] == ["mary@example.com", "other@example.com"]
    assert {message.facts["how"] for message in world.messages} == {"changed"}
