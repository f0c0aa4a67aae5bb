"""Where one is signed in, and ending that."""

from __future__ import annotations

import re

import pytest

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.practices import everybody, listed, session
from tests.unit.portal.second_steps import may_change_second_steps
from tests.unit.portal.world import World

PAGE = "/settings/sign-in"
SESSIONS = "/api/identity/v1/me/sessions"
HERE, AT_WORK, ELSEWHERE = (f"01a20371-7796-7131-bff1-72{number:010d}" for number in range(3))


@pytest.fixture
def person(world: World) -> World:
    """Somebody who is signed in here and at two other places, which come on a second part of the list."""
    everybody(world)
    may_change_second_steps(world)

    def parts(call: Call) -> object:
        if (call.query or {}).get("cursor"):
            return listed(session(HERE, current=True), session(ELSEWHERE, site="behavioral"))
        return listed(session(AT_WORK)) | {"next": "more"}

    world.api.says("GET", SESSIONS, parts)
    world.api.says("DELETE", f"{SESSIONS}/.*", Answer(204, None, {}))
    world.sign_in()
    return world


def ended(world: World) -> list[str]:
    return [call.path.removeprefix(f"{SESSIONS}/") for call in world.api.made("DELETE", f"{SESSIONS}.*")]


def test_all_sessions_are_listed_with_this_browsers_first__IDN_10(person: World) -> None:
    text = person.get(PAGE).text
    assert text.index("This browser") < text.index(">Log out there<")
    assert text.count(">Log out there<") == 2
    assert "Behavioral Provider Portal" in text
    assert "198.51.100.7" in text
    assert not any(each in text for each in (HERE, AT_WORK, ELSEWHERE))


def test_one_session_is_ended_where_one_chooses__IDN_10(person: World) -> None:
    person.get(PAGE)
    (first, _) = re.findall(r'action="(/settings/sign-in/sessions/[^"]+/end)"', person.page)
    assert person.post(first).location == PAGE
    assert ended(person) == [AT_WORK]


def test_all_others_are_ended_and_the_present_one_stays__IDN_10(person: World) -> None:
    person.get(PAGE)
    assert person.post(f"{PAGE}/sessions/end-others").location == PAGE
    assert ended(person) == [AT_WORK, ELSEWHERE]


def test_a_session_that_has_ended_meanwhile_stops_nothing__IDN_10(person: World) -> None:
    person.api.says("DELETE", f"{SESSIONS}/{AT_WORK}", ProblemError(404, "not_found"))
    person.get(PAGE)
    assert person.post(f"{PAGE}/sessions/end-others").location == PAGE
    assert ended(person) == [AT_WORK, ELSEWHERE]


def test_who_is_signed_in_nowhere_else_has_nothing_to_end__IDN_10(person: World) -> None:
    person.api.says("GET", SESSIONS, listed(session(HERE, current=True)))
    text = person.get(PAGE).text
    assert "You are logged in nowhere else." in text
    assert "end-others" not in text
