"""An access review in the browser, from its opening to its workbook: two managers, each deciding about the other."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, expect

from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import applicant
from tests.browser.signed_in.conftest import signed_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

TIN, PRACTICE = "223344556", "OGYAM GEORGE Y MD"
"""Managed by Mary Martin and George Ogyam alike."""
TO_CONFIRM = "Next: look at it once more"


@pytest.fixture(scope="module")
def states(chromium: Browser, embedded: Embedded, managers_state: Any) -> Sequence[Any]:
    """The cookies of Mary Martin's and George Ogyam's browsers, signed in."""
    return managers_state, signed_in(chromium, embedded, "geogym1")


@pytest.fixture
def mary(embedded: Embedded) -> Person:
    """Mary Martin over the API."""
    person = Person(embedded, "mmartin5", embedded.password)
    person.sign_in()
    return person


def processor(embedded: Embedded, giver: Person, *functions: str) -> Person:
    person = applicant(embedded, TIN)
    giver.waiting(person.user_id, TIN)
    change = {"tin": TIN, "line": "medical", "level": "processor", "functions": list(functions)}
    answer = giver.give(person.user_id, [change])
    assert answer.status_code == 200, answer.text
    return person


def begin(visit: Visitor) -> None:
    """Open a review of the practice."""
    visit.go("/reviews")
    choice = visit.page.locator("#practice")
    practice = choice.locator("option", has_text=PRACTICE).get_attribute("value")
    choice.select_option(practice)
    visit.check_wide_and_narrow()
    visit.press("Begin")
    assert visit.heading == f"Access review: {PRACTICE}"


def for_oneself(visit: Visitor) -> Locator:
    """The rows that wait for the visitor's own decision."""
    return visit.page.get_by_role("table", name="Access for you to decide about").locator("tbody tr")


def row_of(rows: Locator, user_id: str) -> Locator:
    page = rows.page
    return rows.filter(has=page.locator("th", has=page.get_by_text(user_id, exact=True)))


def confirm(visit: Visitor) -> None:
    visit.press(TO_CONFIRM)
    assert visit.heading == "Confirm these decisions"
    visit.check_wide_and_narrow()


def outcomes(visit: Visitor) -> dict[str, tuple[str, str]]:
    """What the downloaded workbook says: of each user the outcome, and who decided."""
    with visit.page.expect_download() as started:
        visit.page.get_by_role("link", name="Download as a workbook (XLSX)").click()
    assert started.value.suggested_filename == "access-review.xlsx"
    (sheet,) = load_workbook(io.BytesIO(started.value.path().read_bytes())).worksheets
    columns, *rows = [list(map(str, row)) for row in sheet.iter_rows(values_only=True)]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {each["TIN"] for each in named} == {TIN}
    return {each["USER ID"]: (each["OUTCOME"], each["DECIDED BY"]) for each in named}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_managers_review_a_practice_to_its_end__ENT_13(
    new_visitor: NewVisitor, embedded: Embedded, states: Sequence[Any], mary: Person, scripts: bool
) -> None:
    leaver, stayer = processor(embedded, mary, "claim_status", "eft_view"), processor(embedded, mary, "claim_status")
    visit, other = (new_visitor(state=state, scripts=scripts) for state in states)

    begin(visit)
    visit.check_wide_and_narrow()
    rows = for_oneself(visit)
    expect(row_of(rows, "mmartin5")).to_have_count(0)
    expect(row_of(rows, "geogym1")).to_have_count(1)
    row_of(rows, leaver.user_id).locator("label", has_text="Remove").click()
    row_of(rows, stayer.user_id).locator("label", has_text="Keep").click()
    confirm(visit)
    gone, kept = (
        visit.page.locator(".difference", has=visit.page.get_by_role("heading", name=name))
        for name in ("Removed", "Kept")
    )
    assert leaver.user_id in gone.inner_text()
    assert stayer.user_id in kept.inner_text()
    visit.press("Confirm")
    assert "Your decisions are done." in visit.text
    visit.check_wide_and_narrow()
    leaver.sign_in()
    stayer.sign_in()
    assert leaver.check("claim_status", TIN)["allowed"] is False
    assert stayer.check("claim_status", TIN)["allowed"] is True

    visit.page.locator("#rest").select_option("keep")
    confirm(visit)
    visit.press("Confirm")
    expect(for_oneself(visit)).to_have_count(0)
    assert "There is nothing left for you to decide." in visit.text
    visit.check_wide_and_narrow()

    other.go("/reviews")
    other.check_wide_and_narrow()
    other.click(other.page.locator("tr", has_text=PRACTICE).get_by_role("link", name="Review").first)
    expect(for_oneself(other)).to_have_count(1)
    row_of(for_oneself(other), "mmartin5").locator("label", has_text="Keep").click()
    confirm(other)
    other.press("Confirm")
    assert "This review is finished." in other.text
    other.check_wide_and_narrow()
    other.prints_whole()
    decided = outcomes(other)
    assert decided[leaver.user_id] == ("removed", "mmartin5")
    assert decided[stayer.user_id] == ("kept", "mmartin5")
    assert decided["geogym1"] == ("kept", "mmartin5")
    assert decided["mmartin5"] == ("kept", "geogym1")

    visit.go("/reviews")
    expect(visit.page.locator("tr", has_text=PRACTICE).first).to_contain_text("Finished on")
    visit.check_wide_and_narrow()
