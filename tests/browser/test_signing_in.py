"""Signing in on one site opens the other; signing out closes both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import DESKTOP, PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import give_code, give_password, log_in


@pytest.mark.parametrize(
    ("user_id", "scripts", "width"),
    [("geogym1", True, DESKTOP), ("ssmith1234", True, PHONE), ("audit001", False, PHONE)],
)
def test_user_id_password_and_a_code_open_the_dashboard__IDN_1(
    new_visitor: NewVisitor, user_id: str, scripts: bool, width: int
) -> None:
    visitor = new_visitor(scripts=scripts, width=width)
    log_in(visitor, user_id, visitor.deployment.password, look=lambda _: visitor.check())
    visitor.arrives("/dashboard")


def test_one_sign_in_opens_both_sites_and_one_sign_out_closes_both__IDN_11(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    log_in(visitor, "secadm01", visitor.deployment.password, site="behavioral")
    visitor.page.wait_for_url(visitor.address("/dashboard", site="behavioral"))
    other = visitor.context.new_page()
    other.goto(visitor.address("/dashboard"))
    other.wait_for_url(visitor.address("/dashboard"))
    visitor.press("Sign out")
    assert visitor.heading == "You are signed out"
    eventually(lambda: leads_to_sign_in(visitor), within=PATIENCE)


def leads_to_sign_in(visitor: Visitor, site: str = "medical") -> bool:
    visitor.go("/dashboard", site=site)
    return "/sign-in" in visitor.page.url


def test_the_landing_page_takes_the_password_at_once(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go("/")
    visitor.field("User ID").fill("support1")
    visitor.field("Password").fill(visitor.deployment.password)
    visitor.press("Log in")
    assert visitor.heading == "Confirm that it is you"


def test_a_flow_begun_in_one_browser_cannot_be_finished_in_another__IDN_11(new_visitor: NewVisitor) -> None:
    mallory, alice = new_visitor(), new_visitor()
    mallory.go("/login")
    alice.page.goto(mallory.page.url)
    before = alice.codes_sent("support2@example.com", "sign_in_code")
    give_password(alice, "support2", alice.deployment.password)
    give_code(alice, alice.code("support2@example.com", "sign_in_code", after=before))
    alice.arrives("/sign-in/stopped")
    assert alice.heading == "Please log in again"
    alice.check()
    alice.go("/dashboard")
    alice.arrives("/sign-in")


def test_a_page_in_a_frame_of_another_site_is_not_shown(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go("/")
    assert "frame-ancestors 'none'" in visitor.page.request.get(visitor.address("/")).headers["content-security-policy"]


def test_send_again_counts_down_with_scripts_and_says_the_wait_without__IDN_2(new_visitor: NewVisitor) -> None:
    for scripts in (True, False):
        visitor = new_visitor(scripts=scripts)
        visitor.go("/login")
        give_password(visitor, "support1", visitor.deployment.password)
        visitor.arrives("/sign-in/code")
        button = visitor.page.get_by_role("button", name="Send again")
        clock = re.compile(r"^\d:\d\d$" if scripts else r"^\d+ seconds$")
        expect(visitor.page.locator("[data-clock]")).to_have_text(clock)
        assert button.is_disabled() == scripts
