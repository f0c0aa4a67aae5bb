"""The steps of registering where they are put to the test, in a real browser."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.browsing import PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import (
    PASSWORD,
    add_row,
    choose_practice_type,
    enter_tin,
    fill_in_account,
    finish,
    log_in,
)

MOST = 50
UNASSOCIATED = "112233445"
STEPS = ("/register", "/register/tins", "/register/account", "/register/account", "/register/account")


def tin(number: int) -> str:
    return f"3000000{number:02d}"


def typed(visitor: Visitor) -> dict[str, str]:
    """What stands in the fields of the page."""
    fields = visitor.page.locator("main :is(input, select):not([type=hidden], [type=radio])").all()
    return {str(each.get_attribute("id")): each.input_value() for each in fields}


def end_visit(visitor: Visitor) -> None:
    """As nobody doing anything does: the browser names a session that is not there any more."""
    others: list[Any] = [{**each, "value": secrets.token_urlsafe(32)} for each in visitor.context.cookies()]
    visitor.context.clear_cookies()
    visitor.context.add_cookies(others)


def focused(visitor: Visitor, what: Locator) -> None:
    expect(what).to_be_focused()
    visitor.check()


def test_fifty_tins_are_added_and_removed_without_scripts__REG_2(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False, width=PHONE)
    choose_practice_type(visitor, types=["medical"])
    visitor.arrives("/register/tins")
    for number in range(MOST):
        if number:
            add_row(visitor)
        visitor.page.locator(f"#tin-{number}").fill(tin(number))
    visitor.click(visitor.page.locator("button.look-up"))
    rows = visitor.page.locator(".tin-line input")
    assert rows.count() == MOST
    assert visitor.page.locator("button[value=add]").count() == 0
    for removed in (49, 24, 0):
        visitor.click(visitor.page.locator(f"button[value=remove-{removed}]"))
    left = [tin(number) for number in range(MOST) if number not in {0, 24, 49}]
    assert [each.input_value() for each in rows.all()] == left
    visitor.next()
    visitor.arrives("/register/account")
    visitor.press("Previous")
    assert [each.input_value() for each in rows.all()] == left


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(("locale", "wrong"), [("en-US", "A TIN has nine digits."), ("es-MX", "Un TIN tiene nueve")])
def test_what_is_wrong_is_told_on_top_and_beside_its_field_and_has_the_focus__REG_2_REG_5(
    new_visitor: NewVisitor, scripts: bool, locale: str, wrong: str
) -> None:
    visitor = new_visitor(scripts=scripts, locale=locale)
    page = visitor.page
    choose_practice_type(visitor, types=["medical"])
    page.locator("#tin-0").fill(UNASSOCIATED)
    add_row(visitor)
    page.locator("#tin-1").fill("12")
    visitor.next()
    focused(visitor, page.locator("#errors"))
    expect(page.locator("#tin-1-error")).to_contain_text(wrong)
    page.locator("#errors a").click()
    focused(visitor, page.locator("#tin-1"))
    visitor.click(page.locator("button[value=remove-1]"))
    page.locator("label[for=nominate-0-unknown]").click()
    visitor.next()
    visitor.arrives("/register/account")
    visitor.next()
    focused(visitor, page.locator("#errors"))
    links = page.locator("#errors a")
    assert links.count() == page.locator(".usa-error-message").count() > 10
    for number in (0, 3, links.count() - 1):
        field = page.locator(str(links.nth(number).get_attribute("href")))
        links.nth(number).click()
        expect(field).to_be_focused()
        described = page.locator(f"#{str(field.get_attribute('aria-describedby')).split()[-1]}")
        assert described.inner_text() in links.nth(number).inner_text()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_visit_that_ended_goes_on_with_nothing_lost__REG_9(new_visitor: NewVisitor, scripts: bool) -> None:
    visitor = new_visitor(scripts=scripts)
    user_id = f"zoe.late.{'js' if scripts else 'no'}"
    choose_practice_type(visitor, types=["dental"])
    visitor.arrives("/register/tins")
    visitor.page.locator("#tin-0").fill(UNASSOCIATED)
    end_visit(visitor)
    visitor.next()
    notice = visitor.page.get_by_text("Nothing that you entered is lost")
    focused(visitor, visitor.page.locator("[data-focus]", has=notice))
    assert visitor.page.locator("#tin-0").input_value() == UNASSOCIATED
    enter_tin(visitor, UNASSOCIATED, "self")
    fill_in_account(visitor, user_id)
    visitor.arrives("/register/review")
    end_visit(visitor)
    visitor.next()
    visitor.arrives("/register/account")
    expect(notice).to_be_visible()
    visitor.check()
    assert typed(visitor)["answer_0"] == "Schnürli"
    finish(visitor, user_id)
    assert "11-2233445 · Dental" in visitor.text


def test_each_part_of_a_dental_registration_is_edited_from_the_review__REG_1_REG_4_REG_9(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor(scripts=False, locale="es-MX")
    choose_practice_type(visitor, types=["dental"])
    enter_tin(visitor, UNASSOCIATED, "self")
    fill_in_account(visitor, "zoe.dental")
    visitor.arrives("/register/review")
    entered = visitor.text
    assert "11-2233445 Actualmente no asociado con nosotros · Dental" in entered
    edit = visitor.page.locator(".review-part__head a")
    assert edit.count() == len(STEPS)
    for part, step in enumerate(STEPS):
        visitor.click(edit.nth(part))
        visitor.arrives(step)
        before = typed(visitor)
        visitor.page.reload()
        assert typed(visitor) == before
        while visitor.path != "/register/review":
            visitor.next()
        assert visitor.text == entered


def test_who_has_no_tin_registers_for_resources_alone__REG_3(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    choose_practice_type(visitor, types=["medical"])
    visitor.arrives("/register/tins")
    visitor.page.locator("label[for=has_tin-none]").click()
    expect(visitor.page.get_by_text("Without a TIN you can read our policies")).to_be_visible()
    visitor.check_wide_and_narrow()
    visitor.next()
    finish(visitor, "zoe.no.tin", look=lambda _: visitor.check())
    assert "Add its TIN at any time" in visitor.text
    assert visitor.page.locator(".access-givers").count() == 0
    log_in(visitor, "zoe.no.tin", PASSWORD)
    visitor.arrives("/dashboard")
    visitor.go("/settings/online-access")
    assert re.search("no access to a practice yet. Policies, procedures and reference guides are open", visitor.text)
