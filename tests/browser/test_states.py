"""No state of a page shuts anybody out: in both languages, at a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.browsing import DESKTOP, PATIENCE, PHONE, barriers, is_complaint
from tests.browser.states import STATES
from tests.unit.portal.world import World, make_world
from tools.translations import compile_all

ADDRESS = "http://medical.test"
FOR_HTTPS_ALONE = "Cross-Origin-Opener-Policy"
"""A header about which the browser complains at an address that is neither encrypted nor this machine's."""
SHOWN = f"{ADDRESS}/shown"


@pytest.fixture(scope="module")
def worlds() -> None:
    compile_all()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context.new_page()


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", STATES)
def test_a_state_shuts_nobody_out(page: Page, name: str, language: str) -> None:
    world = make_world()
    world.get(f"/language/{language}")
    come_about, status = STATES[name]
    answer = come_about(world)
    assert answer.status_code == status
    assert f'<html lang="{language}">' in answer.text
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", lambda route: _answer(route, world, answer.data, dict(answer.headers)))
    page.goto(SHOWN)
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == []
    assert complaints == []


def _answer(route: Route, world: World, body: bytes, headers: dict[str, str]) -> None:
    """The page is the state as it came about; the rest, such as its files, is asked of the portal."""
    headers.pop(FOR_HTTPS_ALONE)
    if route.request.url == SHOWN:
        return route.fulfill(body=body, headers=headers)
    found = world.browser.get(
        route.request.url.removeprefix(ADDRESS), base_url=ADDRESS, headers={"X-Wardenry-Site": "medical"}
    )
    return route.fulfill(status=found.status_code, body=found.data, headers=dict(found.headers))
