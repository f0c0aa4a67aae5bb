"""Vouchings as identity answers them."""

from __future__ import annotations

from typing import Any, Final

from services.portal.application.ports import Answer
from tests.unit.portal.practices import listed, manager
from tests.unit.portal.supporting import account, supporting
from tests.unit.portal.world import World

VOUCHINGS: Final = "/api/identity/v1/vouchings"
VOUCH: Final = "/api/identity/v1/accounts/.*/vouch"
SEND: Final = "/api/identity/v1/accounts/.*/vouched-contact/send"
VERIFY: Final = "/api/identity/v1/accounts/.*/vouched-contact/verify"
VOUCHING: Final = "01a20371-7796-7131-bff1-00000000ab17"
FILLED: Final = {"email": "sally.new@example.com", "reason": "She stood before me."}


def vouching(**changes: Any) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": VOUCHING,
        "user_id": "ssmith1234",
        "state": "waiting",
        "email": "sally.new@example.com",
        "reason": "She stood before me.",
        "vouched_by": "mmartin5",
        "vouched_at": "2026-03-01T15:00:00Z",
        "expires_at": "2026-03-08T15:00:00Z",
        "confirmed_by": None,
        "confirmed_at": None,
        "verified_at": None,
        "works_at": None,
        "ended_at": None,
    }
    return item | changes


CONFIRMED: Final = {
    "state": "confirmed",
    "confirmed_by": "support1",
    "confirmed_at": "2026-03-02T15:00:00Z",
    "works_at": "2026-03-05T15:00:00Z",
}


def vouching_manager(world: World, *found: dict[str, Any]) -> str:
    """A manager on the page of somebody for whom they may vouch, or have; its address."""
    manager(world)
    world.api.says("GET", VOUCHINGS, listed(*found))
    world.api.says("POST", VOUCH, Answer(201, vouching(), {}))
    world.sign_in()
    world.get("/users?view=all")
    path = world.page.split('/new-address"')[0].rsplit('href="', 1)[1] + "/new-address"
    assert world.get(path).status_code == 200
    return path


def vouching_agent(world: World, **changes: Any) -> str:
    """An agent on the page of one that a manager vouched for; its address."""
    supporting(world, account())
    world.api.says("GET", VOUCHINGS, listed(vouching(**changes)))
    world.api.says("POST", f"{VOUCHINGS}/.*", vouching(**CONFIRMED))
    world.get("/support/new-addresses")
    path = "/support/new-addresses/" + world.page.split('href="/support/new-addresses/')[1].split('"')[0]
    assert world.get(path).status_code == 200
    return path


def new_address(world: World) -> World:
    """A visitor who waits for a code at a new address."""
    world.api.says("POST", SEND, Answer(202, {"resend_after": 60}, {}))
    world.api.says("POST", VERIFY, Answer(204, {}, {}))
    world.get("/new-address")
    world.get(world.post("/new-address", {"user_id": "newperson"}).location)
    return world
