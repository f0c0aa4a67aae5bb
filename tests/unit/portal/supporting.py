"""Support's accounts as the pages meet them."""

from __future__ import annotations

from typing import Any, Final

from tests.unit.portal.practices import everybody, listed
from tests.unit.portal.world import World

ACCOUNTS: Final = "/api/identity/v1/accounts"


def account(**changes: Any) -> dict[str, Any]:
    item: dict[str, Any] = {
        "user_id": "ssmith1234",
        "kind": "user",
        "state": "active",
        "site": "medical",
        "first_name": "Sally",
        "middle_initial": "J",
        "last_name": "Smith",
        "job_role": "billing_operations",
        "email": "ssmith1234@example.com",
        "phone": "+18605550142",
        "extension": "12",
        "created_at": "2025-03-01T15:00:00Z",
        "confirmed_at": "2025-03-01T15:05:00Z",
        "last_sign_in": "2026-02-27T15:00:00Z",
        "reactivated_at": None,
        "locked_until": None,
        "erasure_proposed_by": None,
        "erasure_reason": None,
    }
    return item | changes


def supporting(world: World, *found: dict[str, Any]) -> World:
    """An agent is signed in, and these accounts are found, whatever is sought."""
    everybody(world)
    world.api.says("GET", "/api/identity/v1/me", {"kind": "support", "profile": {"first_name": "Sam"}})
    world.api.says("GET", ACCOUNTS, listed(*(found or (account(),))))
    world.api.says("POST", f"{ACCOUNTS}/ssmith1234/.*", account())
    world.sign_in("support1")
    return world


def opened(world: World) -> str:
    """The page of the account that is found; its address."""
    world.get("/support/accounts")
    answer = world.get(world.post("/support/accounts/search", {"search": "Smith"}).location)
    path = str(answer.text.split('href="/support/accounts/')[1].split('"')[0])
    assert world.get(f"/support/accounts/{path}").status_code == 200
    return f"/support/accounts/{path}"
