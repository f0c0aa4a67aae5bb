"""The mail after confirmation has what it needs, in whatever order that is heard (REG-10)."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from services.notify.domain.message import Message
from services.notify.domain.notices import Channel
from tests.unit.notify.world import World, person


@pytest.fixture
def world() -> World:
    world = World()
    world.know("mary", "george")
    world.hear("identity.account.created.v1", world.account("zoe", registration_id="g1", state="unconfirmed"))
    return world


def submitted(world: World, *request_ids: str) -> None:
    data: dict[str, Any] = {
        "registration_id": "g1",
        "user_id": "zoe",
        "site": "medical",
        "language": "en",
        "practice_type": ["medical"],
        "no_tin": not request_ids,
        "submitted_at": "2026-03-02T09:30:00Z",
        "requests": [{"request_id": each, "tin": "1", "line": "medical"} for each in request_ids],
        "person": person("zoe"),
    }
    world.hear("registration.registration.submitted.v1", data)


def confirmed(world: World) -> None:
    world.hear("identity.account.confirmed.v1", world.account("zoe", registration_id="g1"))


def opened(world: World, request_id: str, managers: list[str], **changes: Any) -> None:
    world.hear(
        "entitlements.request.opened.v1",
        world.request(request_id, registration_id="g1", managers=managers, **changes),
    )


def welcome(world: World) -> Message | None:
    mails = [each for each in world.messages if each.notice == "registration_received"]
    assert len(mails) in {0, 2}  # by e-mail and in the portal, or not yet
    return next((each for each in mails if each.channel is Channel.EMAIL), None)


PARTS: dict[str, Callable[[World], None]] = {
    "submitted": lambda world: submitted(world, "r1", "r2"),
    "confirmed": confirmed,
    "first": lambda world: opened(world, "r1", ["mary", "george"]),
    "second": lambda world: opened(world, "r2", [], tin="112233445", practice=None, state="no_manager"),
}


@pytest.mark.parametrize("order", list(itertools.permutations(PARTS)), ids="-".join)
def test_it_is_sent_once_all_is_heard_in_any_order__REG_10(world: World, order: tuple[str, ...]) -> None:
    for part in order[:-1]:
        PARTS[part](world)
        assert welcome(world) is None
    PARTS[order[-1]](world)
    mail = welcome(world)
    assert mail is not None
    assert mail.facts["practices"] == [
        {
            "place": {"tin_end": "6789", "line": "medical", "practice": "State Medical Center"},
            "managers": ["George Smith", "Mary Smith"],
            "has_manager": True,
        },
        {"place": {"tin_end": "3445", "line": "medical", "practice": None}, "managers": [], "has_manager": False},
    ]


def test_without_a_tin_it_is_sent_at_once__REG_3(world: World) -> None:
    submitted(world)
    confirmed(world)
    mail = welcome(world)
    assert mail is not None
    assert mail.facts["practices"] == []


def test_it_does_not_wait_for_ever__REG_10(world: World) -> None:
    submitted(world, "r1", "r2")
    confirmed(world)
    opened(world, "r1", ["mary"])
    world.send_all()
    assert welcome(world) is None
    world.clock.advance(seconds=60)
    world.send_all()
    mail = welcome(world)
    assert mail is not None
    assert [each["managers"] for each in mail.facts["practices"]] == [["Mary Smith"]]


def test_what_comes_too_late_sends_no_second_one__NTF_2(world: World) -> None:
    confirmed(world)
    world.clock.advance(seconds=60)
    world.send_all()
    assert welcome(world) is not None
    submitted(world, "r1")
    opened(world, "r1", ["mary"])
    assert welcome(world) is not None


def test_before_confirmation_nothing_is_sent__REG_9(world: World) -> None:
    submitted(world, "r1")
    world.clock.advance(hours=1)
    assert world.send_all() == []


def test_an_account_without_a_registration_gets_none__REG_10(world: World) -> None:
    world.know("ann")
    world.clock.advance(hours=1)
    world.send_all()
    assert welcome(world) is None


def test_a_request_asked_for_later_belongs_to_no_welcome__REG_10(world: World) -> None:
    world.hear("entitlements.request.opened.v1", world.request(registration_id=None))
    assert world.store.gatherings.kept == {}
