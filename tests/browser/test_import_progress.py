"""How far an import is: the page sees it by itself, and where it ends (REG-16)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import barriers
from tests.browser.portal_alone import ADDRESS, pass_on
from tests.unit.portal.imports import importing, uploaded
from tests.unit.portal.world import make_world

_UPLOAD = re.compile(r'href="(/users/add/file/[^"/.]+)"')


@pytest.mark.usefixtures("worlds")
def test_how_far_an_import_is_shows_by_itself_until_it_ends__REG_16(page: Page) -> None:
    world = make_world()
    importing(world, "running").sign_in()
    found = _UPLOAD.search(world.get("/users/add/file").text)
    assert found
    page.route("**/*", lambda route: pass_on(route, world))
    page.goto(f"{ADDRESS}{found[1]}")
    bar, heading = page.locator("#progress"), page.locator("h1")
    expect(bar).to_contain_text("500 of 1,240 rows")
    assert barriers(page) == []
    uploaded(world, "running", done=900)
    expect(bar).to_contain_text("900 of 1,240 rows")
    expect(heading).to_have_text("Users are being added")
    uploaded(world, "done")
    expect(heading).to_have_text("The users were added")
