"""Codes by text message in a real browser, and what STOP does to them (IDN-2, NTF-5)."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import give_code, give_password
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

CODE = re.compile(r"\b\d{6}\b")


def texts(embedded: Embedded, number: str, notice: str) -> list[str]:
    answer = httpx.get(embedded.url("/dev/messages"), params={"to": number, "channel": "sms"}, timeout=60)
    return [text["text"] for text in answer.raise_for_status().json()["items"] if text["notice"] == notice]


def with_number(embedded: Embedded, number: str) -> Person:
    """Somebody who has verified a mobile number."""
    person = Person(embedded, f"zoe.{uuid.uuid4().hex[:10]}")
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    eventually(lambda: person.confirm().status_code == 204, within=PATIENCE)
    person.sign_in()
    added = person.post("/api/identity/v1/me/contacts", {"kind": "mobile", "value": number})
    path = f"/api/identity/v1/me/contacts/{added.json()['id']}"
    assert person.post(f"{path}/send").status_code == 202
    eventually(lambda: texts(embedded, number, "contact_code"), within=PATIENCE)
    (code,) = CODE.findall(texts(embedded, number, "contact_code")[0])
    assert person.post(f"{path}/verify", {"code": code}).status_code == 200
    return person


def come_to_choice(visitor: Visitor, person: Person) -> None:
    visitor.context.clear_cookies()
    visitor.go("/login")
    visitor.arrives("/sign-in")
    give_password(visitor, person.user_id, person.password)


def answer(visitor: Visitor, number: str, word: str) -> None:
    """As the number's owner, from the mailbox."""
    visitor.go(f"/dev/mailbox?to=%2B{number[1:]}")
    visitor.click(visitor.page.get_by_role("button", name=word, exact=True).first)
    assert "/dev/mailbox?to=" in visitor.page.url


def test_a_text_opens_the_dashboard_until_stop_and_again_after_start__IDN_2_NTF_5(
    new_visitor: NewVisitor, embedded: Embedded
) -> None:
    number = "+12125550163"
    person = with_number(embedded, number)
    visitor = new_visitor(scripts=False, width=PHONE)
    come_to_choice(visitor, person)
    visitor.check()
    visitor.page.get_by_text("Text message to •••63", exact=True).click()
    visitor.click(visitor.page.locator(".form-buttons button"))
    visitor.check()
    assert "Our text messages come from 55501." in visitor.text
    eventually(lambda: texts(embedded, number, "sign_in_code"), within=PATIENCE)
    give_code(visitor, CODE.findall(texts(embedded, number, "sign_in_code")[0])[0])
    visitor.arrives("/dashboard")

    answer(visitor, number, "STOP")
    assert "you get no more texts" in texts(embedded, number, "sms_answer")[0]
    eventually(lambda: offered(person) == ["email"], within=PATIENCE)
    come_to_choice(visitor, person)
    visitor.check()
    assert "No code goes to the number •••63" in visitor.text
    assert "text START to 55501 from that phone" in visitor.text

    answer(visitor, number, "START")
    eventually(lambda: offered(person) == ["email", "sms"], within=PATIENCE)


def offered(person: Person) -> list[str]:
    """The kinds of second steps that the person could take now."""
    begun = person.post("/api/identity/v1/sign-in", {"user_id": person.user_id, "password": person.password})
    return [each["kind"] for each in begun.json()["methods"]]
