"""Whoever was invited, in the history of both databases: before and after they came (AUD-2, AUD-4, REG-14)."""

from __future__ import annotations

from typing import Any

from chassis.bus.envelope import Envelope
from services.audit.adapters.tables import entry_personal
from tests.integration.audit.world import OURS, World, grant, person

NEWCOMER, TEMPORARY_ID = "ana.lee", "Ab2cD3eF"


def invitation(world: World, happened: str, **more: Any) -> Envelope:
    prepared = {"tin": OURS, "line": "medical", "practice": None, **grant("processor", "claim_status")}
    data = {
        "invitation_id": "01a20371-7796-7131-bff1-000000000001",
        "temporary_id": TEMPORARY_ID,
        "invited_by": "mmartin5",
        "expires_at": "2026-04-01T00:00:00Z",
        "at": world.clock.now().isoformat(),
        "access": [prepared],
        "person": person("Ana", "Lee"),
        **more,
    }
    return world.event(f"registration.invitation.{happened}.v1", f"invitation/{TEMPORARY_ID}", data)


def rows(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.get("/history", "mmartin5").get_json()["items"]
    return [item for item in items if item["temporary_id"] == TEMPORARY_ID]


def test_a_person_who_comes_with_it_has_registered_from_then_on__AUD_2(world: World) -> None:
    world.hold("mmartin5", "primary")
    world.deliver(invitation(world, "created", by="mmartin5"))
    (invited,) = rows(world)
    assert (invited["type"], invited["registered"], invited["user_id"]) == ("invited", False, None)
    world.deliver(
        invitation(world, "redeemed", user_id=NEWCOMER, registration_id="01a20371-7796-7131-bff1-000000000002")
    )
    world.deliver(world.access(NEWCOMER, None, grant("processor", "claim_status")))
    found = rows(world)
    assert [row["type"] for row in found] == ["access_given", "invitation_redeemed", "invited"]
    assert {(row["user_id"], row["registered"]) for row in found} == {(NEWCOMER, True)}


def test_of_whoever_is_removed_nothing_personal_is_left_of_the_invitation__AUD_4(world: World) -> None:
    world.hold("mmartin5", "primary")
    world.deliver(invitation(world, "created", by="mmartin5"))
    world.deliver(invitation(world, "redeemed", user_id=NEWCOMER, registration_id=None))
    world.deliver(world.event("identity.account.removed.v1", f"account/{NEWCOMER}", {"user_id": NEWCOMER}))
    assert b"Lee" not in b"".join(row.person or b"" for row in world.rows(entry_personal))
    assert {row["last_name"] for row in rows(world)} == {None}


def test_whoever_never_came_is_forgotten_and_the_temporary_id_stays__REG_9_AUD_4(world: World) -> None:
    world.hold("mmartin5", "primary")
    world.deliver(invitation(world, "created", by="mmartin5"))
    world.deliver(invitation(world, "expired", by="system:jobs"))
    data = {
        "invitation_id": "01a20371-7796-7131-bff1-000000000001",
        "temporary_id": TEMPORARY_ID,
        "at": world.clock.now().isoformat(),
        "person": {"email": "lee@example.com"},
    }
    world.deliver(world.event("registration.invitation.forgotten.v1", f"invitation/{TEMPORARY_ID}", data))
    personal = b"".join(row.person or b"" for row in world.rows(entry_personal))
    assert b"Lee" not in personal
    assert b"lee@example.com" not in personal
    assert [(row["type"], row["first_name"], row["email"]) for row in rows(world)] == [
        ("invitation_expired", None, None),
        ("invited", None, None),
    ]
