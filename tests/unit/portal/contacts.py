"""What the API answers to somebody who looks after their contacts."""

from __future__ import annotations

from typing import Any

from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.practices import listed
from tests.unit.portal.second_steps import with_second_steps
from tests.unit.portal.world import World

EMAIL_ID, MOBILE_ID = "01a20371-7796-7131-bff1-0000000000c1", "01a20371-7796-7131-bff1-0000000000c2"
EMAIL: dict[str, Any] = {
    "id": EMAIL_ID,
    "kind": "email",
    "value": "mary@clinic.example",
    "hint": "m•••@clinic.example",
    "verified": True,
    "pending": None,
    "opted_out": False,
    "short_code": None,
}
MOBILE: dict[str, Any] = EMAIL | {
    "id": MOBILE_ID,
    "kind": "mobile",
    "value": "+12125550187",
    "hint": "•••87",
    "verified": False,
}
STOPPED = MOBILE | {"verified": True, "opted_out": True, "short_code": "55501"}
CHANGING = EMAIL | {"pending": "mary.featherstonehaugh@elsewhere.example"}
_CONTACTS = "/api/identity/v1/me/contacts"


def with_contacts(world: World, *contacts: dict[str, Any]) -> World:
    """Mary, signed in and fresh enough to change hers."""
    with_second_steps(world)
    may_change_contacts(world, *contacts)
    return world


def may_change_contacts(world: World, *contacts: dict[str, Any]) -> None:
    """Whoever is signed in has an address that is verified and a number that is not, unless others are named."""
    api = world.api
    api.says("GET", _CONTACTS, listed(*(contacts or (EMAIL, MOBILE))))
    api.says("POST", _CONTACTS, Answer(201, MOBILE, {}))
    api.says("PUT", f"{_CONTACTS}/.*", _changed)
    api.says("DELETE", f"{_CONTACTS}/.*", Answer(204, None, {}))
    api.says("POST", f"{_CONTACTS}/.*/send", Answer(202, {"resend_after": 60}, {}))
    api.says("POST", f"{_CONTACTS}/.*/verify", EMAIL)


def _changed(call: Call) -> Answer:
    own = EMAIL if call.path.endswith(EMAIL_ID) else MOBILE
    return Answer(200, own | {"pending": CHANGING["pending"]}, {})
