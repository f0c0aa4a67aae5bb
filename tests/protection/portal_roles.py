"""Who knocks at the portal's routes: each as the services would answer for them, and the addresses they would try."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from werkzeug.routing import Rule
from werkzeug.test import Client

from services.portal.api.access import drafts, selections
from services.portal.api.access.drafts import Draft
from services.portal.api.access.selections import Selection
from services.portal.api.handles import handle
from services.portal.api.invitations import changing
from services.portal.application.errors import ProblemError
from tests.unit.portal.contacts import MOBILE_ID, may_change_contacts
from tests.unit.portal.imports import IMPORT, IMPORTS, uploaded
from tests.unit.portal.inviting import INVITATION, PERSON, VERSION, inviting, refused
from tests.unit.portal.outreach import DOE, MANAGER
from tests.unit.portal.outreach import support as at_support
from tests.unit.portal.past import with_past
from tests.unit.portal.practices import (
    OGYAM,
    REQUEST,
    REVIEW,
    STATE_MEDICAL,
    access,
    administered,
    as_wished_by_many,
    everybody,
    listed,
    manager,
    request,
    user,
)
from tests.unit.portal.second_steps import APP_ID, DEVICE_ID, may_change_second_steps
from tests.unit.portal.supporting import account
from tests.unit.portal.vouching import VOUCHING, VOUCHINGS, vouching
from tests.unit.portal.world import World, make_world

WANTED = "zoe.obrien"
TEMPORARY = {"temporary_password": "h7Kq2mwP4x", "expires_at": "2026-03-03T15:00:00Z"}
_HISTORY = "history_report"


def nobody(world: World) -> None:
    """A visitor, with a page's form at hand."""
    everybody(world)


def processor(world: World) -> None:
    _only_works(world, access(OGYAM, "medical", "processor", "patient_coverage"))


def auditor(world: World) -> None:
    _only_works(world, access(STATE_MEDICAL, "medical", "auditor", _HISTORY))


def secondary(world: World) -> None:
    """Administers the very practice where the applicant waits."""
    manager(world, administered(STATE_MEDICAL, level="secondary"))
    _does_all(world)


def elsewhere(world: World) -> None:
    """A manager whom the API shows neither the request nor the user, nor another's message."""
    manager(world, administered(OGYAM))
    for method, path in (
        ("GET", f"requests/{REQUEST}.*"),
        ("POST", f"requests/{REQUEST}.*"),
        ("GET", f"users/{WANTED}(/access)?"),
    ):
        world.api.says(method, f"/api/entitlements/v1/{path}", ProblemError(404, "not_found"))
    world.api.says("POST", "/api/notify/.*", ProblemError(404, "not_found"))
    world.api.says("GET", IMPORTS, listed())
    world.api.says("GET", f"{IMPORTS}/template.xlsx", b"")
    world.api.says("PUT", "/api/entitlements/v1/users/.*/access", ProblemError(403, "not_administered"))
    world.api.says("POST", "/api/entitlements/v1/access/bulk.*", ProblemError(422, "user_unknown"))
    world.api.says("GET", "/api/entitlements/v1/reviews/.*", ProblemError(404, "not_found"))
    world.api.says("POST", "/api/entitlements/v1/reviews.*", ProblemError(404, "not_found"))
    _history(world)
    world.api.says("GET", "/api/entitlements/v1/users", listed())
    world.api.says("GET", "/api/registration/v1/invitations", listed())


def primary(world: World) -> None:
    """Who may do all of it: were they refused, the other columns would prove nothing."""
    manager(world)
    _does_all(world)
    held = (access(STATE_MEDICAL, "medical", "processor"), access(OGYAM, "medical", "processor"))
    world.api.says("GET", f"/api/entitlements/v1/users/{WANTED}", user(WANTED, *held, requests=(request(),)))


def support(world: World) -> None:
    """An agent of the plan's; the user in the addresses manages a practice."""
    at_support(world)
    world.api.says("GET", "/api/entitlements/v1/practices/.*/managers", listed(MANAGER | {"user_id": WANTED}))
    world.api.says("GET", "/api/identity/v1/accounts", listed(account(user_id=WANTED)))


ROLES: dict[str, tuple[Callable[[World], None], str | None]] = {
    "nobody": (nobody, None),
    "processor": (processor, "ssmith1234"),
    "auditor": (auditor, "audit001"),
    "secondary": (secondary, "secadm01"),
    "elsewhere": (elsewhere, "geogym1"),
    "primary": (primary, "mmartin5"),
    "support": (support, "support2"),
}
"""Each with what the services answer, and with who signs in."""


