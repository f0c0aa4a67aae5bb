"""Trusted devices over HTTP, on both kinds of database: what skips the second step, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.adapters.device_tables import device as devices
from tests.integration.identity.devices import (
    ELSEWHERE_IN_US,
    FIREFOX,
    IN_GERMANY,
    NEWER_FIREFOX,
    OFFICE,
    SAFARI,
    Visit,
)
from tests.integration.identity.second_steps import Person
from tests.integration.identity.world import PASSWORD, World

NEW = "amber-thicket-ferry-5"


@pytest.fixture
def visit(world: World) -> Visit:
    """On a device that is remembered."""
    visit = Visit(world)
    visit.sign_in(remember=True)
    assert visit.token
    return visit


def test_a_remembered_device_skips_the_second_step_and_says_so__IDN_4(visit: Visit) -> None:
    done = visit.begin().get_json()
    assert done["state"] == "signed_in"
    assert "device_token" not in done
    told = visit.world.events("identity.sign_in.succeeded.v1")[-1]
    assert (told["acr"], told["amr"]) == ("urn:wardenry:acr:trusted-device", ["pwd"])
    assert told["risk"] == {"score": 0, "reasons": []}


def test_what_needs_a_fresh_second_step_needs_one_there_all_the_same__IDN_3_IDN_4(visit: Visit) -> None:
    mary = Person(visit.world, visit.begin().get_json()["access_token"])
    assert mary.call("POST", "/me/recovery-codes").get_json()["code"] == "step_up_required"


def test_only_what_was_asked_for_is_remembered__IDN_4(world: World) -> None:
    visit = Visit(world)
    assert "device_token" not in visit.sign_in()
    assert visit.state() == "device_not_trusted"
    assert world.count(devices) == 0


def test_its_token_stands_hashed__IDN_4_IDN_16(visit: Visit) -> None:
    with visit.world.service.engine.connect().execution_options(write=False) as connection:
        assert str(visit.token) not in repr(connection.execute(devices.select()).all())


def test_it_outlives_an_update_of_the_browser_and_no_other_browser__IDN_4(visit: Visit) -> None:
    visit.agent = NEWER_FIREFOX
    assert visit.state() == "signed_in"
    visit.agent = SAFARI
    assert visit.state() == "device_not_trusted"


def test_it_is_one_accounts_alone__IDN_4(visit: Visit) -> None:
    visit.user_id = "support1"
    assert visit.state() == "device_not_trusted"


def test_it_lasts_for_thirty_days__IDN_4(visit: Visit) -> None:
    for _ in range(3):
        visit.world.clock.advance(days=9)
        assert visit.state() == "signed_in"
    visit.world.clock.advance(days=3)
    assert visit.state() == "device_not_trusted"


def test_a_changed_password_ends_every_device__IDN_4(visit: Visit) -> None:
    mary = visit.person()
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert mary.call("POST", "/me/password", body).status_code == 204
    assert mary.call("GET", "/me/devices").get_json()["items"] == []
    assert visit.begin(NEW).get_json()["reason"] == "device_not_trusted"
    assert [told["reason"] for told in visit.world.events("identity.device.revoked.v1")] == ["password_changed"]


@pytest.mark.parametrize(
    ("unusual", "reasons"),
    [
        ({"address": ELSEWHERE_IN_US}, None),
        ({"address": IN_GERMANY}, ["new_country", "new_network"]),
        ({"days": 15}, None),
        ({"days": 15, "address": ELSEWHERE_IN_US}, ["new_network", "long_absence"]),
        ({"failures": 3, "address": ELSEWHERE_IN_US}, ["new_network", "many_failures"]),
        ({"failures": 3}, None),
    ],
    ids=["network", "country", "absence", "network and absence", "network and failures", "failures"],
)
def test_more_is_asked_once_the_signals_add_up__IDN_4(
    visit: Visit, unusual: dict[str, Any], reasons: list[str] | None
) -> None:
    visit.world.clock.advance(days=unusual.get("days", 0))
    for _ in range(unusual.get("failures", 0)):
        assert visit.begin("wrong-harbor-lantern-7").status_code == 401
    visit.address = unusual.get("address", OFFICE)
    step = visit.begin().get_json()
    assert step.get("risk_reasons") == reasons
    assert (step["state"], step.get("reason")) == (("second_step", "risk") if reasons else ("signed_in", None))


def test_what_was_unusual_is_told_and_usual_from_then_on__IDN_4(visit: Visit) -> None:
    visit.address = IN_GERMANY
    visit.sign_in()
    told = visit.world.events("identity.sign_in.succeeded.v1")[-1]["risk"]
    assert told == {"score": 85, "reasons": ["new_country", "new_network"]}
    assert visit.state() == "signed_in"


def test_devices_are_listed_and_revoked_by_their_owner_alone__IDN_4(visit: Visit) -> None:
    other = Visit(visit.world, agent=SAFARI)
    other.sign_in(remember=True)
    mary = visit.person()
    visit.world.clock.advance(minutes=1)
    assert visit.state() == "signed_in"
    items = mary.call("GET", "/me/devices").get_json()["items"]
    assert [(each["browser"], each["platform"], each["country"]) for each in items] == [
        ("Firefox", "Windows", "US"),
        ("Safari", "Mac", "US"),
    ]
    assert set(items[0]) >= {"id", "address", "trusted_at", "used_at", "expires_at"}
    stranger = Visit(visit.world, user_id="support1").person()
    assert stranger.call("GET", "/me/devices").get_json()["items"] == []
    assert stranger.call("DELETE", f"/me/devices/{items[0]['id']}").status_code == 404
    assert stranger.call("DELETE", "/me/devices").status_code == 204
    assert mary.call("DELETE", f"/me/devices/{items[1]['id']}").status_code == 204
    assert mary.call("DELETE", f"/me/devices/{items[1]['id']}").status_code == 404
    assert (visit.state(), other.state()) == ("signed_in", "device_not_trusted")
    assert mary.call("DELETE", "/me/devices").status_code == 204
    assert visit.state() == "device_not_trusted"


def test_remembering_a_device_again_is_one_device_and_its_former_token_worth_nothing__IDN_4(visit: Visit) -> None:
    former, visit.address = visit.token, IN_GERMANY
    visit.sign_in(remember=True)
    assert visit.world.count(devices) == 1
    assert visit.state() == "signed_in"
    visit.token = former
    assert visit.state() == "device_not_trusted"


def test_a_browser_that_is_new_is_told_of_once__IDN_4(world: World) -> None:
    for agent in (FIREFOX, FIREFOX, NEWER_FIREFOX, SAFARI):
        Visit(world, agent=agent).sign_in()
    told = world.events("identity.device.seen.v1")
    assert [each["browser"] for each in told] == ["Firefox", "Safari"]
    assert told[0] == {
        "user_id": "mmartin5",
        "browser": "Firefox",
        "platform": "Windows",
        "country": "US",
        "site": "medical",
    }


def test_a_recovered_password_ends_every_device__IDN_7(world: World) -> None:
    nora = Visit(world, user_id=world.register())
    nora.sign_in(remember=True)
    world.clock.advance(minutes=2)
    flow = world.forgot()
    world.recover(flow, "send")
    assert world.prove(flow, world.code()).status_code == 204
    assert world.recover(flow, "password").status_code == 204
    assert world.count(devices) == 0


def test_of_two_that_remember_at_once_each_has_its_own__IDN_4(world: World) -> None:
    visits = [Visit(world), Visit(world, agent=SAFARI)]
    visits[0].sign_in(remember=True)
    visits[1].sign_in(remember=True)
    answers = world.at_once([visit.begin for visit in visits for _ in range(3)])
    assert {answer.get_json()["state"] for answer in answers} == {"signed_in"}
