"""Registration's invitations as the portal's pages meet them."""

from __future__ import annotations

from typing import Any

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.practices import NAMES, OGYAM, STATE_MEDICAL
from tests.unit.portal.world import World

ROOT = "/api/registration/v1/invitations"
INVITATION = "01a20371-7796-7131-bff1-0000000000aa"
VERSION = '"3"'
SECRETS = {"temporary_id": "Ab2cD3eF", "temporary_password": "Gh4iJ5kL6m"}
PERSON = {
    "first_name": "Ana",
    "middle_initial": None,
    "last_name": "Lee",
    "phone": "+18605550142",
    "extension": "12",
    "email": "ana@example.com",
}
TYPED = {"first_name-0": "Ana", "last_name-0": "Lee", "email-0": "ana@example.com", "phone-0": "", "extension-0": ""}
MATRIX = {f"level-{STATE_MEDICAL}-medical": "processor", f"may-{STATE_MEDICAL}-medical": ["patient_coverage"]}


def prepared(tin: str = STATE_MEDICAL, level: str = "processor", *functions: str, **more: Any) -> dict[str, Any]:
    item = {"tin": tin, "line": "medical", "practice": NAMES.get(tin), "level": level}
    return {**item, "functions": list(functions), "until": None, **more}


def invitation(state: str = "open", **more: Any) -> dict[str, Any]:
    ended = None if state in {"open", "unconfirmed"} else "2026-03-05T15:00:00Z"
    return {
        "id": INVITATION,
        "temporary_id": SECRETS["temporary_id"],
        "state": state,
        "person": PERSON,
        "access": [prepared(STATE_MEDICAL, "processor", "patient_coverage"), prepared(OGYAM, "auditor")],
        "invited_by": "mmartin5",
        "created_at": "2026-03-01T15:00:00Z",
        "expires_at": "2026-03-31T15:00:00Z",
        "ended_at": ended,
        "user_id": "ana.lee" if state == "redeemed" else None,
        **more,
    }


def handed_out(**more: Any) -> dict[str, Any]:
    return {**invitation(**more), "temporary_password": SECRETS["temporary_password"]}


def refused(code: str, pointer: str = "/temporary_id") -> ProblemError:
    return ProblemError(422, "invalid", errors=[FieldFault(pointer, code, "")])


def inviting(world: World) -> World:
    """Registration answers a manager's pages, and whoever redeems."""

    def listed(call: Call) -> dict[str, Any]:
        states = (call.query or {})["state"]
        return {"items": [invitation(state) for state in states], "next": None}

    api = world.api
    api.says("GET", ROOT, listed)
    api.says("GET", f"{ROOT}/{INVITATION}", Answer(200, invitation(), {"ETag": VERSION}))
    api.says("PUT", f"{ROOT}/{INVITATION}", {**invitation(), "temporary_password": None})
    api.says("POST", ROOT, {"items": [handed_out()], "next": None})
    api.says("POST", f"{ROOT}/{INVITATION}/renew", handed_out())
    api.says("POST", f"{ROOT}/{INVITATION}/revoke", invitation("revoked"))
    opens(world)
    return world


def opens(world: World) -> None:
    """The temporary ID opens what it holds."""
    one = invitation()
    opened = {name: one[name] for name in ("state", "person", "access", "expires_at")}
    world.api.says("POST", f"{ROOT}/redeem", opened)


def come_to_matrix(world: World) -> None:
    """The people are entered."""
    world.get("/users/new")
    assert world.post("/users/new", TYPED).location == "/users/new/access"
    world.get("/users/new/access")


def come_to_review(world: World) -> None:
    """What they may do is chosen."""
    come_to_matrix(world)
    assert world.post("/users/new/access", MATRIX).location == "/users/new/confirm"
    world.get("/users/new/confirm")


def come_to_credentials(world: World) -> None:
    """They are added."""
    come_to_review(world)
    assert world.post("/users/new/confirm").location == "/users/new/credentials"


def changing(world: World) -> str:
    """The address of the page that changes an open invitation, which is open."""
    page = world.get("/users/invitations").text
    address = page.partition('/change"')[0].rpartition('href="')[2] + "/change"
    world.get(address)
    return address