def _does_all(world: World) -> None:
    _history(world)
    with_past(world)
    inviting(world)
    uploaded(world)
    world.api.says("POST", "/api/(entitlements|notify)/.*", {})
    world.api.says("POST", "/api/entitlements/v1/access/bulk", as_wished_by_many)
    world.api.says("GET", f"/api/entitlements/v1/reviews/{REVIEW}/export.xlsx", b"")


def _only_works(world: World, held: object) -> None:
    everybody(world)
    world.api.says("GET", "/api/entitlements/v1/me/access", listed(held))
    world.api.says("GET", "/api/entitlements/v1/re(quest|view)s/.*", ProblemError(404, "not_found"))
    world.api.says("POST", "/api/(entitlements|notify)/.*", ProblemError(404, "not_found"))
    _history(world)


def _open_to_all(world: World) -> None:
    world.api.says("POST", "/api/identity/v1/(me/session/extend|sign-out)", {})
    world.api.says("DELETE", "/api/identity/v1/me/sessions/.*", {})
    world.api.says("GET", VOUCHINGS, listed(vouching(user_id=WANTED)))
    may_change_second_steps(world)
    may_change_contacts(world)
    world.api.says("POST", "/api/registration/v1/invitations/redeem", refused("temporary_id_unknown"))
    world.api.says("POST", "/api/identity/v1/accounts/.*/password-reset", TEMPORARY)
    world.api.says("POST", "/api/identity/v1/sign-in", ProblemError(401, "sign_in_failed"))
    world.api.says("POST", "/api/identity/v1/accounts/availability", {"available": True, "suggestions": []})
    world.api.says("POST", "/api/registration/v1/registrations/preview", {"tins": [], "errors": [], "suggestions": []})


def _history(world: World) -> None:
    world.api.says("GET", "/api/audit/v1/.*", listed())
    world.api.says("GET", "/api/audit/v1/.*[.](csv|xlsx)", b"")


def addresses() -> Blueprint:
    """`/names`: the handles of the one who asks, and a change of theirs that is under way."""
    blueprint = Blueprint("names", __name__)

    @blueprint.get("/names")
    def names() -> dict[str, str]:
        given = {
            "user": handle(WANTED, "user"),
            "request_handle": handle(REQUEST, "request"),
            "session": handle("01a20371-7796-7131-bff1-000000000002", "session"),
            "own": handle(APP_ID, "authenticator"),
            "contact": handle(MOBILE_ID, "contact"),
            "tin": handle(DOE, "tin"),
            "practice": handle(STATE_MEDICAL, "tin"),
            "device": handle(DEVICE_ID, "device"),
            "upload": handle(IMPORT, "import"),
            "invitation": handle(INVITATION, "invitation"),
            "vouching": handle(VOUCHING, "vouching"),
            "message": handle("01a20371-7796-7131-bff1-726d59491d0c", "message"),
        }
        change = {"tin": STATE_MEDICAL, "line": "medical", "level": "processor", "functions": ["claim_status"]}
        selection = Selection([WANTED], [{**change, "level": None}], version='"v1"')
        given["review_handle"] = handle(REVIEW, "review")
        given["selection"] = selections.begin(selection)
        given["wish"] = changing.WISHES.begin(
            changing.Change(INVITATION, VERSION, {**PERSON, "phone": ""}, [{**change, "until": None}])
        )
        return given | {"draft": drafts.begin(Draft(WANTED, "Zoë", [change], version='"v1"'))}

    return blueprint


FIXED = {"way": "app", "version": "x", "name": "css/portal.css", "code": "es", "form": "csv", "kind": "email"}
"""What stands in an address and names nobody."""


def address(rule: Rule, names: dict[str, str]) -> str:
    """The route's address with these names in it."""
    built = rule.build({name: (FIXED | names).get(name, "unknown") for name in rule.arguments}, append_unknown=False)
    assert built, rule
    return built[1]


class Visitors:
    """A world for each role, made once; each knock comes from a new browser, signed in anew."""

    def __init__(self) -> None:
        self._worlds: dict[str, World] = {}

    def arrive(self, role: str) -> World:
        """Somebody of that role, with a form of their own session at hand."""
        prepare, user_id = ROLES[role]
        world = self._worlds.get(role)
        if world is None:
            world = self._worlds[role] = make_world()
            world.app.register_blueprint(addresses())
            prepare(world)
            _open_to_all(world)
        world.browser, world.page = Client(world.app), ""
        world.sessions.rows.clear()
        world.sessions.tokens = iter(range(100))
        if user_id:
            world.sign_in(user_id)
        world.get("/messages" if user_id else "/register")
        world.api.calls.clear()
        return world

    def names(self, world: World) -> dict[str, str]:
        """The names in the addresses of whoever is signed in; nobody's mean nothing."""
        signed_in = any("tokens" in row.data for row in world.sessions.rows.values())
        return dict(world.get("/names").json or {}) if signed_in else {}
