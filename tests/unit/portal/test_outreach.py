"""Support's outreach pages: what agents do there reaches the API as they saw it (REG-13)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.outreach import DOE, PROPOSAL, appointed, case, proposal, support
from tests.unit.portal.world import World, make_world

ROOT = f"/api/registration/v1/outreach/{DOE}"


@pytest.fixture
def world() -> World:
    made = make_world()
    support(made, case(proposals=[proposal()]))
    made.sign_in("support2")
    return made


def at_case(world: World, act: str = "") -> str:
    world.get("/support/outreach")
    found = re.search(r'href="(/support/outreach/[^"?]+)"', world.page)
    assert found
    path = f"{found[1]}{act}"
    assert world.get(path).status_code == 200
    world.api.calls.clear()
    return path


def sent(world: World) -> list[tuple[str, Any]]:
    return [(call.path, call.body) for call in world.api.calls if call.method == "POST"]


def test_a_second_agent_confirms_the_very_proposal_that_was_shown__REG_13(world: World) -> None:
    path = at_case(world)
    shown = re.search(r'name="proposal" value="([^"]+)"', world.page)
    assert shown
    answer = world.post(f"{path}/confirm", {"proposal": shown[1]})
    assert answer.status_code == 303
    assert sent(world) == [(f"{ROOT}/confirm", {"proposal_id": PROPOSAL})]


def test_whoever_proposed_it_is_offered_no_confirmation__REG_13(world: World) -> None:
    world.sign_in("support1")
    at_case(world)
    assert "/confirm" not in world.page
    assert "a second agent has to confirm it" in world.page


def test_what_was_decided_meanwhile_is_said_and_shown_anew__REG_13(world: World) -> None:
    path = at_case(world)
    shown = re.search(r'name="proposal" value="([^"]+)"', world.page)
    assert shown
    world.api.says("POST", f"{ROOT}/confirm", ProblemError(409, "no_proposal"))
    answer = world.post(f"{path}/confirm", {"proposal": shown[1]})
    assert answer.status_code == 422
    assert "This proposal was decided meanwhile" in answer.text


def test_an_attempt_and_a_proposal_are_sent_as_typed__REG_13(world: World) -> None:
    path = at_case(world)
    tried = {"channel": "letter", "reached": "yes", "note": " They answer.\r\nDr. Doe. "}
    assert world.post(f"{path}/attempts", tried).status_code == 303
    wish = {"user_id": " zoe.obrien ", "lines": ["medical"], "proof": "Seen."}
    assert world.post(f"{path}/appoint", wish).status_code == 303
    assert sent(world) == [
        (f"{ROOT}/attempts", {"channel": "letter", "reached": True, "note": "They answer.\nDr. Doe."}),
        (f"{ROOT}/appoint", {"user_id": "zoe.obrien", "lines": ["medical"], "proof": "Seen."}),
    ]


def test_a_closed_case_tells_what_was_done_in_it__REG_13() -> None:
    world = make_world()
    support(world, appointed())
    world.sign_in("support2")
    at_case(world)
    told = ["signed by Dr. Doe.", "Proposed by support1, Feb 26", "Decided by support2, Feb 27", "support7"]
    told += ["call again on Tuesday"]
    assert [text for text in told if text not in unescape(world.page)] == []
    assert "Record an attempt" not in world.page


def test_an_empty_form_is_not_sent_and_names_its_fields__REG_13(world: World) -> None:
    path = at_case(world)
    answer = world.post(f"{path}/appoint", {})
    assert answer.status_code == 422
    assert {f'href="#{name}"' for name in ("user_id", "lines", "proof")} <= set(re.findall(r'href="#\w+"', answer.text))
    assert sent(world) == []


def test_no_address_names_a_tin_or_a_user__REG_13(world: World) -> None:
    path = at_case(world)
    addresses = re.findall(r'(?:href|action)="([^"]+)"', world.page)
    assert not [each for each in (path, *addresses) if DOE in each or "zoe" in each]
    found = world.post("/support/managers", {"tin": "98-7654321"})
    assert DOE not in found.location
    world.get(found.location)
    assert not [
        each for each in re.findall(r'(?:href|action)="([^"]+)"', world.page) if DOE in each or "mmartin" in each
    ]
