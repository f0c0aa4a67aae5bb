"""Where somebody is signed in, and ending that, in real browsers."""

from __future__ import annotations

from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import PASSWORD, give_code, give_password, log_in
from tests.browser.test_forgetting import registered
from tests.browser.test_signing_in import leads_to_sign_in


def log_in_once_more(visitor: Visitor, user_id: str) -> None:
    """A moment after another browser of theirs, whose code is used up: with the next one, as soon as it may be sent."""
    address = f"{user_id}@example.com"
    visitor.go("/login")
    give_password(visitor, user_id, PASSWORD)
    button = visitor.page.get_by_role("button", name="Send again")
    expect(button).to_be_enabled(timeout=PATIENCE * 1000)
    before = visitor.codes_sent(address, "sign_in_code")
    visitor.click(button)
    give_code(visitor, visitor.code(address, "sign_in_code", after=before))
    visitor.arrives("/dashboard")


def test_a_session_that_is_ended_from_another_ends_everywhere__IDN_10(new_visitor: NewVisitor) -> None:
    lost, here = new_visitor(), new_visitor()
    person = registered(here, "was.elsewhere")
    log_in(lost, person.user_id, PASSWORD)
    lost.arrives("/dashboard")
    lost.go("/dashboard", site="behavioral")
    lost.page.wait_for_url(lost.address("/dashboard", site="behavioral"))
    log_in_once_more(here, person.user_id)
    here.go("/settings/sign-in")
    here.check_wide_and_narrow()
    assert here.page.get_by_text("This browser").count() == 1
    here.press("Log out everywhere else")
    assert "You are logged in nowhere else." in here.text
    for site in ("medical", "behavioral"):
        eventually(lambda site=site: leads_to_sign_in(lost, site), within=PATIENCE)  # type: ignore[misc]
    here.go("/dashboard")
    here.arrives("/dashboard")
