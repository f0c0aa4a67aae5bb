"""Entitlements, notify and audit as the pages for the signed-in meet them: two practices, one applicant, one user."""

from __future__ import annotations

from typing import Any

from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.world import World

STATE_MEDICAL, OGYAM = "123456789", "223344556"
REQUEST = "01a20371-7796-7131-bff1-726d59491d0b"
ETAG = '"v1"'
NAMES = {STATE_MEDICAL: "State Medical Center", OGYAM: "OGYAM GEORGE Y MD"}
LINES = {STATE_MEDICAL: ["behavioral", "medical"], OGYAM: ["medical"]}

LEVELS = [
    ("primary", "Primary administrator", ["delegate_access", "history_report"]),
    ("secondary", "Secondary administrator", ["delegate_access", "history_report"]),
    ("processor", "Processor", []),
    ("auditor", "Auditor", ["history_report"]),
]
FUNCTIONS = [
    ("resources", "Policies, procedures and reference guides", ["medical", "behavioral", "dental"]),
    ("delegate_access", "Delegate access and view delegation history report", ["medical", "behavioral", "dental"]),
    ("history_report", "View delegation history report", ["medical", "behavioral", "dental"]),
    ("patient_coverage", "Patient eligibility and coverage", ["medical", "behavioral", "dental"]),
    ("claim_status", "Claim status and remittance reports", ["medical", "behavioral", "dental"]),
    ("precert_submit", "Precertification: view and submit", ["medical"]),
]


def access(tin: str, line: str = "medical", level: str = "processor", *functions: str, **more: Any) -> dict[str, Any]:
    item = {"tin": tin, "line": line, "practice": NAMES.get(tin), "level": level, "functions": list(functions)}
    return item | {
        "practice_lines": LINES.get(tin, []),
        "since": "2026-03-01T15:00:00Z",
        "until": None,
        "given_by": "mmartin5",
        "state": "active",
        "causes": [],
        **more,
    }


def request(tin: str = STATE_MEDICAL, line: str = "medical", **more: Any) -> dict[str, Any]:
    return {
        "id": REQUEST,
        "user_id": "zoe.obrien",
        "name": "Zoë O’Brien",
        "email": "zoe@example.com",
        "phone": "+18605550142",
        "job_role": "billing_operations",
        "tin": tin,
        "practice": NAMES.get(tin),
        "line": line,
        "state": "awaiting",
        "since": "2026-03-01T15:00:00Z",
        "reason": None,
        "decided_by": None,
        "decided_at": None,
        "practice_lines": LINES.get(tin, []),
        **more,
    }


def administered(tin: str, line: str = "medical", level: str = "primary", **more: Any) -> dict[str, Any]:
    item = {"tin": tin, "line": line, "practice": NAMES.get(tin), "level": level, "managers": 2, "awaiting": 0}
    return {**item, "practice_lines": LINES.get(tin, []), **more}


def user(user_id: str, *held: dict[str, Any], requests: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "name": f"Person {user_id}",
        "first_name": "Person",
        "middle_initial": None,
        "last_name": user_id,
        "email": f"{user_id}@example.com",
        "phone": "+18605550142",
        "extension": "12",
        "job_role": "billing_operations",
        "state": "active" if held else "awaiting",
        "since": "2026-03-01T15:00:00Z" if held else None,
        "access": list(held),
        "requests": list(requests),
    }


def listed(*items: Any, **more: Any) -> dict[str, Any]:
    return {"items": list(items), "next": None, **more}


PRESENT = "01a20371-7796-7131-bff1-000000000001"
"""The session of whoever is signed in."""


def session(session_id: str, **changes: Any) -> dict[str, Any]:
    """One of somebody's own sessions, as identity lists them."""
    at = {"started_at": "2026-03-02T14:00:00Z", "used_at": "2026-03-02T14:58:00Z", "ends_at": "2026-03-03T02:00:00Z"}
    return {"id": session_id, "site": "medical", "address": "198.51.100.7", "current": False, **at, **changes}


def everybody(world: World) -> None:
    """What is the same for everyone."""
    api = world.api
    api.says("GET", "/api/identity/v1/me", {"profile": {"first_name": "Mary"}})
    api.says("GET", "/api/identity/v1/me/sessions", listed(session(PRESENT, current=True)))
    api.says("GET", "/api/notify/v1/me/messages", listed(unread=2))
    functions = [
        {"code": code, "title": title, "lines": lines, "sensitive": False, "description": ""}
        for code, title, lines in FUNCTIONS
    ]
    levels = [{"code": code, "title": title, "description": "", "functions": fixed} for code, title, fixed in LEVELS]
    api.says("GET", "/api/entitlements/v1/functions", listed(*functions))
    api.says("GET", "/api/entitlements/v1/levels", listed(*levels))
    role = {"code": "billing_operations", "title": "Billing or revenue cycle: operations"}
    api.says("GET", "/api/registration/v1/job-roles", listed(role))
    api.says("GET", "/api/entitlements/v1/me/practices", listed())
    api.says("GET", "/api/entitlements/v1/me/access", listed())
    api.says("GET", "/api/entitlements/v1/requests", listed())
    api.says("GET", "/api/entitlements/v1/reviews", listed())
    api.says("GET", "/api/entitlements/v1/practices/.*/managers", listed({"name": "Mary Martin", "line": "medical"}))


