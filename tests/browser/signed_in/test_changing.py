"""Journey 4 in the browser: a manager resets a user's password, changes what they may do, and removes their access."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import STATE_MEDICAL, applicant, find, tick
from tests.browser.registering import log_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

MEDICAL, BEHAVIORAL = f"{STATE_MEDICAL}-medical", f"{STATE_MEDICAL}-behavioral"
CLAIMS, FEES = "Claim status and remittance reports", "E-mail inquiries and fee schedules"
CHOSEN = "calm-Heron-drifts-7"


def colleague(embedded: Embedded) -> Person:
    """Somebody who may see claims in both lines of State Medical Center, and is signed in."""
    person, mary = applicant(embedded), Person(embedded, "mmartin5", embedded.password)
    mary.sign_in()
    mary.waiting(person.user_id, STATE_MEDICAL)
    given = {"tin": STATE_MEDICAL, "level": "processor", "functions": ["claim_status"]}
    answer = mary.give(person.user_id, [{"line": line, **given} for line in ("medical", "behavioral")])
    assert answer.status_code == 200, answer.text
    person.sign_in()
    return person


def may(person: Person) -> list[bool]:
    """Claims and fees, in medical and then in behavioral."""
    asked = [(function, line) for line in ("medical", "behavioral") for function in ("claim_status", "fee_schedule")]
    return [person.check(function, STATE_MEDICAL, line)["allowed"] for function, line in asked]


def change(visit: Visitor, person: Person) -> None:
    """Fees in all lines, and claims no more in one of them."""
    find(visit, person, "Modify access")
    visit.page.locator('[name="all-fee_schedule"]').select_option("yes")
    tick(visit, MEDICAL, "claim_status")
    visit.check_wide_and_narrow()
    visit.next()
    assert visit.heading == "Confirm these changes"
    for line, words in (("Medical", (FEES, CLAIMS)), ("Behavioral", (FEES,))):
        card = visit.page.locator(".difference", has=visit.page.locator(".practice__tin", has_text=f"· {line}"))
        changed = card.locator(".difference__added + dd, .difference__removed + dd")
        assert changed.all_inner_texts() == list(words)
    visit.check_wide_and_narrow()
    visit.press("Confirm")
    assert visit.heading == "Done"
    visit.check_wide_and_narrow()
    visit.prints_whole()


def reset(visit: Visitor, person: Person) -> str:
    """The temporary password."""
    find(visit, person, "Reset password")
    assert visit.heading.startswith("Reset the password of Zoë")
    visit.check_wide_and_narrow()
    visit.press("Reset the password")
    assert visit.heading.startswith("Temporary password of Zoë")
    visit.check_wide_and_narrow()
    visit.prints_whole()
    return visit.page.locator("code.handed-over").inner_text()


def replace(visit: Visitor, person: Person, password: str) -> None:
    """Sign in with a temporary password, which leads nowhere but to the page where it is replaced."""
    log_in(visit, person.user_id, password)
    assert visit.heading == "Set a new password"
    visit.check_wide_and_narrow()
    visit.page.locator("#new_password").fill(CHOSEN)
    visit.press("Set the new password")
    visit.arrives("/dashboard")
    visit.check_wide_and_narrow()


def remove(visit: Visitor, person: Person) -> None:
    find(visit, person, "Remove access")
    assert visit.heading == "Confirm removing access"
    assert "may keep access that others gave" in visit.text
    visit.check_wide_and_narrow()
    visit.press("Remove access")
    assert visit.heading == "Access removed"
    visit.check_wide_and_narrow()
    visit.prints_whole()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_user_is_reset_changed_and_removed__ENT_7_ENT_8_IDN_8(
    new_visitor: NewVisitor, embedded: Embedded, scripts: bool
) -> None:
    person, visit = colleague(embedded), new_visitor(scripts=scripts)
    log_in(visit, "mmartin5", embedded.password)
    visit.arrives("/dashboard")

    password = reset(visit, person)
    eventually(lambda: person.get("/api/identity/v1/me").status_code == 401, within=PATIENCE)
    replace(new_visitor(scripts=scripts), person, password)
    temporary = {"user_id": person.user_id, "password": password}
    assert Person(embedded, person.user_id).post("/api/identity/v1/sign-in", temporary).status_code == 401
    person.password = CHOSEN
    person.tokens.clear()
    person.sign_in()

    assert may(person) == [True, False, True, False]
    change(visit, person)
    assert may(person) == [False, True, True, True]
    remove(visit, person)
    assert may(person) == [False] * 4
