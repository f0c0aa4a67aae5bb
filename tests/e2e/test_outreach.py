"""A practice without a manager gets one: an applicant, two support agents, and everybody's mail (REG-11, REG-13)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Sites
from tests.e2e.people import Person

pytestmark = pytest.mark.timeout(300)

UNKNOWN_LINE = "dental"
LIMIT = 60.0


@pytest.fixture(scope="module")
def agents(deployment: Sites, demo_password: str) -> list[Person]:
    found = [Person(deployment, name, demo_password) for name in ("support1", "support2")]
    for agent in found:
        agent.sign_in()
    return found


def newcomer(deployment: Sites, tin: str, nominate: Any = None) -> Person:
    person = Person(deployment, f"zoe.{uuid.uuid4().hex[:8]}")
    wish = {"tin": tin, "line": UNKNOWN_LINE, **({"nominate": nominate} if nominate else {})}
    assert person.register([wish], practice_type=[UNKNOWN_LINE]).status_code == 201
    assert person.confirm().status_code == 204
    person.sign_in()
    return person


def state_of(person: Person) -> str:
    (mine,) = person.get("/api/entitlements/v1/requests", params={"mine": "true"}).json()["items"]
    return str(mine["state"])


def case_of(agent: Person, tin: str) -> dict[str, Any] | None:
    answer = agent.get(f"/api/registration/v1/outreach/{tin}")
    return answer.json()["items"][0] if answer.status_code == 200 else None


def test_two_agents_give_a_practice_its_manager_and_everybody_hears_of_it__REG_13(
    deployment: Sites, agents: list[Person]
) -> None:
    tin = f"4{uuid.uuid4().int % 10**8:08d}"
    nominee = f"nominee.{uuid.uuid4().hex[:8]}@example.com"
    named = {"first_name": "Ana", "last_name": "Lee", "email": nominee}
    chief, waits = newcomer(deployment, tin, "self"), newcomer(deployment, tin, named)
    first, second = agents
    eventually(lambda: (case_of(first, tin) or {}).get("waiting") == 2, within=LIMIT)
    eventually(lambda: [mail["notice"] for mail in deployment.mails(nominee)] == ["nominee_asked"], within=LIMIT)
    path = f"/api/registration/v1/outreach/{tin}"
    wish = {"user_id": chief.user_id, "lines": [UNKNOWN_LINE], "proof": "The licence, and a call back."}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    proposed = [first.post(f"{path}/appoint", wish, headers=key) for _ in range(2)]
    assert [each.status_code for each in proposed] == [201, 201], proposed[0].text
    assert first.post(f"{path}/confirm").json()["code"] == "second_agent_needed"
    assert chief.post(f"{path}/confirm").status_code == 404
    assert chief.check("delegate_access", tin, UNKNOWN_LINE)["allowed"] is False
    assert second.post(f"{path}/confirm").status_code == 200
    eventually(lambda: chief.check("delegate_access", tin, UNKNOWN_LINE)["allowed"], within=LIMIT)
    eventually(lambda: state_of(waits) == "awaiting", within=LIMIT)
    assert state_of(chief) == "approved"
    eventually(lambda: (case_of(first, tin) or {}).get("outcome") == "manager_found", within=LIMIT)
    for person in (chief, waits):
        eventually(lambda person=person: person.notices().count("manager_appointed") == 1, within=LIMIT)  # type: ignore[misc]
    request = chief.waiting(waits.user_id, tin)
    change = {"tin": tin, "line": UNKNOWN_LINE, "level": "processor", "functions": ["claim_status"]}
    assert chief.give(waits.user_id, [change], request_id=request["id"]).status_code == 200
    assert waits.check("claim_status", tin, UNKNOWN_LINE)["allowed"] is True
