"""A manager adds users from a file in the browser, and one registers with what they were handed (REG-14, REG-16)."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.registering import finish, open_invitation
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person
from tests.unit.registration.people_files import TIN, Row, row

pytestmark = pytest.mark.slow

OTHERS = 40
ADDED = "The users were added"


def filled_in(template: bytes, rows: list[Row]) -> bytes:
    """The template as somebody fills it in and saves it."""
    book, saved = load_workbook(io.BytesIO(template)), io.BytesIO()
    sheet = book.worksheets[0]
    columns = [str(cell.value) for cell in sheet[1]]
    for each in rows:
        sheet.append([each.get(column) for column in columns])
    book.save(saved)
    return saved.getvalue()


def downloaded(visit: Visitor, role: Any, name: str) -> bytes:
    with visit.page.expect_download() as started:
        visit.page.locator("main").get_by_role(role, name=name).click()
    return started.value.path().read_bytes()


def upload(visit: Visitor, name: str, content: bytes) -> None:
    visit.page.locator("#file").set_input_files({"name": name, "mimeType": "", "buffer": content})
    visit.press("Check the file")


def see_it_end(visit: Visitor) -> None:
    """With scripts the page comes there by itself, without them whoever looks again."""
    if visit.runs_scripts:
        expect(visit.page.locator("h1")).to_have_text(ADDED)
        return

    def ended() -> bool:
        if visit.heading == "Users are being added":
            visit.follow("Look how far it is")
        return visit.heading == ADDED

    eventually(ended, within=PATIENCE)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_users_are_added_from_a_file_and_one_of_them_registers__REG_14_REG_16(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any, scripts: bool
) -> None:
    batch = uuid.uuid4().hex[:10]
    person = Person(embedded, f"ivy.{batch}")
    visit = new_visitor(state=managers_state, scripts=scripts)
    visit.go("/users")
    visit.follow("Add users from a file")
    visit.check_wide_and_narrow()
    template = downloaded(visit, "link", "Download the template (XLSX)")
    rows: list[Row] = [row(email=person.email, first_name="Ivy", last_name="Invited")]
    rows += [row(email=f"other{number}.{batch}@example.com") for number in range(OTHERS)]

    upload(visit, "wrong.xlsx", filled_in(template, [rows[0], row(email="no address", tin="12"), *rows[1:]]))
    assert visit.heading == "There is something to correct in this file"
    faults = visit.page.locator(".faults tbody tr")
    assert [each.locator("td").first.inner_text() for each in faults.all()] == ["email", "tin"]
    assert all("3" in each.locator("th").inner_text() for each in faults.all())
    visit.check_wide_and_narrow()

    upload(visit, "right.xlsx", filled_in(template, rows))
    assert visit.heading == "Nothing is wrong with this file"
    assert embedded.mails(person.email) == []
    visit.check_wide_and_narrow()
    visit.press(f"Add {len(rows)} people")
    see_it_end(visit)
    visit.check_wide_and_narrow()

    late = visit.context.new_page()
    late.goto(visit.page.url)
    credentials = downloaded(visit, "button", "Download temporary IDs and passwords (CSV)")
    handed_out = {each["email"]: each for each in csv.DictReader(io.StringIO(credentials.decode()))}
    assert len(handed_out) == len(rows)
    late.get_by_role("button", name="Download temporary IDs and passwords (CSV)").click()
    expect(late.get_by_text("were downloaded before, and are not shown again")).to_be_visible()
    visit.page.reload()
    assert visit.page.get_by_role("button", name="Download temporary IDs and passwords (CSV)").count() == 0
    visit.check_wide_and_narrow()

    newcomer = new_visitor(scripts=scripts)
    own = handed_out[person.email]
    open_invitation(newcomer, own["temporary_id"], own["temporary_password"])
    assert newcomer.page.locator("#last_name").input_value() == "Invited"
    finish(newcomer, person.user_id)
    person.sign_in()
    eventually(lambda: person.check("claim_status", TIN)["allowed"] is True, within=PATIENCE)
