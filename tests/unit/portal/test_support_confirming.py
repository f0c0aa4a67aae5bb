"""Support confirms that it is them before an act, and comes back to it with nothing typed lost (IDN-14, IDN-3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Final

import pytest

from tests.unit.portal.outreach import MANAGER, case, proposal, support
from tests.unit.portal.practices import listed
from tests.unit.portal.second_steps import STALE, gone_stale
from tests.unit.portal.supporting import opened, supporting
from tests.unit.portal.vouching import FILLED, vouching, vouching_agent, vouching_manager
from tests.unit.portal.world import World

KEPT: Final = "You have confirmed that it is you. What you had entered is here: send it now."
REASON: Final = "She called from the office’s number."


def at_account(world: World) -> str:
    supporting(world)
    return opened(world)


def at_case(act: str) -> Callable[[World], str]:
    def page(world: World) -> str:
        support(world, case(proposals=[proposal()] if act == "/confirm" else []))
        world.sign_in("support2")
        world.get("/support/outreach")
        found = re.search(r'href="(/support/outreach/[^"?]+)"', world.page)
        assert found
        assert world.get(found[1] + act.removesuffix("/confirm")).status_code == 200
        return found[1] + act

    return page


def at_removal(world: World) -> str:
    support(world)
    world.api.says("GET", "/api/entitlements/v1/practices/.*/managers", listed(MANAGER))
    world.sign_in("support2")
    world.get("/support/managers")
    world.get(world.post("/support/managers", {"tin": "98-7654321"}).location)
    found = re.search(r'href="(/support/managers/[^"]+/remove/[^"]+)"', world.page)
    assert found
    assert world.get(found[1]).status_code == 200
    return found[1]


PROPOSED: Final = {"user_id": "zoe.obrien", "lines": "medical", "proof": REASON}
ACTS: dict[str, tuple[Callable[[World], str], dict[str, str]]] = {
    "lock": (at_account, {"act": "lock", "reason": REASON}),
    "end sessions": (at_account, {"act": "end-sessions", "reason": REASON}),
    "erase": (at_account, {"act": "erase", "reason": REASON}),
    "confirm a new address": (vouching_agent, {"act": "confirm", "reason": REASON}),
    "reject a new address": (vouching_agent, {"act": "reject", "reason": REASON}),
    "appoint": (at_case("/appoint"), PROPOSED),
    "remove a manager": (at_removal, {"lines": "medical", "proof": REASON}),
    "vouch": (vouching_manager, {**FILLED, "reason": REASON}),
}
_CHANGING: Final = r"/api/(identity/v1/(accounts|vouchings)/.*|registration/v1/outreach/.*)"


def too_late(world: World) -> None:
    gone_stale(world, methods=1)
    world.api.says("POST", _CHANGING, STALE)


def confirm_it(world: World) -> str:
    """The code that was sent, and where it leads."""
    assert world.get("/settings/confirm/code").status_code == 200
    answer = world.post("/settings/confirm/code", {"code": "123456"})
    return str(answer.location).removeprefix("http://medical.test")


@pytest.mark.parametrize("name", ACTS)
def test_the_act_waits_until_they_confirmed_with_all_that_was_typed__IDN_14_IDN_3(world: World, name: str) -> None:
    begin, typed = ACTS[name]
    path = begin(world)
    too_late(world)
    assert world.post(path, typed).location == "/settings/confirm/code"
    refreshed = world.issuer.refreshed
    assert confirm_it(world) == path
    assert world.issuer.refreshed == refreshed + 1
    shown = unescape(world.get(path).text)
    assert KEPT in shown
    assert REASON in shown
    for value in typed.values():
        assert value in shown
    if "act" in typed:
        assert re.search(rf'value="{typed["act"]}" checked', shown)
    if "lines" in typed:
        assert re.search(r'name="lines" value="medical" checked', shown)
    world.api.says("POST", _CHANGING, vouching())
    assert world.post(path, typed).status_code == 303
    assert REASON in str(world.api.made("POST", _CHANGING)[-1].body)
    assert KEPT not in world.get(path).text


def test_a_second_agent_comes_back_to_the_case__REG_13_IDN_3(world: World) -> None:
    path = at_case("/confirm")(world)
    shown = re.search(r'name="proposal" value="([^"]+)"', world.page)
    assert shown
    too_late(world)
    assert world.post(path, {"proposal": shown[1]}).location == "/settings/confirm/code"
    back = confirm_it(world)
    assert back == path.removesuffix("/confirm")
    assert world.get(back).status_code == 200


def test_what_was_typed_is_shown_to_nobody_else_and_once__IDN_14(world: World) -> None:
    path = at_account(world)
    too_late(world)
    world.post(path, {"act": "lock", "reason": REASON})
    world.sign_in("support2")
    assert REASON not in unescape(world.get(opened(world)).text)
