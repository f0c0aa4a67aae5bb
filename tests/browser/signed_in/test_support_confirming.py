"""Support locks an account in the browser: first the step that confirms who they are, then the act as it was typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import applicant
from tests.browser.registering import give_code, give_password
from tests.e2e.deployments import Embedded

pytestmark = pytest.mark.slow

AGENT = "support2"
REASON = "Her telephone was stolen this morning."


def log_in_by_a_trusted_device(visit: Visitor, password: str) -> None:
    """Twice: by a code that has the browser remembered, and then by the password alone."""
    address = f"{AGENT}@example.com"
    before = visit.codes_sent(address, "sign_in_code")
    visit.go("/login")
    give_password(visit, AGENT, password)
    visit.page.get_by_text("Remember this device for 30 days").click()
    give_code(visit, visit.code(address, "sign_in_code", after=before))
    visit.arrives("/dashboard")
    visit.press("Sign out")
    visit.go("/login")
    give_password(visit, AGENT, password)
    visit.arrives("/dashboard")


def chosen(visit: Visitor) -> str | None:
    return visit.page.locator('[name="act"]:checked').get_attribute("value")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_agent_confirms_who_they_are_and_acts_with_nothing_lost__IDN_14_IDN_3(
    new_visitor: NewVisitor, embedded: Embedded, scripts: bool
) -> None:
    person = applicant(embedded)
    visit = new_visitor(scripts=scripts)
    log_in_by_a_trusted_device(visit, embedded.password)
    visit.go("/support/accounts")
    visit.page.locator("#search").fill(person.user_id)
    visit.click(visit.page.locator("main form button"))
    visit.click(visit.page.locator("tbody tr", has_text=person.user_id).get_by_role("link"))
    visit.page.locator("label[for=act-lock]").click()
    visit.page.get_by_label("Reason").fill(REASON)
    before = visit.codes_sent(f"{AGENT}@example.com", "sign_in_code")
    visit.press("Do it")
    visit.arrives("/settings/confirm/code")
    visit.check_wide_and_narrow()
    give_code(visit, visit.code(f"{AGENT}@example.com", "sign_in_code", after=before))
    assert "You have confirmed that it is you." in visit.text
    assert chosen(visit) == "lock"
    expect(visit.page.get_by_label("Reason")).to_have_value(REASON)
    visit.check_wide_and_narrow()
    visit.press("Do it")
    assert "The account is locked." in visit.text
    visit.page.locator("label[for=act-unlock]").click()
    visit.page.get_by_label("Reason").fill("She has it again.")
    visit.press("Do it")
    assert "The account is unlocked." in visit.text
