"""An authenticator app and recovery codes in the browser, on a phone and without scripts."""

from __future__ import annotations

import base64
import time
import uuid

import pytest

from chassis.testing.waiting import eventually
from services.identity.domain.totp import code_of
from tests.browser.browsing import PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import give_code, give_password, log_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

_STEP = 30


def next_code(key: str, used: int = 0) -> tuple[str, int]:
    """What the app shows now, or next, where that code was used; with the step that it belongs to."""
    step = max(int(time.time()) // _STEP, used + 1)
    return code_of(base64.b32decode(key), step), step


def test_an_app_and_a_recovery_code_open_the_dashboard__IDN_3(new_visitor: NewVisitor, embedded: Embedded) -> None:
    person = Person(embedded, f"zoe.{uuid.uuid4().hex[:10]}")
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    eventually(lambda: person.confirm().status_code == 204, within=PATIENCE)
    visitor = new_visitor(scripts=False, width=PHONE)
    log_in(visitor, person.user_id, person.password)
    visitor.arrives("/dashboard")
    key, used = add_app(visitor)
    paper = make_recovery_codes(visitor)
    eventually(lambda: times_told(embedded, person) == 2, within=PATIENCE)

    code, _ = next_code(key, used)
    log_in_again(visitor, person, "Authenticator app: My phone", code)
    log_in_again(visitor, person, "One of my recovery codes (10 left)", paper[0])
    visitor.go("/settings/sign-in")
    assert "You have 9 recovery codes left." in visitor.text


def add_app(visitor: Visitor) -> tuple[str, int]:
    """From the list over name and key to the first code; the key, and the step that this code was of."""
    visitor.go("/settings/sign-in")
    visitor.check()
    visitor.follow("Add an app")
    visitor.field("Name").fill("My phone")
    visitor.press("Next")
    visitor.check()
    key = visitor.page.locator(".app-key").inner_text().replace(" ", "").replace("\n", "")
    code, step = next_code(key)
    visitor.page.locator("#code").fill(code)
    visitor.press("Add the app")
    assert "The app is added." in visitor.text
    return key, step


def make_recovery_codes(visitor: Visitor) -> list[str]:
    visitor.follow("Make recovery codes")
    visitor.press("Show the codes")
    visitor.check()
    return visitor.page.locator(".recovery-codes code").all_inner_texts()


def log_in_again(visitor: Visitor, person: Person, way: str, code: str) -> None:
    visitor.context.clear_cookies()
    visitor.go("/login")
    visitor.arrives("/sign-in")
    give_password(visitor, person.user_id, person.password)
    visitor.check()
    visitor.page.get_by_text(way, exact=True).click()
    visitor.click(visitor.page.locator(".form-buttons button"))
    visitor.check()
    give_code(visitor, code)
    visitor.arrives("/dashboard")


def times_told(embedded: Embedded, person: Person) -> int:
    """How often the owner was told of a change."""
    return sum(mail["notice"] == "second_step_changed" for mail in embedded.mails(person.email))
