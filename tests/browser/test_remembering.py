"""A browser that is remembered asks for no code, until its owner has it forgotten (IDN-4)."""

from __future__ import annotations

from tests.browser.browsing import PHONE
from tests.browser.conftest import NewVisitor
from tests.browser.registering import PASSWORD, give_code, give_password
from tests.browser.test_forgetting import registered


def test_a_remembered_browser_logs_in_by_password_alone_until_it_is_forgotten__IDN_4(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False, width=PHONE)
    person = registered(visitor, "is.remembered")
    before = visitor.codes_sent(f"{person.user_id}@example.com", "sign_in_code")
    visitor.go("/login")
    give_password(visitor, person.user_id, PASSWORD)
    visitor.page.get_by_text("Remember this device for 30 days").click()
    visitor.check()
    give_code(visitor, visitor.code(f"{person.user_id}@example.com", "sign_in_code", after=before))
    visitor.arrives("/dashboard")

    visitor.press("Sign out")
    visitor.go("/login")
    give_password(visitor, person.user_id, PASSWORD)
    visitor.arrives("/dashboard")
    visitor.go("/settings/sign-in")
    visitor.check()
    visitor.click(visitor.page.locator("#devices ~ ul button"))
    assert "The device is forgotten." in visitor.text

    visitor.press("Sign out")
    visitor.go("/login")
    give_password(visitor, person.user_id, PASSWORD)
    visitor.arrives("/sign-in/code")
