"""Entitlements as the pages about the past meet it: Sally got access, lost it, got it again, and then got more."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.unit.portal.practices import STATE_MEDICAL, listed, manager
from tests.unit.portal.world import World

AT = f"/api/entitlements/v1/practices/{STATE_MEDICAL}/access"
EXPLAIN = "/api/entitlements/v1/explain"


def past(user_id: str, *functions: str, **more: Any) -> dict[str, Any]:
    """One access as it stood at the moment that was asked about."""
    return {
        "user_id": user_id,
        "name": f"Person {user_id}",
        "line": "medical",
        "level": "processor",
        "functions": list(functions),
        "since": "2026-01-05T15:00:00Z",
        "until": None,
        "given_by": "mmartin5",
        "ended_at": None,
        "ended_by": None,
        **more,
    }


def step(since: str, ended_at: str | None, *, by: str, **more: Any) -> dict[str, Any]:
    """One interval of a chain, with the function."""
    return {
        "level": "processor",
        "functions": ["claim_status"],
        "has_function": True,
        "given_by": by,
        "since": since,
        "until": None,
        "request_id": None,
        "ended_at": ended_at,
        "ended_by": "geogym1" if ended_at else None,
        **more,
    }


CHAIN = [
    step("2026-02-20T15:00:00Z", None, by="geogym1"),
    step("2026-02-10T15:00:00Z", "2026-02-20T15:00:00Z", by="secadm01", has_function=False),
    step("2026-01-05T15:00:00Z", "2026-01-20T15:00:00Z", by="mmartin5"),
]
"""Newest first; from January 20 to February 10 there was nothing."""


def explanation(**more: Any) -> dict[str, Any]:
    held = {"allowed": True, "reason": "granted", "given_by": "geogym1", "giver_holds": True, "chain": CHAIN}
    return held | more


def with_past(world: World) -> None:
    """What the pages about the past ask for."""
    gone = {"ended_at": "2026-01-20T15:00:00Z", "ended_by": "geogym1"}
    found = past("ssmith1234", "claim_status", "patient_coverage", **gone), past("mmartin5", level="primary")
    world.api.says("GET", "/api/entitlements/v1/practices/.*/access", listed(*found))
    world.api.says("GET", EXPLAIN, explanation())


def looking_back(world: World) -> str:
    """Mary Martin at the list of a day on which Sally had access: the list's address."""
    manager(world)
    with_past(world)
    world.sign_in()
    world.get("/who-had-access")
    chosen = world.page.partition("State Medical Center")[0].rpartition('<option value="')[2].partition('"')[0]
    address = f"/who-had-access?practice={chosen}&day=2026-01-10&time=14:15"
    assert world.get(address).status_code == 200
    return address


def first_chain(world: World) -> str:
    """Where the last page's first function leads: who gave it."""
    found = re.search(r'href="(/who-had-access/[^"]+)"', world.page)
    assert found
    return unescape(found[1])
