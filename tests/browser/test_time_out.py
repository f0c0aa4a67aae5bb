"""A visit that nobody comes back to ends; a step of registering hides then, and goes on from its page (REG-9)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import barriers
from tests.browser.portal_alone import ADDRESS, pass_on
from tests.unit.portal.applicants import Applicant, FakeRegistration
from tests.unit.portal.world import make_world


@pytest.mark.usefixtures("worlds")
def test_a_step_stays_until_somebody_goes_on__REG_9(page: Page) -> None:
    world = make_world()
    applicant = Applicant(world, FakeRegistration())
    applicant.registration.join(world.api)
    applicant.come_to_account()
    page.clock.install()
    page.route("**/*", lambda route: pass_on(route, world))
    page.goto(f"{ADDRESS}/register/account")
    page.locator("#first_name").fill("Zoë")
    dialog = page.locator("#time-out")
    world.clock.advance(minutes=29, seconds=30)
    page.clock.fast_forward("29:30")
    expect(dialog.get_by_text("Your visit ends in a minute.")).to_be_visible()
    world.clock.advance(minutes=1)
    page.clock.fast_forward("01:00")
    expect(dialog.get_by_text("Your visit is over.")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('dialog'), '::backdrop').backgroundColor") == (
        "rgb(22, 46, 81)"
    ), "nothing of what was typed shows through"
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()
    assert page.locator("#first_name").input_value() == "Zoë"
