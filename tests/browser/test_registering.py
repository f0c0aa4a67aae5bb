"""Registering, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import DESKTOP, PHONE
from tests.browser.conftest import NewVisitor
from tests.browser.registering import (
    PASSWORD,
    choose_practice_type,
    enter_tins,
    fill_in_account,
    give_code,
    give_password,
    log_in,
    register,
)

PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_somebody_registers_and_confirms__REG_9(
    new_visitor: NewVisitor, scripts: bool, width: int, locale: str
) -> None:
    visitor = new_visitor(scripts=scripts, width=width, locale=locale)
    user_id = f"zoe.{'js' if scripts else 'no'}{width}{locale[:2]}"
    register(visitor, user_id, look=lambda _: visitor.check())
    expected = "Good news: you are registered" if locale == "en-US" else "Buenas noticias: ya está registrado"
    assert visitor.heading == expected
    assert user_id in visitor.page.locator("main").inner_text()
    assert visitor.page.locator("[data-print]").is_visible() is scripts
    visitor.prints("h1", ".access-givers li")


def test_the_managers_are_named_once_signed_in__REG_10(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    register(visitor, "zoe.curious")
    visitor.press("Log in, and see who they are")
    visitor.arrives("/sign-in")
    give_password(visitor, "zoe.curious", PASSWORD)
    give_code(visitor, visitor.code("zoe.curious@example.com", "sign_in_code"))
    visitor.arrives("/register/done")
    givers = visitor.page.locator(".access-givers").inner_text()
    assert "Mary Martin" in givers
    assert "Our support team will look for one" in givers
    visitor.check()
    visitor.prints("h1", ".access-givers li")


def test_the_wizard_works_by_keyboard_alone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go("/register")
    keyboard = visitor.page.keyboard

    def focused(attribute: str) -> str:
        return str(visitor.page.evaluate(f"document.activeElement.{attribute}"))

    def tab_to(element: str) -> None:
        for _ in range(60):
            if focused("id") == element or focused("textContent").strip() == element:
                return
            keyboard.press("Tab")
        pytest.fail(f"{element} cannot be reached with the Tab key on {visitor.path}")

    keyboard.press("Tab")
    assert focused("textContent") == "Skip to main content"
    keyboard.press("Enter")
    expect(visitor.page.locator("#main")).to_be_focused()
    tab_to("practice_type-medical")
    keyboard.press("Space")
    tab_to("Next")
    keyboard.press("Enter")
    visitor.arrives("/register/tins")
    tab_to("tin-0")
    keyboard.type("223344556")
    keyboard.press("Enter")
    visitor.page.wait_for_selector("text=OGYAM GEORGE Y MD")
    tab_to("Next")
    keyboard.press("Enter")
    visitor.arrives("/register/account")
    tab_to("Next")
    keyboard.press("Enter")
    expect(visitor.page.locator("#errors")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(visitor.page.locator("#first_name")).to_be_focused()


def test_back_reload_and_two_tabs_lose_and_double_nothing(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go("/register")
    visitor.page.locator("label[for=practice_type-medical]").click()
    visitor.page.locator("label[for=practice_type-behavioral]").click()
    visitor.next()
    enter_tins(visitor)
    visitor.arrives("/register/account")
    visitor.page.reload()
    second = visitor.context.new_page()
    second.goto(visitor.address("/register/tins"))
    assert second.locator("#tin-0").input_value() == "12-3456789"
    visitor.page.locator("#first_name").fill("Zoë")
    visitor.press("Previous")
    second.reload()
    visitor.next()
    visitor.arrives("/register/account")
    assert visitor.page.locator("#first_name").input_value() == "Zoë"
    visitor.page.go_back()
    visitor.arrives("/register/tins")
    assert visitor.page.locator("#tin-2").input_value() == "112233445"


def test_a_double_click_submits_once__REG_9(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False)
    visitor.go("/register")
    visitor.page.locator("label[for=practice_type-medical]").click()
    visitor.next()
    visitor.arrives("/register/tins")
    visitor.page.locator("label[for=has_tin-none]").click()
    visitor.next()
    fill_in_account(visitor, "zoe.hasty")
    visitor.arrives("/register/review")
    visitor.page.locator(".step-buttons button").first.dblclick()
    visitor.arrives("/register/done")
    visitor.code("zoe.hasty@example.com", "confirm_email")
    assert visitor.codes_sent("zoe.hasty@example.com", "confirm_email") == 1


def test_a_look_up_never_makes_a_click_miss_its_button(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=PHONE)
    choose_practice_type(visitor)
    visitor.arrives("/register/tins")
    page = visitor.page
    page.locator("#tin-0").fill("12-3456789")
    page.locator("button[value=add]").hover()
    with page.expect_response("**/register/tins/row") as looked_up:
        page.mouse.down()
    looked_up.value.finished()
    page.evaluate(PAINTED)
    with page.expect_navigation():
        page.mouse.up()
    visitor.sees("#tin-1")


def test_what_was_looked_up_while_the_pointer_was_down_shows_once_it_is_up(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    choose_practice_type(visitor)
    visitor.arrives("/register/tins")
    page = visitor.page
    page.locator("#tin-0").fill("12-3456789")
    page.locator("h1").hover()
    with page.expect_response("**/register/tins/row") as looked_up:
        page.mouse.down()
    looked_up.value.finished()
    page.evaluate(PAINTED)
    assert page.locator("#details-0 .practice").count() == 0
    page.mouse.up()
    visitor.sees("#details-0 .practice")


def test_a_password_is_never_in_a_page_nor_an_address(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    addresses: list[str] = []
    visitor.context.on("request", lambda request: addresses.append(request.url))
    register(visitor, "zoe.discreet", look=lambda name: _hides_password(visitor.page.content()))
    log_in(visitor, "zoe.discreet", PASSWORD)
    secrets = re.compile(r"zoe\.discreet|quiet-Falcon|123456789|987654321|112233445|\b\d{6}\b")
    assert [address for address in addresses if secrets.search(address.partition("//")[2].partition("/")[2])] == []


def _hides_password(content: str) -> None:
    assert PASSWORD not in content
