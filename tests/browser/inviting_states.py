"""The states of the pages about temporary IDs: adding users, their credentials, invitations, redeeming one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from werkzeug.test import TestResponse

from services.portal.application.errors import ProblemError
from tests.unit.portal.applicants import ACCOUNT, FakeRegistration
from tests.unit.portal.inviting import (
    MATRIX,
    ROOT,
    SECRETS,
    TYPED,
    changing,
    come_to_credentials,
    come_to_matrix,
    come_to_review,
    inviting,
    opens,
    refused,
)
from tests.unit.portal.practices import STATE_MEDICAL, everybody, listed, manager
from tests.unit.portal.world import World

State = Callable[[World], TestResponse]

_ADD: Final = "/settings/online-access/add"


def _managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return inviting(world)


def _working(world: World) -> World:
    everybody(world)
    world.sign_in("ssmith1234")
    inviting(world)
    world.get(_ADD)
    return world


def people_missing(world: World) -> TestResponse:
    _managing(world).get("/users/new")
    world.post("/users/new", {**TYPED, "go": "add"})
    return world.post("/users/new", {**TYPED, "email-0": "", "first_name-1": "Bob", "last_name-1": "", "email-1": ""})


def _at(come: Callable[[World], None], path: str) -> State:
    def state(world: World) -> TestResponse:
        come(_managing(world))
        return world.get(path)

    return state


def nothing_chosen(world: World) -> TestResponse:
    come_to_matrix(_managing(world))
    return world.post("/users/new/access", {f"level-{STATE_MEDICAL}-medical": "none"})


def forbidden(world: World) -> TestResponse:
    come_to_review(_managing(world))
    violation = {"tin": STATE_MEDICAL, "line": "medical", "code": "too_many_managers", "detail": ""}
    world.api.says("POST", ROOT, ProblemError(409, "too_many_managers", members={"violations": [violation]}))
    return world.post("/users/new/confirm")


def address_wrong(world: World) -> TestResponse:
    come_to_review(_managing(world))
    world.api.says("POST", ROOT, refused("email_domain_unknown", "/people/0/email"))
    return world.post("/users/new/confirm")


def no_invitations(world: World) -> TestResponse:
    _managing(world).api.says("GET", ROOT, listed())
    return world.get("/users/invitations")


def taking_back(world: World) -> TestResponse:
    page = _managing(world).get("/users/invitations").text
    return world.get(page.partition('/revoke"')[0].rpartition('href="')[2] + "/revoke")


def _changing(address: str = "ana@example.com", **more: str) -> State:
    """The last look before an open invitation is changed."""

    def state(world: World) -> TestResponse:
        _managing(world)
        typed = {"first_name": "Ana", "last_name": "Lee", "email": address, **MATRIX, **more}
        return world.get(world.post(changing(world), typed).location)

    return state


def change_wrong(world: World) -> TestResponse:
    return world.post(changing(_managing(world)), {**MATRIX, "first_name": "Ana", "email": ""})


def change_forbidden(world: World) -> TestResponse:
    address = _changing()(world).request.path
    violation = {"tin": STATE_MEDICAL, "line": "medical", "code": "not_yours_to_give", "detail": ""}
    world.api.says("PUT", f"{ROOT}/.*", ProblemError(403, "not_yours_to_give", members={"violations": [violation]}))
    return world.post(address)


def _refusing(path: str, code: str) -> State:
    def state(world: World) -> TestResponse:
        if path == _ADD:
            _working(world)
        else:
            world.get(path)
        world.api.says("POST", f"{ROOT}/redeem", refused(code))
        return world.post(path, SECRETS)

    return state


def added(world: World) -> TestResponse:
    return world.get(_working(world).post(_ADD, SECRETS).location)


def _registering(world: World) -> World:
    FakeRegistration().join(world.api)
    opens(world)
    world.get("/register/temporary-id")
    world.get(world.post("/register/temporary-id", SECRETS).location)
    return world


def filled_in(world: World) -> TestResponse:
    return _registering(world).get("/register/account")


def _to_review(world: World) -> World:
    _registering(world).post("/register/account", ACCOUNT)
    world.get("/register/review")
    return world


def registered(world: World) -> TestResponse:
    return world.get(_to_review(world).post("/register/review").location)


INVITING: Final[dict[str, tuple[State, int]]] = {
    "adding users": (lambda world: _managing(world).get("/users/new"), 200),
    "adding users, missing": (people_missing, 422),
    "adding users, what they may do": (_at(come_to_matrix, "/users/new/access"), 200),
    "adding users, nothing chosen": (nothing_chosen, 422),
    "adding users, to confirm": (_at(come_to_review, "/users/new/confirm"), 200),
    "adding users, forbidden": (forbidden, 200),
    "adding users, wrong address": (address_wrong, 422),
    "credentials": (_at(come_to_credentials, "/users/new/credentials"), 200),
    "credentials gone": (lambda world: _managing(world).get("/users/new/credentials"), 200),
    "invitations open": (lambda world: _managing(world).get("/users/invitations"), 200),
    "invitations used": (lambda world: _managing(world).get("/users/invitations?view=redeemed"), 200),
    "invitations ended": (lambda world: _managing(world).get("/users/invitations?view=ended&over=1"), 200),
    "invitations that end soon": (lambda world: _managing(world).get("/users/invitations?view=ending&changed=1"), 200),
    "no invitations": (no_invitations, 200),
    "changing an invitation": (lambda world: world.get(changing(_managing(world))), 200),
    "changing an invitation, missing": (change_wrong, 422),
    "changing an invitation, to confirm": (_changing(), 200),
    "changing an invitation, another address": (_changing("lee@example.com", phone="8605550142"), 200),
    "changing an invitation, forbidden": (change_forbidden, 409),
    "taking an invitation back": (taking_back, 200),
    "temporary ID": (lambda world: world.get("/register/temporary-id"), 200),
    "temporary ID unknown": (_refusing("/register/temporary-id", "temporary_id_unknown"), 422),
    "temporary ID locked": (_refusing("/register/temporary-id", "temporary_id_voided"), 422),
    "temporary ID, filled in": (filled_in, 200),
    "temporary ID, review": (lambda world: _to_review(world).get("/register/review"), 200),
    "temporary ID, registered": (registered, 200),
    "adding access": (lambda world: _working(world).get(_ADD), 200),
    "adding access, expired": (_refusing(_ADD, "temporary_id_expired"), 422),
    "access added": (added, 200),
}
