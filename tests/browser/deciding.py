"""How a manager decides about somebody who waits."""

from __future__ import annotations

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.e2e.people import Person


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
