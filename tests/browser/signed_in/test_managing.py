"""An access manager in the browser: approve, modify, remove; with and without scripts, by keyboard, in Spanish."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.browsing import PHONE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import STATE_MEDICAL, applicant, find, review, tick
from tests.e2e.deployments import Embedded

pytestmark = pytest.mark.slow

COLUMN = f"{STATE_MEDICAL}-medical"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_applicant_is_approved_modified_and_removed__ENT_7_ENT_8(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any, scripts: bool
) -> None:
    person = applicant(embedded)
    visit = new_visitor(state=managers_state, scripts=scripts)

    review(visit, person)
    visit.check_wide_and_narrow()
    tick(visit, COLUMN, "claim_status")
    visit.next()
    assert visit.heading == "Confirm these changes"
    assert "Claim status and remittance reports" in visit.text
    visit.check_wide_and_narrow()
    visit.press("Confirm")
    assert visit.heading == "Done"
    visit.check_wide_and_narrow()
    visit.prints_whole()
    person.sign_in()
    assert person.check("claim_status", STATE_MEDICAL)["allowed"] is True

    find(visit, person, "Modify access")
    assert visit.page.locator(f"#may-{COLUMN}-claim_status").is_checked()
    visit.check_wide_and_narrow()
    tick(visit, COLUMN, "claim_status")
    tick(visit, COLUMN, "fee_schedule")
    visit.next()
    assert "Removed" in visit.text
    visit.check_wide_and_narrow()
    visit.press("Confirm")
    visit.check_wide_and_narrow()
    visit.prints_whole()
    assert person.check("claim_status", STATE_MEDICAL)["allowed"] is False
    assert person.check("fee_schedule", STATE_MEDICAL)["allowed"] is True

    find(visit, person, "Remove access")
    assert "may keep access that others gave" in visit.text
    visit.check_wide_and_narrow()
    visit.press("Remove access")
    assert visit.heading == "Access removed"
    visit.check_wide_and_narrow()
    visit.prints_whole()
    assert person.check("fee_schedule", STATE_MEDICAL)["allowed"] is False


def test_selected_users_are_changed_as_one_and_back_again__ENT_6_GO_3(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any
) -> None:
    people = [applicant(embedded) for _ in range(2)]
    visit = new_visitor(state=managers_state, scripts=False)
    for person in people:
        review(visit, person)
    visit.go("/users?view=awaiting")
    for person in people:
        visit.page.locator("tr", has_text=person.user_id).locator("label").click()
    visit.press("View and edit selected users")
    assert visit.heading == "View and edit 2 selected users"
    visit.check_wide_and_narrow()
    visit.page.locator(f'[name="may-{COLUMN}-claim_status"]').select_option("give")
    visit.next()
    assert visit.heading == "Confirm these changes"
    assert visit.text.count("Claim status and remittance reports") == 2
    visit.check_wide_and_narrow()
    visit.press("Confirm")
    visit.check_wide_and_narrow()
    visit.prints_whole()
    for person in people:
        person.sign_in()
        assert person.check("claim_status", STATE_MEDICAL)["allowed"] is True
    visit.press("Undo all of it")
    assert visit.heading == "Undone"
    visit.check_wide_and_narrow()
    assert [person.check("claim_status", STATE_MEDICAL)["allowed"] for person in people] == [False, False]


def test_the_second_of_two_own_decisions_is_shown_as_done__REG_12(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any
) -> None:
    person = applicant(embedded)
    first, second = (new_visitor(state=managers_state) for _ in range(2))
    for visit in (first, second):
        review(visit, person)
    second.next()
    first.follow("Decline")
    first.check_wide_and_narrow()
    first.page.get_by_label("Reason").fill("Nobody here knows you.")
    first.press("Decline")
    assert first.heading == "Declined"
    first.check_wide_and_narrow()
    first.prints_whole()
    second.press("Confirm")
    assert second.heading == "You decided this already"
    assert "Nobody here knows you." in second.text
    second.check_wide_and_narrow()


def test_the_matrix_works_by_keyboard_alone__ENT_7(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any
) -> None:
    person = applicant(embedded)
    visit = new_visitor(state=managers_state)
    review(visit, person)
    keyboard = visit.page.keyboard
    for wanted in (f"level-{COLUMN}", f"may-{COLUMN}-claim_status"):
        tab_to(visit, f"document.activeElement.id === '{wanted}'")
        keyboard.press("s" if wanted.startswith("level") else "Space")
    tab_to(visit, "document.activeElement.textContent.startsWith('Next')")
    keyboard.press("Enter")
    visit.page.wait_for_url("**/users/changes/*")
    visit.sees("h1")
    assert "Secondary administrator" in visit.text
    assert "Claim status and remittance reports" in visit.text


def tab_to(visit: Visitor, reached: str) -> None:
    for _ in range(60):
        if visit.page.evaluate(reached):
            return
        visit.page.keyboard.press("Tab")
    raise AssertionError(reached)


def test_all_practices_fills_its_row_at_once__ENT_7(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any
) -> None:
    visit = new_visitor(state=managers_state)
    visit.go("/users?view=all")
    visit.click(visit.page.locator("tr", has_text="secadm01").get_by_role("link", name="Modify access"))
    visit.page.locator("#level-all").select_option("processor")
    assert {each.input_value() for each in visit.page.locator("[data-level]").all()} == {"processor"}
    assert "No, by level" in visit.text
    visit.page.locator('[data-all="claim_status"]').select_option("yes")
    assert all(each.is_checked() for each in visit.page.locator('input[data-function="claim_status"]').all())


PAGES = {
    "/dashboard": "Le damos la bienvenida, Mary.",
    "/users": "Administrar el acceso de usuarios",
    "/messages": "Mensajes",
    "/settings/online-access": "Mi acceso en línea",
    "/settings/online-access/ask": "Solicitar acceso a otro consultorio",
    "/settings/sign-in": "Configuración de inicio de sesión",
    "/history": "Historial de delegación",
}


def test_every_page_in_both_languages_shuts_nobody_out(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any
) -> None:
    visit = new_visitor(state=managers_state)
    for path, spanish in PAGES.items():
        visit.go(path)
        visit.check_wide_and_narrow()
        visit.go(f"/language/es?back={path}")
        assert visit.heading == spanish
        visit.check_wide_and_narrow()
        visit.go(f"/language/en?back={path}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_navigation_unfolds_on_a_phone(new_visitor: NewVisitor, managers_state: Any, scripts: bool) -> None:
    visit = new_visitor(state=managers_state, scripts=scripts, width=PHONE)
    visit.go("/dashboard")
    users = visit.page.get_by_role("navigation", name="Main").get_by_role("link", name="Users")
    assert users.count() == 0
    visit.page.locator(".portal-menu summary").click()
    visit.check()
    visit.click(users)
    visit.arrives("/users")


def test_the_rarer_pages_shut_nobody_out(new_visitor: NewVisitor, embedded: Embedded, managers_state: Any) -> None:
    visit = new_visitor(state=managers_state)
    visit.go("/users?view=all")
    visit.click(visit.page.locator("tr", has_text="secadm01").get_by_role("link", name="Remove access"))
    visit.check_wide_and_narrow()
    visit.go("/settings/online-access/ask")
    visit.page.get_by_label("TIN of the practice").fill("12")
    visit.press("Ask for access")
    visit.check_wide_and_narrow()
    visit.page.get_by_label("TIN of the practice").fill("98-7654321")
    visit.press("Ask for access")
    assert visit.heading == "You asked for access"
    visit.check_wide_and_narrow()
    visit.go("/users/changes/nothing-of-mine")
    visit.check_wide_and_narrow()
    visit.go("/no/such/page")
    visit.check_wide_and_narrow()


def test_the_history_is_downloaded__AUD_2(new_visitor: NewVisitor, embedded: Embedded, managers_state: Any) -> None:
    visit = new_visitor(state=managers_state)
    visit.go("/history")
    for link, beginning in (("Download as CSV", b"USER MAKING CHANGE"), ("Download for Excel", b"PK")):
        with visit.page.expect_download() as started:
            visit.page.locator("main").get_by_role("link", name=link).click()
        assert started.value.path().read_bytes().startswith(beginning)