def manager(world: World, *places: dict[str, Any]) -> None:
    """Mary Martin manages State Medical Center; Zoë waits there, and Sally works at both practices."""
    everybody(world)
    api = world.api
    places = places or (administered(STATE_MEDICAL, managers=1, awaiting=1), administered(OGYAM))
    api.says("GET", "/api/entitlements/v1/me/practices", listed(*places))
    own = [access(each["tin"], each["line"], each["level"], "delegate_access", "history_report") for each in places]
    api.says("GET", "/api/entitlements/v1/me/access", listed(*own))
    wish = request()
    api.says(
        "GET", "/api/entitlements/v1/requests", lambda call: listed(*([] if (call.query or {}).get("mine") else [wish]))
    )
    api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", wish)
    sally = user("ssmith1234", access(STATE_MEDICAL, "medical", "processor", "patient_coverage"), access(OGYAM))
    zoe = user("zoe.obrien", requests=(wish,))
    api.says("GET", "/api/entitlements/v1/users", listed(sally, zoe))
    api.says("GET", "/api/entitlements/v1/users/ssmith1234", sally)
    api.says("GET", "/api/entitlements/v1/users/zoe.obrien", zoe)
    api.says("GET", "/api/entitlements/v1/users/counts", {"awaiting": 1, "active": 1, "inactive": 0, "all": 2})
    api.says("GET", "/api/entitlements/v1/users/zoe.obrien/access", Answer(200, listed(), {"ETag": ETAG}))
    api.says(
        "GET", "/api/entitlements/v1/users/ssmith1234/access", Answer(200, listed(*sally["access"]), {"ETag": ETAG})
    )
    api.says("PUT", "/api/entitlements/v1/users/.*/access", as_wished)
    api.says("POST", "/api/entitlements/v1/access/bulk(/.*/undo)?", as_wished_by_many)
    api.says("GET", "/api/entitlements/v1/reviews", listed(review()))
    api.says("GET", "/api/registration/v1/invitations", listed())
    api.says("POST", "/api/entitlements/v1/reviews", review())
    api.says("GET", f"/api/entitlements/v1/reviews/{REVIEW}", review(items=REVIEWED, next=None))
    api.says("POST", f"/api/entitlements/v1/reviews/{REVIEW}/decisions", review(undecided=1, yours=0))


REVIEW = "01a20371-7796-7131-bff1-000000000077"


def reviewed(number: int, user_id: str, *functions: str, **more: Any) -> dict[str, Any]:
    """One access of a review, to be decided about."""
    item = {"id": f"01a20371-7796-7131-bff1-0000000001{number:02}", "user_id": user_id, "name": f"Person {user_id}"}
    return {
        **item,
        "job_role": "billing_operations",
        "line": "medical",
        "level": "processor",
        "functions": list(functions),
        "sensitive": [],
        "since": "2026-03-01T15:00:00Z",
        "until": None,
        "given_by": "mmartin5",
        "state": "undecided",
        "decided_by": None,
        "decided_at": None,
        "version": f"access-{number}",
        "may_decide": True,
        **more,
    }


def review(**more: Any) -> dict[str, Any]:
    """A review of State Medical Center."""
    return {
        "id": REVIEW,
        "tin": STATE_MEDICAL,
        "practice": NAMES[STATE_MEDICAL],
        "lines": ["medical"],
        "state": "open",
        "opened_by": "mmartin5",
        "opened_at": "2026-03-01T15:00:00Z",
        "due_at": "2026-04-30T15:00:00Z",
        "closed_at": None,
        "total": 4,
        "undecided": 3,
        "yours": 2,
        **more,
    }


REVIEWED = [
    reviewed(1, "ssmith1234", "patient_coverage", "claim_status", sensitive=["claim_status"]),
    reviewed(2, "secadm01", "delegate_access", "history_report", level="secondary"),
    reviewed(3, "mmartin5", "delegate_access", level="primary", may_decide=False),
    reviewed(4, "zoe.obrien", state="kept", decided_by="geogym1", may_decide=False),
]


def as_wished_by_many(call: Call) -> Answer:
    """A change of several users, each from nothing, which can be undone."""
    after = [
        access(each["tin"], each["line"], "processor", *each.get("functions", ())) for each in call.body.get("add", ())
    ]
    before = [access(STATE_MEDICAL, "medical", "processor", "claim_status")] if call.path.endswith("/undo") else []
    users = [
        {"user_id": each, "name": f"Person {each}", "before": before, "after": after, "violations": []}
        for each in call.body.get("user_ids", ["ssmith1234"])
    ]
    done = not call.body.get("dry_run")
    body = {"id": REQUEST if done else None, "undo_until": "2026-03-03T15:00:00Z" if done else None}
    return Answer(200, {**body, "items": users, "next": None}, {"ETag": ETAG})


def as_wished(call: Call) -> Answer:
    """A change as it is wished, from nothing."""
    after = [
        access(each["tin"], each["line"], each["level"], *each["functions"])
        for each in call.body["changes"]
        if each["level"]
    ]
    return Answer(200, {"before": [], "after": after, "violations": []}, {"ETag": ETAG})
