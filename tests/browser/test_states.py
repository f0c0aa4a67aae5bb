"""No state of a page shuts anybody out: in both languages, at a desktop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.browsing import DESKTOP, PHONE, barriers, is_complaint
from tests.browser.portal_alone import ADDRESS, answer, pass_on
from tests.browser.states import STATES
from tests.unit.portal.world import World, make_world

SHOWN = f"{ADDRESS}/shown"


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", STATES)
def test_a_state_shuts_nobody_out(page: Page, name: str, language: str) -> None:
    world = make_world()
    world.get(f"/language/{language}")
    come_about, status = STATES[name]
    state = come_about(world)
    assert state.status_code == status
    assert f'<html lang="{language}">' in state.text
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", lambda route: _answer(route, world, state.data, dict(state.headers)))
    page.goto(SHOWN)
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == []
    assert complaints == []


def _answer(route: Route, world: World, body: bytes, headers: dict[str, str]) -> None:
    """The page is the state as it came about; the rest, such as its files, is asked of the portal."""
    if route.request.url == SHOWN:
        return answer(route, 200, body, headers)
    return pass_on(route, world)
