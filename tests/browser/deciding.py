"""How a manager finds people, and decides about somebody who waits."""

from __future__ import annotations

import uuid

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

STATE_MEDICAL = "123456789"


def applicant(embedded: Embedded, tin: str = STATE_MEDICAL) -> Person:
    """Registered over the API, with the e-mail confirmed."""
    person = Person(embedded, f"zoe.{uuid.uuid4().hex[:10]}")
    assert person.register([{"tin": tin, "line": "medical"}]).status_code == 201
    eventually(lambda: person.confirm().status_code == 204, within=PATIENCE)
    return person


def find(visit: Visitor, person: Person, action: str) -> None:
    """From the search to what is done with the one user whom it finds."""
    visit.go("/users?view=all")
    visit.page.get_by_label("Name, user ID or TIN").fill(person.user_id)
    visit.press("Show")
    assert person.user_id not in visit.page.url
    visit.check_wide_and_narrow()
    visit.click(visit.page.locator("tr", has_text=person.user_id).get_by_role("link", name=action))


def review(visit: Visitor, person: Person) -> None:
    """From the list of those who wait to the matrix."""

    def waits() -> bool:
        visit.go("/users?view=awaiting")
        return person.user_id in visit.text

    eventually(waits, within=PATIENCE)
    visit.click(visit.page.locator("tr", has_text=person.user_id).get_by_role("link", name="Review"))
    assert person.email in visit.text


def tick(visit: Visitor, column: str, function: str) -> None:
    """A function in the column of a practice and line: `123456789-medical`."""
    visit.page.locator(f'label[for="may-{column}-{function}"]').click()
