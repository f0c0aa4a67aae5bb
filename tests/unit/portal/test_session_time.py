"""A visit ends by idling, and asks before (IDN-10)."""

from __future__ import annotations

from services.portal.application.ports import Answer
from tests.unit.portal.applicants import Applicant
from tests.unit.portal.world import World


def test_asking_how_long_there_is_does_not_prolong_it__IDN_10(world: World) -> None:
    world.sign_in()
    world.clock.advance(minutes=14)
    for _ in range(2):
        assert world.get("/session/left").get_json() == {"seconds": 60}


def test_staying_prolongs_it_at_identity_too__IDN_10(world: World) -> None:
    world.api.says("GET", "/api/identity/v1/me", {"profile": {"first_name": "Mary"}})
    world.api.says("POST", "/api/identity/v1/me/session/extend", Answer(200, {}, {}))
    world.sign_in()
    world.get("/for-tests")
    world.clock.advance(minutes=14)
    assert world.post("/session/stay").get_json() == {"seconds": 900}
    assert world.get("/session/left").get_json() == {"seconds": 900}
    assert world.api.made("POST", ".*/extend")


def test_somebody_with_nothing_to_lose_is_not_asked(world: World) -> None:
    assert 'id="time-out"' not in world.get("/").text
    assert world.get("/session/left").get_json() == {"seconds": 0}


def test_a_registration_begun_is_worth_asking_for__REG_9(applicant: Applicant) -> None:
    applicant.come_to_tins()
    assert "Your visit ends in a minute." in applicant.world.page
    assert "What you entered will be forgotten in a minute." in applicant.world.get("/").text


def test_whoever_comes_back_too_late_is_told_so(world: World) -> None:
    assert "Your visit is over" in world.get("/session/over").text
