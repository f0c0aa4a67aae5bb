"""Pages say how long what holds as the services are set, not as the rules have it by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.contacts import with_contacts
from tests.unit.portal.forgetful import EXPIRED, PROOFS, Forgetful
from tests.unit.portal.imports import importing
from tests.unit.portal.practices import listed
from tests.unit.portal.second_steps import with_second_steps
from tests.unit.portal.test_approval import link
from tests.unit.portal.test_sign_in_steps import AT, EMAIL, TYPED, second_step
from tests.unit.portal.vouching import new_address, vouching_agent, vouching_manager
from tests.unit.portal.world import World, make_world

IDENTITY, REGISTRATION = "/api/identity/v1/terms", "/api/registration/v1/terms"
SET = {
    "code_minutes": 7,
    "sign_in_minutes": 21,
    "lock_failures": 6,
    "lock_minutes": 45,
    "device_days": 12,
    "contact_undo_hours": 30,
    "vouching_hours": 96,
}


@pytest.fixture
def world(world: World) -> World:
    """Where nothing is set as the rules have it."""
    world.api.says("GET", IDENTITY, SET)
    world.api.says("GET", REGISTRATION, {"invitation_days": 1})
    return world


def at_code(world: World) -> str:
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", {"resend_after": 60})
    world.get(f"/sign-in{AT}")
    return world.get(world.post(f"/sign-in{AT}", TYPED).location).text


def contact_code(world: World) -> str:
    with_contacts(world).get("/settings/contacts")
    address = link(world, "Verify")
    world.get(address)
    return world.get(world.post(address).location).text


def too_late(world: World) -> str:
    path = Forgetful(world).join().come_to_proofs()
    world.api.says("POST", ".*/verify", EXPIRED)
    return world.get(world.post(path, PROOFS).location).text


def no_devices(world: World) -> str:
    with_second_steps(world).api.says("GET", "/api/identity/v1/me/devices", listed())
    return world.get("/settings/sign-in").text


def file_ready(world: World) -> str:
    importing(world)
    world.sign_in()
    world.get("/users/add/file")
    return world.get(link(world, "people.xlsx")).text


PAGES: dict[str, tuple[Callable[[World], str], list[str]]] = {
    "landing": (
        lambda world: world.get("/").text,
        ["Both are good once, for 1 day.", "After 6 failed attempts an account is locked for 45 minutes."],
    ),
    "code at log-in": (at_code, ["good for 7 minutes", "Remember this device for 12 days"]),
    "code of a contact": (contact_code, ["good for 7 minutes"]),
    "code of a recovery, too late": (too_late, ["it is good for 7 minutes", "Six digits, good for 7 minutes"]),
    "code of a new address": (lambda world: new_address(world).get("/new-address/code").text, ["good for 7 minutes"]),
    "devices": (no_devices, ["remember your own computer or phone for 12 days"]),
    "log-in broken": (lambda world: world.get("/signed-in?state=unknown&code=x").text, ["within 21 minutes"]),
    "lost mailbox": (lambda world: world.get("/new-address/lost").text, ["After 96 hours it works."]),
    "new address": (lambda world: world.get("/new-address/confirmed").text, ["96 hours after we confirmed it"]),
    "vouching": (lambda world: world.get(vouching_manager(world)).text, ["96 hours after it was confirmed"]),
    "vouched": (lambda world: world.get(vouching_agent(world)).text, ["After 96 hours the address takes"]),
    "file of people": (file_ready, ["they hold for 1 day."]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_set__IDN_2_IDN_4_IDN_9_IDN_17_REG_14(world: World, name: str) -> None:
    come_about, told = PAGES[name]
    said = come_about(world)
    for words in told:
        assert words in said


def test_a_remembered_browser_keeps_its_cookie_as_long_as_it_is_trusted__IDN_4(world: World) -> None:
    at_code(world)
    done = {"state": "signed_in", "device_token": "d" * 43, "continue_to": "/oidc/continue?ticket=t"}
    world.api.says("POST", ".*/verify", done)
    answer = world.post(f"/sign-in/code{AT}", {"code": "123456", "remember": "yes"})
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "wardenry-device" in each]
    assert f"Max-Age={12 * 24 * 3600}" in cookie


def test_a_page_says_how_long_one_may_do_nothing__IDN_10() -> None:
    world = make_world(idle=timedelta(minutes=9))
    world.sign_in()
    world.get("/for-tests")
    world.sessions.rows.clear()
    assert "after 9 minutes without activity" in world.post("/for-tests").text


def test_a_service_that_is_away_leaves_what_it_told_before(world: World) -> None:
    world.get("/new-address/lost")
    for path in (IDENTITY, REGISTRATION):
        world.api.says("GET", path, ProblemError(503, "unavailable"))
    world.clock.advance(minutes=2)
    assert "After 96 hours it works." in world.get("/new-address/lost").text


def test_what_is_set_anew_is_told_within_a_minute(world: World) -> None:
    world.get("/new-address/lost")
    world.api.says("GET", IDENTITY, SET | {"vouching_hours": 24})
    assert "After 96 hours it works." in world.get("/new-address/lost").text
    world.clock.advance(minutes=1)
    assert "After 24 hours it works." in world.get("/new-address/lost").text
