"""Whom is told of a new address that somebody vouches for, and where (IDN-17)."""

from __future__ import annotations

from typing import Any

import pytest

from services.notify.domain.message import State
from services.notify.domain.notices import Channel
from tests.unit.notify.world import World

WORD_DUE = "identity.contact.vouching_word_due.v1"
REPLACED = "identity.contact.replaced.v1"


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary", "george")
    return world


def word(name: str, to: str = "mary@example.com", **changes: Any) -> dict[str, Any]:
    return {
        "word_id": "w1",
        "user_id": "mary",
        "word": name,
        "kind": "email",
        "by": "george",
        "works_at": "2026-03-05T09:30:00Z",
        "language": "en",
        "site": "medical",
        "sealed": f"sealed:{to},the-token",
    } | changes


def test_an_old_contact_is_told_who_vouched_and_how_to_stop_it__IDN_17(world: World) -> None:
    world.hear(WORD_DUE, word("confirmed", "old@example.com"))
    (mail,) = world.send_all()
    assert mail.to == "old@example.com"
    for fact in ("('code', 'the-token')", "('manager', 'George Smith')", "('works_on', '2026-03-05')"):
        assert fact in mail.text
    assert [(each.notice, each.state, each.sealed) for each in world.messages] == [
        ("contact_vouched", State.SENT, None)
    ]


def test_a_number_is_told_by_text_and_the_new_address_by_mail__IDN_17(world: World) -> None:
    world.hear(WORD_DUE, word("vouched", "+12125550142", kind="mobile"))
    world.hear(WORD_DUE, word("to_be_verified", "new@example.com"))
    told = [(each.notice, each.channel) for each in world.messages]
    assert told == [("contact_vouched", Channel.SMS), ("vouched_contact", Channel.EMAIL)]


def test_nothing_secret_waits_and_nothing_is_told_twice__NTF_2_NTF_8(world: World) -> None:
    for _ in range(2):
        world.hear(WORD_DUE, word("vouched"), event_id="one")
    world.hear(WORD_DUE, word("vouched", sealed=None), event_id="two")
    (message,) = world.messages
    assert "the-token" not in str(message.facts)


def test_former_contacts_hear_nothing_more__IDN_17(world: World) -> None:
    for contact_id, kind, value in (("c1", "email", "mary@example.com"), ("c2", "mobile", "+12125550142")):
        data = {"user_id": "mary", "contact_id": contact_id, "kind": kind, "person": {"value": value}}
        world.hear("identity.contact.verified.v1", data)
    data = {"user_id": "mary", "contact_id": "c3", "kind": "email", "person": {"value": "new@example.com"}}
    world.hear(REPLACED, data)
    profile = world.account("mary")
    profile["person"] = profile["person"] | {"email": "new@example.com"}
    world.hear("identity.account.profile_changed.v1", profile)
    world.hear("identity.password.recovered.v1", {"user_id": "mary", "site": "medical"})
    assert [mail.to for mail in world.send_all()] == ["new@example.com"]
    assert [each.channel for each in world.messages] == [Channel.EMAIL]
