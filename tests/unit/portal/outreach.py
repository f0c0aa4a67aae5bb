"""Outreach as support's pages meet it: a practice where two people wait, and what is done for it."""

from __future__ import annotations

from typing import Any

from tests.unit.portal.practices import NAMES, OGYAM, everybody, listed
from tests.unit.portal.world import World

DOE = "987654321"
PROPOSAL = "01a20371-7796-7131-bff1-0000000000aa"
MANAGER = {
    "name": "Mary Martin",
    "line": "medical",
    "user_id": "mmartin5",
    "email": "mmartin5@example.com",
    "phone": "+12125550142",
    "extension": "210",
    "since": "2026-03-01T15:00:00Z",
    "state": "active",
}


def waiting(user_id: str, nominee: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "request_id": "01a20371-7796-7131-bff1-0000000000bb",
        "user_id": user_id,
        "first_name": "Zoë",
        "last_name": "O’Brien-Núñez",
        "email": f"{user_id}@example.com",
        "phone": "+18605550142",
        "extension": "12",
        "since": "2026-02-20T15:00:00Z",
        "nominee": nominee,
    }


def attempt(**changes: Any) -> dict[str, Any]:
    note = "Dr. Doe’s office: call again on Tuesday."
    given = {"at": "2026-02-25T16:30:00Z", "by": "support1", "channel": "phone", "reached": False, "note": note}
    return given | changes


def proposal(**changes: Any) -> dict[str, Any]:
    return {
        "id": PROPOSAL,
        "kind": "appoint",
        "user_id": "zoe.obrien",
        "name": "Zoë O’Brien-Núñez",
        "lines": ["medical"],
        "proof": "A letter with the practice’s head,\nsigned by Dr. Doe.",
        "proposed_by": "support1",
        "proposed_at": "2026-02-26T16:30:00Z",
        "state": "proposed",
        "decided_by": None,
        "decided_at": None,
        "note": None,
    } | changes


def case(tin: str = DOE, **changes: Any) -> dict[str, Any]:
    nominee = {"whom": "other", "first_name": "Ana", "last_name": "Lee", "email": "ana.lee@example.com"}
    oneself = {"whom": "self", "first_name": None, "last_name": None, "email": None}
    return {
        "id": "01a20371-7796-7131-bff1-0000000000cc",
        "tin": tin,
        "line": "medical",
        "practice": {**NAMES, DOE: "Jane Doe MD"}.get(tin),
        "state": "overdue",
        "reason": "request_without_manager",
        "opened_at": "2026-02-20T15:00:00Z",
        "due_at": "2026-03-01T15:00:00Z",
        "closed_at": None,
        "outcome": None,
        "closing_note": None,
        "managers": [],
        "waiting": 2,
        "requests": [waiting("zoe.obrien", nominee), waiting("anna.example", oneself)],
        "attempts": [],
        "proposals": [],
    } | changes


def closed(tin: str = DOE, **changes: Any) -> dict[str, Any]:
    ended = {"state": "closed", "closed_at": "2026-02-27T15:00:00Z", "outcome": "given_up", "closing_note": "Retired."}
    return case(tin, **{"line": "behavioral", "waiting": 0, "requests": [], **ended, **changes})


def appointed(tin: str = DOE) -> dict[str, Any]:
    """A case that was closed because two agents gave the practice its manager."""
    decided = {"state": "confirmed", "decided_by": "support2", "decided_at": "2026-02-27T15:00:00Z"}
    tried = [attempt(), attempt(at="2026-02-26T15:30:00Z", by="support7", reached=True)]
    found = {"outcome": "manager_found", "closing_note": None, "managers": ["zoe.obrien"]}
    return closed(tin, attempts=tried, proposals=[proposal(**decided)], **found)


def support(world: World, *cases: dict[str, Any]) -> None:
    """Sam Porter is a support agent; at Jane Doe's two people wait."""
    everybody(world)
    api = world.api
    api.says("GET", "/api/identity/v1/me", {"kind": "support", "profile": {"first_name": "Sam"}})
    shown = cases or (case(attempts=[attempt(), attempt(reached=True, channel="email", by="support2")]), closed())
    api.says("GET", f"/api/registration/v1/outreach/{DOE}", listed(*shown))
    api.says("GET", "/api/registration/v1/outreach", listed(*shown, case(OGYAM, state="open", line="dental")))
    api.says("POST", "/api/registration/v1/outreach.*", listed(*shown))
    practice = {"tin": DOE, "associated": True, "name": "Jane Doe MD", "lines": ["medical", "behavioral"]}
    api.says("GET", "/api/registration/v1/practices/.*", practice)
    api.says("GET", "/api/entitlements/v1/practices/.*/managers", listed(MANAGER))
