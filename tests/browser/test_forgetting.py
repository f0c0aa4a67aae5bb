"""A forgotten user ID and a forgotten password, in a real browser."""

from __future__ import annotations

import re

import pytest

from chassis.testing.waiting import eventually
from tests.browser.browsing import DESKTOP, PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import PASSWORD, Look, give_password, log_in, no_look
from tests.e2e.people import Person

NEW = "brisk-Willow-anchors-4"
NOTICE = "sign_in_code"


def registered(visitor: Visitor, user_id: str) -> Person:
    """Somebody who registered before, elsewhere; born on May 17, 1984."""
    person = Person(visitor.deployment, user_id)
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    assert person.confirm().status_code == 204
    return person


def give_birth(visitor: Visitor) -> None:
    visitor.page.locator("#birth_month").select_option("5")
    visitor.page.locator("#birth_day").fill("17")
    visitor.page.locator("#birth_year").fill("1984")


def come_to_code(visitor: Visitor, person: Person, look: Look = no_look) -> str:
    """The code that came."""
    before = visitor.codes_sent(person.email, NOTICE)
    visitor.go("/forgot-password")
    look("user ID")
    visitor.page.locator("#user_id").fill(person.user_id)
    visitor.next()
    visitor.arrives("/forgot-password/method")
    look("where to")
    visitor.next()
    visitor.arrives("/forgot-password/code")
    look("code")
    return visitor.code(person.email, NOTICE, after=before)


def give_code(visitor: Visitor, code: str) -> None:
    visitor.page.locator("#code").fill(code)
    visitor.next()
    visitor.arrives("/forgot-password/proofs")


def give_proofs(visitor: Visitor, answer: str) -> None:
    give_birth(visitor)
    visitor.page.locator("#question").select_option("first_pet")
    visitor.page.locator("#answer").fill(answer)
    visitor.next()


def set_password(visitor: Visitor, password: str) -> None:
    visitor.arrives("/forgot-password/new")
    visitor.page.locator("#new_password").fill(password)
    visitor.next()


@pytest.mark.parametrize(
    ("locale", "scripts", "width"), [("en-US", True, DESKTOP), ("es-MX", False, PHONE)], ids=["english", "spanish"]
)
def test_a_user_id_comes_by_mail__IDN_6(new_visitor: NewVisitor, locale: str, scripts: bool, width: int) -> None:
    visitor = new_visitor(scripts=scripts, width=width, locale=locale)
    person = registered(visitor, f"forgets.id{width}")
    visitor.go("/login")
    visitor.click(visitor.page.locator(".forgotten a").first)
    visitor.arrives("/forgot-user-id")
    visitor.check()
    answers = []
    for email in ("nobody@example.com", person.email):
        visitor.go("/forgot-user-id")
        visitor.page.locator("#email").fill(email)
        give_birth(visitor)
        visitor.next()
        visitor.arrives("/forgot-user-id/sent")
        visitor.check()
        answers.append(visitor.text)
    assert answers[0] == answers[1]
    eventually(lambda: "user_id_reminder" in person.notices(), within=PATIENCE)
    (mail,) = [mail for mail in visitor.deployment.mails(person.email) if mail["notice"] == "user_id_reminder"]
    assert person.user_id in mail["text"]


@pytest.mark.parametrize(
    ("locale", "scripts", "width"), [("en-US", True, DESKTOP), ("es-MX", False, PHONE)], ids=["english", "spanish"]
)
def test_a_forgotten_password_is_replaced__IDN_7(
    new_visitor: NewVisitor, locale: str, scripts: bool, width: int
) -> None:
    visitor = new_visitor(scripts=scripts, width=width, locale=locale)
    addresses: list[str] = []
    visitor.context.on("request", lambda request: addresses.append(request.url))
    person = registered(visitor, f"forgets.word{width}")
    code = come_to_code(visitor, person, look=lambda _: visitor.check())
    give_code(visitor, code)
    visitor.check()
    give_proofs(visitor, "Rex")
    visitor.sees("#errors")
    visitor.check()
    give_proofs(visitor, "schnurli")
    set_password(visitor, "too-short")
    visitor.sees("#errors")
    visitor.check()
    set_password(visitor, NEW)
    visitor.arrives("/forgot-password/done")
    visitor.check()
    secrets = re.compile(rf"forgets\.word|{code}|123456789|1984|schn|brisk", re.IGNORECASE)
    assert [address for address in addresses if secrets.search(address)] == []
    eventually(lambda: "password_changed" in person.notices(), within=PATIENCE)
    visitor.click(visitor.page.locator("main a.usa-button"))
    visitor.arrives("/sign-in")
    give_password(visitor, person.user_id, PASSWORD)
    visitor.sees("#errors")
    log_in(visitor, person.user_id, NEW)
    visitor.arrives("/dashboard")


def test_back_reload_two_tabs_and_double_clicks_lose_and_double_nothing__IDN_7(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False)
    person = registered(visitor, "forgets.twice")
    code = come_to_code(visitor, person)
    sent = visitor.codes_sent(person.email, NOTICE)
    visitor.press("Previous")
    assert visitor.page.locator("#user_id").input_value() == person.user_id
    visitor.page.locator(".step-buttons button").first.dblclick()
    visitor.arrives("/forgot-password/code")
    give_code(visitor, code)
    visitor.page.reload()
    visitor.page.go_back()
    visitor.arrives("/forgot-password/code")
    assert visitor.page.locator("#code").input_value() == code
    give_code(visitor, code)
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    give_proofs(visitor, "Schnürli")
    visitor.arrives("/forgot-password/new")
    other.reload()
    other.wait_for_url("**/forgot-password/new*")
    visitor.page.locator("#new_password").fill(NEW)
    visitor.page.locator(".step-buttons button").first.dblclick()
    visitor.arrives("/forgot-password/done")
    other.reload()
    other.wait_for_url("**/forgot-password/done")
    assert visitor.codes_sent(person.email, NOTICE) == sent
    eventually(lambda: "password_changed" in person.notices(), within=PATIENCE)
    assert person.notices().count("password_changed") == 1


def test_a_recovery_in_another_browser_begins_anew__IDN_7(new_visitor: NewVisitor) -> None:
    visitor, thief = new_visitor(), new_visitor()
    come_to_code(visitor, registered(visitor, "forgets.here"))
    thief.page.goto(visitor.page.url)
    assert thief.heading == "Please begin again"
    thief.check()
    thief.follow("Begin again")
    thief.arrives("/forgot-password")
