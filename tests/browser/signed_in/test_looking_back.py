"""Who had access at a past moment, and who gave it, in the browser: given, removed, and given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import STATE_MEDICAL, applicant
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

PRACTICE = "State Medical Center"
ZONE = ZoneInfo("America/New_York")
CLAIMS, FEES = "Claim status and remittance reports", "E-mail inquiries and fee schedules"


@pytest.fixture
def mary(embedded: Embedded) -> Person:
    """Mary Martin over the API."""
    person = Person(embedded, "mmartin5", embedded.password)
    person.sign_in()
    return person


def passing_moment() -> datetime:
    """A whole second that lies ahead of what was done, and behind what is done next."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    eventually(lambda: datetime.now(UTC) > moment + timedelta(seconds=1), within=PATIENCE)
    return moment


def give(giver: Person, user_id: str, *functions: str) -> None:
    change = {"tin": STATE_MEDICAL, "line": "medical", "level": "processor", "functions": list(functions)}
    answer = giver.give(user_id, [change])
    assert answer.status_code == 200, answer.text


def remove(remover: Person, user_id: str) -> None:
    path = f"/api/entitlements/v1/users/{user_id}/access"
    answer = remover.call("DELETE", path, headers={"If-Match": remover.get(path).headers["ETag"]})
    assert answer.status_code == 200, answer.text


def look_back(visit: Visitor, moment: datetime) -> None:
    """At the practice's people of a moment."""
    visit.go("/who-had-access")
    there = moment.astimezone(ZONE)
    visit.page.locator("#practice").select_option(label=f"{PRACTICE} (12-3456789)")
    visit.page.locator("#day").fill(f"{there:%Y-%m-%d}")
    visit.page.locator("#time").fill(f"{there:%H:%M:%S}")
    visit.click(visit.page.locator("main form button"))
    assert STATE_MEDICAL not in visit.page.url


def row_of(visit: Visitor, person: Person) -> Locator:
    return visit.page.locator("tbody tr", has=visit.page.get_by_text(person.user_id, exact=True))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_manager_sees_who_had_access_and_who_gave_it__ENT_12(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any, mary: Person, scripts: bool
) -> None:
    person = applicant(embedded)
    mary.waiting(person.user_id, STATE_MEDICAL)
    give(mary, person.user_id, "claim_status")
    held = passing_moment()
    remove(mary, person.user_id)
    lost = passing_moment()
    give(mary, person.user_id, "claim_status", "fee_schedule")
    visit = new_visitor(state=managers_state, scripts=scripts)

    visit.go("/users")
    visit.follow("Who had access")
    assert visit.heading == "Who had access"
    visit.check_wide_and_narrow()
    look_back(visit, held)
    expect(row_of(visit, person)).to_have_count(1)
    expect(row_of(visit, person)).to_contain_text("Processor")
    expect(row_of(visit, person)).to_contain_text(CLAIMS)
    expect(row_of(visit, person)).not_to_contain_text(FEES)
    expect(row_of(visit, person)).to_contain_text("mmartin5")
    visit.check_wide_and_narrow()
    visit.prints_whole()
    look_back(visit, lost)
    expect(row_of(visit, person)).to_have_count(0)
    expect(visit.page.locator("tbody tr", has_text="secadm01").first).to_be_visible()

    look_back(visit, held)
    visit.click(row_of(visit, person).get_by_role("link", name=CLAIMS))
    assert visit.heading.startswith("Who gave it: ")
    assert "Yes: this person may do it now." in visit.text
    told = visit.page.locator("tbody tr")
    expect(told).to_have_count(3)
    for row, by in zip(told.all(), ("Given", "Taken away", "Given"), strict=True):
        expect(row).to_contain_text(f"{by} by mmartin5")
    visit.check_wide_and_narrow()
    visit.prints_whole()
    visit.page.locator("#function").select_option(label=FEES)
    visit.click(visit.page.locator("main form button"))
    held_it = [row.locator('[data-label="This function"]').inner_text() for row in told.all()]
    assert held_it == ["yes", "no", "no"]
    visit.follow("Back to who had access")
    expect(row_of(visit, person)).to_have_count(1)


def test_the_pages_shut_nobody_out_in_spanish_and_say_what_is_wrong__ENT_12(
    new_visitor: NewVisitor, managers_state: Any
) -> None:
    visit = new_visitor(state=managers_state)
    visit.go("/language/es?back=/who-had-access")
    assert visit.heading == "Quién tenía acceso"
    look_back(visit, passing_moment())
    visit.check_wide_and_narrow()
    visit.click(visit.page.locator("tbody tr", has_text="secadm01").first.get_by_role("link").first)
    assert visit.heading.startswith("Quién lo dio: ")
    visit.check_wide_and_narrow()
    look_back(visit, datetime.now(UTC) + timedelta(days=2))
    assert "Elija un día que no esté por venir." in visit.text
    visit.check_wide_and_narrow()
    visit.go("/language/en?back=/who-had-access")
