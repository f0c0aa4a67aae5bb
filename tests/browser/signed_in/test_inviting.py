"""A manager adds a user in the browser, who registers with what they were handed (REG-14, REG-15)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE
from tests.browser.conftest import NewVisitor
from tests.browser.registering import finish, open_invitation
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

STATE_MEDICAL = "123456789"
COLUMN = f"{STATE_MEDICAL}-medical"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_user_is_added_registers_and_works__REG_14_REG_15(
    new_visitor: NewVisitor, embedded: Embedded, managers_state: Any, scripts: bool
) -> None:
    person = Person(embedded, f"ivy.{uuid.uuid4().hex[:10]}")
    visit = new_visitor(state=managers_state, scripts=scripts)
    visit.go("/users/new")
    for name, text in (("first_name", "Ivy"), ("last_name", "Invited"), ("email", person.email)):
        visit.page.locator(f"#{name}-0").fill(text)
    visit.check_wide_and_narrow()
    visit.next()
    visit.page.locator(f"#level-{COLUMN}").select_option("processor")
    visit.page.locator(f'label[for="may-{COLUMN}-claim_status"]').click()
    visit.check_wide_and_narrow()
    visit.next()
    assert visit.heading == "Confirm the new users"
    visit.press("Confirm")
    assert visit.heading == "Credentials to hand over"
    visit.check_wide_and_narrow()
    visit.prints("h1", "code.secret")
    temporary_id, password = visit.page.locator("code.secret").all_inner_texts()

    newcomer = new_visitor(scripts=scripts)
    open_invitation(newcomer, temporary_id, password)
    assert newcomer.page.locator("#last_name").input_value() == "Invited"
    finish(newcomer, person.user_id)
    assert "State Medical Center" in newcomer.text
    person.sign_in()
    eventually(lambda: person.check("claim_status", STATE_MEDICAL)["allowed"] is True, within=PATIENCE)

    visit.go("/users/invitations?view=redeemed")
    assert temporary_id in visit.text
    assert password not in visit.text
    visit.check_wide_and_narrow()
