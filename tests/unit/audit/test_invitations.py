"""Invitations in the delegation history: TEMPORARY ID and HAS USER REGISTERED? (AUD-2, REG-14)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.audit.application.erase_person import ErasePerson, erase_person
from services.audit.domain.changes import TITLES, Kind
from tests.unit.audit.fakes import World
from tests.unit.audit.test_subscribed import PROCESSOR, access, changes, envelope, handle

ANA = {"first_name": "Ana", "middle_initial": None, "last_name": "Lee", "email": "ana@example.com", "phone": None}
PLACES = [
    {"tin": "223344556", "line": "medical", "practice": None, **PROCESSOR},
    {"tin": "123456789", "line": "dental", "practice": None, **PROCESSOR},
]


def invitation(happened: str, **more: Any) -> Any:
    data = {
        "invitation_id": "01a20371-7796-7131-bff1-000000000001",
        "temporary_id": "Ab2cD3eF",
        "invited_by": "geogym1",
        "expires_at": "2025-04-01T00:00:00Z",
        "at": "2025-03-01T12:30:00Z",
        "access": PLACES,
        "person": ANA,
    }
    return envelope(f"registration.invitation.{happened}.v1", data | more)


def redeemed(registration_id: str | None) -> Any:
    return invitation("redeemed", user_id="ssmith1234", registration_id=registration_id)


@pytest.mark.parametrize(
    ("happened", "title"),
    [
        ("created", "User invited"),
        ("changed", "Invitation changed"),
        ("renewed", "Invitation renewed"),
        ("revoked", "Invitation revoked"),
        ("voided", "Invitation locked after wrong passwords"),
        ("expired", "Invitation expired"),
    ],
)
def test_what_becomes_of_an_invitation_stands_at_each_of_its_tins__AUD_2(happened: str, title: str) -> None:
    world = World()
    handle(world, invitation(happened, by="user:geogym1"))
    assert [(each.tin, each.line, TITLES[each.kind]) for each in changes(world)] == [
        (place["tin"], place["line"], title) for place in PLACES
    ]
    for each in changes(world):
        assert (each.changed_by, each.temporary_id, each.registered, each.user_id) == (
            "geogym1",
            "Ab2cD3eF",
            False,
            None,
        )
        assert (each.person.first_name, each.after and each.after.level) == ("Ana", "processor")


def test_once_redeemed_the_person_has_registered__AUD_2() -> None:
    world = World()
    handle(world, invitation("created", by="geogym1"))
    handle(world, redeemed("01a20371-7796-7131-bff1-000000000002"))
    assert {(each.user_id, each.registered) for each in changes(world)} == {("ssmith1234", True)}
    assert [each.kind for each in changes(world)][2:] == [Kind.INVITATION_REDEEMED] * 2


@pytest.mark.parametrize(
    ("registration_id", "shown"),
    [("01a20371-7796-7131-bff1-000000000002", "Ab2cD3eF"), (None, "ssmith1234")],
    ids=["came by it", "came by themselves"],
)
def test_later_changes_show_what_the_user_came_by__AUD_2(registration_id: str | None, shown: str) -> None:
    world = World()
    handle(world, redeemed(registration_id))
    handle(world, access("changed", PROCESSOR, PROCESSOR))
    assert changes(world)[-1].temporary_id == shown


def test_access_by_an_invitation_names_it__AUD_2() -> None:
    world = World()
    given = access("given", None, PROCESSOR)
    handle(world, envelope("entitlements.access.given.v1", {**given.data, "temporary_id": "Ab2cD3eF"}))
    assert changes(world)[-1].temporary_id == "Ab2cD3eF"


def test_of_whoever_is_removed_the_invitation_is_forgotten_too__AUD_4() -> None:
    world = World()
    handle(world, replace(invitation("created", by="geogym1"), subject="invitation/Ab2cD3eF"))
    handle(world, redeemed(None))
    erase_person(ErasePerson("ssmith1234"), world.work, world.ports)
    assert world.work.store.log.erased == ["ssmith1234", "invitation/Ab2cD3eF"]
    assert [each.personal.concerned for each in world.work.store.log.entries] == ["invitation/Ab2cD3eF", "ssmith1234"]
