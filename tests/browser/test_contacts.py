"""A changed address in the browser, and its undoing from the link of the mail to the former one."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import log_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

LINK = re.compile(r"http://\S+/contacts/undo#\S+")


def mails_of_change(embedded: Embedded, address: str) -> list[str]:
    return [mail["text"] for mail in embedded.mails(address) if mail["notice"] == "contact_changed"]


def test_an_address_is_changed_and_the_former_one_takes_it_back__IDN_5(
    new_visitor: NewVisitor, embedded: Embedded
) -> None:
    person = Person(embedded, f"zoe.{uuid.uuid4().hex[:10]}")
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    eventually(lambda: person.confirm().status_code == 204, within=PATIENCE)
    thief, former, new = new_visitor(width=PHONE), person.email, f"new.{person.email}"
    log_in(thief, person.user_id, person.password)
    thief.arrives("/dashboard")
    change(thief, new)
    eventually(lambda: mails_of_change(embedded, former) and mails_of_change(embedded, new), within=PATIENCE)
    assert not LINK.search(mails_of_change(embedded, new)[0])

    found = LINK.search(mails_of_change(embedded, former)[0])
    assert found
    owner = new_visitor()
    owner.page.goto(found[0])
    owner.check()
    expect(owner.field("Code of the message")).to_be_hidden()
    assert "#" not in owner.page.url
    owner.press("Undo the change")
    owner.arrives("/contacts/undone")
    owner.check()
    thief.go("/settings/contacts")
    thief.arrives("/sign-in")
    eventually(lambda: len(mails_of_change(embedded, former)) > 1, within=PATIENCE)


def change(visitor: Visitor, address: str) -> None:
    visitor.go("/settings/contacts")
    visitor.check()
    visitor.follow("Edit")
    visitor.field("E-mail address").fill(address)
    visitor.press("Send the code")
    visitor.check()
    visitor.field("Code").fill(visitor.code(address, "contact_code"))
    visitor.press("Verify")
    visitor.arrives("/settings/contacts")
    assert "The contact is verified" in visitor.text
    visitor.check()
