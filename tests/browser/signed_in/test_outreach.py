"""A practice without an access manager gets one, in the browser: applicant, two agents of support, and the manager."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from playwright.sync_api import expect

from chassis.testing.waiting import eventually
from tests.browser.browsing import PATIENCE, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.deciding import review, tick
from tests.browser.registering import choose_practice_type, enter_tin, finish, give_code, log_in
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

CALLED = "The office called back: she is their manager."
PROOF = "A letter with the practice’s head, and a call back."


@pytest.fixture
def tin() -> str:
    """One that nobody manages, and that the directory does not know."""
    return f"4{uuid.uuid4().int % 10**8:08d}"


def somebody(embedded: Embedded, name: str) -> Person:
    return Person(embedded, f"{name}.{uuid.uuid4().hex[:10]}")


def registers(visitor: Visitor, person: Person, tin: str, nominate: str, **nominee: str) -> None:
    choose_practice_type(visitor, types=["medical"])
    enter_tin(visitor, tin, nominate, **nominee)
    finish(visitor, person.user_id)
    assert "Our support team will look for one" in visitor.text


def open_case(agent: Visitor, tin: str, waiting: int) -> None:
    """From the queue to the case, once so many people wait in it."""
    row = agent.page.locator("tbody tr")

    def queued() -> bool:
        agent.go("/support/outreach")
        agent.page.get_by_label("TIN or practice’s name").fill(tin)
        agent.press("Show")
        return row.count() == 1 and row.locator('[data-label="People waiting"]').inner_text() == str(waiting)

    eventually(queued, within=PATIENCE)
    assert tin not in agent.page.url
    agent.check_wide_and_narrow()
    agent.click(row.get_by_role("link", name="Open the case"))


def press_as_agent(agent: Visitor, user_id: str, name: str) -> None:
    """Press it, and once more where support has to show first who it is (IDN-3), which took a while to come to."""
    address = f"{user_id}@example.com"
    before = agent.codes_sent(address, "sign_in_code")
    agent.press(name)
    if agent.path == "/settings/confirm/code":
        give_code(agent, agent.code(address, "sign_in_code", after=before))
        agent.press(name)


def propose(agent: Visitor, chief: Person) -> None:
    """Having tried to reach the practice."""
    agent.page.get_by_label("How you tried").select_option("phone")
    agent.page.locator("label[for=reached]").click()
    agent.page.get_by_label("What came of it").fill(CALLED)
    agent.press("Record the attempt")
    assert CALLED in agent.text
    agent.follow("Propose an access manager")
    agent.check_wide_and_narrow()
    agent.page.get_by_label("User ID").fill(chief.user_id)
    agent.page.get_by_label("Proof").fill(PROOF)
    press_as_agent(agent, "support1", "Propose")
    assert "You proposed this: a second agent has to confirm it." in agent.text
    assert agent.page.get_by_role("button", name="Confirm as the second agent").count() == 0
    agent.check_wide_and_narrow()


def confirm(agent: Visitor) -> None:
    """As the second agent; the case, once it is closed, tells what was done in it."""
    assert PROOF in agent.text
    agent.check_wide_and_narrow()
    press_as_agent(agent, "support2", "Confirm as the second agent")
    assert "Confirmed." in agent.text

    def closed() -> bool:
        agent.page.reload()
        return "There is an access manager" in agent.text

    eventually(closed, within=PATIENCE)
    for told in (CALLED, PROOF, "Proposed by support1", "Decided by support2"):
        assert told in agent.text
    agent.check_wide_and_narrow()


def approve(manager: Visitor, chief: Person, waits: Person, tin: str) -> None:
    """Whoever was appointed signs in, meets who waits, and gives what they need."""
    log_in(manager, chief.user_id, chief.password)
    manager.arrives("/dashboard")
    expect(manager.page.get_by_role("heading", name="Waiting for your decision")).to_be_visible()
    manager.check_wide_and_narrow()
    review(manager, waits)
    manager.check_wide_and_narrow()
    tick(manager, f"{tin}-medical", "claim_status")
    manager.next()
    manager.check_wide_and_narrow()
    manager.press("Confirm")
    assert manager.heading == "Done"
    waits.sign_in()
    assert waits.check("claim_status", tin)["allowed"] is True


def test_who_proposes_themselves_is_appointed_and_approves_who_waits__REG_11_REG_13(
    new_visitor: NewVisitor, embedded: Embedded, agents_states: list[Any], tin: str
) -> None:
    chief, waits = somebody(embedded, "chief"), somebody(embedded, "waits")
    registers(new_visitor(), chief, tin, "self")
    assert waits.register([{"tin": tin, "line": "medical"}]).status_code == 201
    eventually(lambda: waits.confirm().status_code == 204, within=PATIENCE)
    first, second = (new_visitor(state=state) for state in agents_states)
    open_case(first, tin, 2)
    assert "Wishes to manage access themselves." in first.text
    first.check_wide_and_narrow()
    propose(first, chief)
    open_case(second, tin, 2)
    confirm(second)
    approve(new_visitor(), chief, waits, tin)


def test_who_was_proposed_is_asked_by_mail_appointed_and_approves_the_applicant__REG_11_REG_13(
    new_visitor: NewVisitor, embedded: Embedded, agents_states: list[Any], tin: str
) -> None:
    chief, waits = somebody(embedded, "chief"), somebody(embedded, "waits")
    registers(new_visitor(scripts=False), waits, tin, "other", nominee=chief.email)
    eventually(lambda: chief.notices() == ["nominee_asked"], within=PATIENCE)
    (asked,) = embedded.mails(chief.email)
    assert "/register" in asked["text"]
    registers(new_visitor(scripts=False), chief, tin, "unknown")
    first, second = (new_visitor(state=state, scripts=False) for state in agents_states)
    open_case(first, tin, 2)
    assert chief.email in first.text
    propose(first, chief)
    open_case(second, tin, 2)
    confirm(second)
    approve(new_visitor(scripts=False), chief, waits, tin)
