"""Passkeys at a real browser, whose authenticator is virtual: made on one site, used on both."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import give_password, log_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


class Authenticator:
    """What a browser finds in its device, by Chromium's own test protocol; it belongs to the visitor's first tab."""

    def __init__(self, visitor: Visitor) -> None:
        self._session = visitor.context.new_cdp_session(visitor.page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made: dict[str, Any] = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def recognises(self, *, owner: bool) -> None:
        """Whether it takes the finger that is put on it for its owner's."""
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": owner})


def somebody(embedded: Embedded) -> Person:
    person = Person(embedded, f"kim.{uuid.uuid4().hex[:10]}")
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    eventually(lambda: person.confirm().status_code == 204, within=PATIENCE)
    return person


def test_a_passkey_is_made_on_one_site_and_opens_both__IDN_3(new_visitor: NewVisitor, embedded: Embedded) -> None:
    person = somebody(embedded)
    visitor = new_visitor(width=PHONE)
    device = Authenticator(visitor)
    log_in(visitor, person.user_id, person.password)
    visitor.arrives("/dashboard")
    make(visitor, site="behavioral")

    visitor.context.clear_cookies()
    visitor.go("/")
    visitor.press("Use a passkey")
    visitor.check_wide_and_narrow()
    device.recognises(owner=False)
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.sees("[data-passkey-says=stopped]")
    visitor.check_wide_and_narrow()
    device.recognises(owner=True)
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.arrives("/dashboard")

    visitor.context.clear_cookies()
    visitor.go("/login")
    give_password(visitor, person.user_id, person.password)
    visitor.page.get_by_text("Passkey or security key: My laptop", exact=True).click()
    visitor.click(visitor.page.locator(".form-buttons button"))
    visitor.check_wide_and_narrow()
    visitor.page.get_by_role("button", name="Log in", exact=True).click()
    visitor.arrives("/dashboard")
    visitor.go("/settings/sign-in")
    assert "last used on" in visitor.text
    told = [mail["subject"] for mail in embedded.mails(person.email) if mail["notice"] == "second_step_changed"]
    assert told == ["A passkey was added to your account"]


def make(visitor: Visitor, site: str) -> None:
    """From the list over the name to the key, which one device makes once."""
    for already in (False, True):
        visitor.go("/settings/sign-in", site=site)
        visitor.follow("Add a passkey")
        visitor.check_wide_and_narrow()
        visitor.field("Name").fill("My laptop")
        visitor.press("Next")
        visitor.check_wide_and_narrow()
        visitor.page.get_by_role("button", name="Make the passkey").click()
        visitor.sees("[data-passkey-says=known]" if already else "text=The passkey is added.")
        visitor.check_wide_and_narrow()


def test_without_scripts_the_page_says_what_is_needed_and_the_other_ways_stay__IDN_3(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False, width=PHONE)
    visitor.go("/")
    visitor.press("Use a passkey")
    assert "Passkeys need scripts" in visitor.text
    assert not visitor.page.get_by_role("button", name="Use a passkey").is_visible()
    visitor.follow("Log in with user ID and password")
    assert visitor.field("Password").is_visible()
