"""Who may open what: every page for the signed-in, by everybody who should not."""

from __future__ import annotations

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.practices import REQUEST, STATE_MEDICAL, everybody, manager
from tests.unit.portal.test_approval import link
from tests.unit.portal.world import World

OPEN_TO_ALL = ["/dashboard", "/messages", "/settings/online-access", "/settings/online-access/ask"]
MANAGERS = ["/users", "/users/changes/AAAAAAAAAAAAAAAA", "/users/changes/AAAAAAAAAAAAAAAA/done"]
REPORT = ["/history", "/history/delegation-history.csv", "/history/delegation-history.xlsx"]
FORMS = [
    "/users/search",
    "/users/waiting/x",
    "/users/waiting/x/decline",
    "/users/x/access",
    "/users/x/remove",
    "/users/changes/x",
    "/messages/x/read",
    "/settings/online-access/ask",
    "/settings/online-access/requests/x/withdraw",
]
BY_HANDLE = ["/users/waiting/{}", "/users/waiting/{}/decline", "/users/{}/access", "/users/{}/remove"]


@pytest.fixture
def processor(world: World) -> World:
    everybody(world)
    world.sign_in("ssmith1234")
    return world


@pytest.mark.parametrize("path", [*OPEN_TO_ALL, *MANAGERS, *REPORT, *(each.format("x") for each in BY_HANDLE)])
def test_signed_out_leads_to_signing_in(world: World, path: str) -> None:
    answer = world.get(path)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert world.api.calls == []


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_somebody_signed_out_is_not_carried_out(world: World, path: str) -> None:
    world.get("/")
    world.api.calls.clear()
    assert world.post(path).status_code in {400, 401}
    assert world.api.calls == []


@pytest.mark.parametrize("path", ["/users", *REPORT])
def test_the_wrong_role_is_not_allowed__ENT_4(processor: World, path: str) -> None:
    assert processor.get(path).status_code == 403


@pytest.mark.parametrize("path", FORMS)
def test_a_forged_form_is_refused(processor: World, path: str) -> None:
    processor.get("/dashboard")
    others = {"csrf_token": "IjEyMyI.forged.signature"}
    before = len(processor.api.calls)
    for page, form in (("", {}), (processor.page, others)):
        processor.page = page
        assert processor.post(path, form).status_code == 400
    assert not [call for call in processor.api.calls[before:] if call.method != "GET"]


def test_a_handle_means_nothing_to_another_person(world: World) -> None:
    manager(world)
    world.sign_in("mmartin5")
    world.get("/dashboard")
    review = link(world, "Review")
    world.get("/users?view=all")
    modify = link(world, "Modify access")
    world.sign_in("geogym1")
    assert world.get(review).status_code == 404
    assert world.get(f"{review}/decline").status_code == 404
    assert world.get(modify).status_code == 404


@pytest.mark.parametrize("path", BY_HANDLE)
@pytest.mark.parametrize("name", [REQUEST, STATE_MEDICAL, "zoe.obrien", "%2e%2e", "A" * 700])
def test_what_is_no_handle_opens_nothing(world: World, path: str, name: str) -> None:
    manager(world)
    world.sign_in()
    assert world.get(path.format(name)).status_code == 404


def test_a_handle_of_another_kind_opens_nothing(world: World) -> None:
    manager(world)
    world.sign_in()
    world.get("/users?view=all")
    user = link(world, "Modify access").split("/")[2]
    assert world.get(f"/users/waiting/{user}").status_code == 404
    assert world.get(f"/users?practice={user}").status_code == 404
    assert world.get(f"/history?practice={user}").status_code == 404


def test_somebody_out_of_sight_is_not_found__ENT_6(world: World) -> None:
    manager(world)
    world.sign_in()
    world.get("/users?view=all")
    modify = link(world, "Modify access")
    world.api.says("GET", "/api/entitlements/v1/users/ssmith1234", ProblemError(404, "not_found"))
    assert world.get(modify).status_code == 404
    assert world.post(modify).status_code == 404


def test_a_request_of_another_practice_is_not_found__ENT_6(world: World) -> None:
    manager(world)
    world.sign_in()
    world.get("/dashboard")
    path = link(world, "Review")
    world.api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", ProblemError(404, "not_found"))
    assert world.get(path).status_code == 404


def test_a_change_belongs_to_the_person_who_began_it(world: World) -> None:
    manager(world)
    world.sign_in()
    world.get("/dashboard")
    path = link(world, "Review")
    world.get(path)
    draft = world.post(path, {f"level-{STATE_MEDICAL}-medical": "processor"}).location
    assert world.get(draft).status_code == 200
    world.sign_in("geogym1")
    assert world.get(draft).status_code == 404
