"""Dashboard, messages, one's own access, and the delegation history."""

from __future__ import annotations

from html import unescape

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.practices import OGYAM, STATE_MEDICAL, access, everybody, listed, manager, request
from tests.unit.portal.test_approval import link
from tests.unit.portal.world import World

HISTORY = "/api/audit/v1/history"
MESSAGE = "0b1f2f3a-0000-7000-8000-000000000001"


@pytest.fixture
def person(world: World) -> World:
    """Somebody who works at one practice and waits at another."""
    everybody(world)
    held = access(STATE_MEDICAL, "medical", "processor", "claim_status")
    world.api.says("GET", "/api/entitlements/v1/me/access", listed(held))
    world.api.says("GET", "/api/entitlements/v1/requests", listed(request(OGYAM)))
    world.sign_in("ssmith1234")
    return world


def test_managers_see_first_who_waits_then_who_manages_alone__ENT_3(world: World) -> None:
    manager(world)
    world.sign_in()
    text = unescape(world.get("/dashboard").text)
    assert text.index("Zoë O’Brien") < text.index("Name a second access manager") < text.index("What would you like")
    assert text.count("name a second<") == 1


def test_others_see_what_is_open_and_who_can_give_more__REG_12(person: World) -> None:
    text = unescape(person.get("/dashboard").text)
    assert "Claim status and remittance reports" in text
    assert "Mary Martin" in text
    assert "Manage user access" not in text


def withdraw_from_the_dashboard(person: World) -> str:
    person.get("/dashboard")
    forms = [part.split('"')[0] for part in person.page.split('action="')[1:]]
    (path,) = [each for each in forms if each.endswith("/withdraw")]
    answer = person.post(path)
    assert answer.status_code == 303
    return str(answer.location)


def test_what_one_waits_for_can_be_taken_back_from_the_dashboard__REG_12(person: World) -> None:
    waiting = request(OGYAM)
    path = f"/api/entitlements/v1/requests/{waiting['id']}/withdraw"
    person.api.says("POST", path, waiting | {"state": "withdrawn"})
    assert withdraw_from_the_dashboard(person).endswith("/settings/online-access")
    assert len(person.api.made("POST", path)) == 1
    assert waiting["id"] not in person.page
    person.api.says("POST", path, ProblemError(409, "request_already_decided"))
    assert withdraw_from_the_dashboard(person).endswith("/settings/online-access"), "it is seen as it is"


def test_a_site_shows_the_practices_with_its_lines__ENT_15(person: World) -> None:
    person.site = "behavioral"
    person.sign_in("ssmith1234")
    person.api.says("GET", "/api/entitlements/v1/me/access", listed(access(STATE_MEDICAL), access(OGYAM)))
    text = person.get("/settings/online-access").text
    assert "State Medical Center" in text
    assert "OGYAM" not in text


def test_the_number_of_unread_messages_is_in_the_navigation(person: World) -> None:
    assert 'count">2<' in person.get("/dashboard").text


def test_a_message_is_marked_as_read(person: World) -> None:
    item = {"id": MESSAGE, "subject": "Approved", "text": "Yes", "at": "2026-03-01T15:00:00Z", "read": False}
    person.api.says("GET", "/api/notify/v1/me/messages", listed(item, unread=1))
    person.api.says("POST", f"/api/notify/v1/me/messages/{MESSAGE}/read", None)
    person.get("/messages")
    assert MESSAGE not in person.page
    path = person.page.split('action="')[2].split('"')[0]
    assert person.post(path).status_code == 303
    assert len(person.api.made("POST", f"/api/notify/v1/me/messages/{MESSAGE}/read")) == 1


def test_my_access_says_what_since_when_by_whom_and_who_manages__ENT_9(person: World) -> None:
    text = unescape(person.get("/settings/online-access").text)
    for shown in ("Processor", "March 1, 2026", "mmartin5", "Mary Martin", "State Medical Center"):
        assert shown in text


def test_a_further_tin_is_asked_for_by_line__REG_12(person: World) -> None:
    practice = {"tin": "987654321", "associated": True, "name": "Jane Doe MD", "lines": ["medical", "dental"]}
    person.api.says("GET", "/api/registration/v1/practices/987654321", practice)
    person.api.says("POST", "/api/entitlements/v1/requests", request("987654321"))
    person.get("/settings/online-access/ask")
    assert person.post("/settings/online-access/ask", {"tin": "98-765"}).status_code == 422
    assert "Jane Doe MD" in person.post("/settings/online-access/ask", {"tin": "98-7654321"}).text
    form = {"tin": "98-7654321", "line": "dental", "step": "line"}
    assert person.post("/settings/online-access/ask", form).location.endswith("/asked")
    asked = person.api.made("POST", "/api/entitlements/v1/requests")[-1]
    assert asked.body == {"tin": "987654321", "line": "dental"}
    person.api.says("POST", "/api/entitlements/v1/requests", ProblemError(409, "request_already_open"))
    person.get("/settings/online-access/ask")
    assert "already" in person.post("/settings/online-access/ask", form).text


def change() -> dict[str, object]:
    grant = {"level": "processor", "functions": ["claim_status"], "until": None}
    return {
        "at": "2026-03-01T15:00:00Z",
        "changed_by": "mmartin5",
        "type": "access_given",
        "type_title": "Access given",
        "user_id": "ssmith1234",
        "first_name": "Sally",
        "middle_initial": None,
        "last_name": "Smith",
        "temporary_id": "ssmith1234",
        "registered": True,
        "email": "sally@example.com",
        "phone": None,
        "tin": STATE_MEDICAL,
        "line": "medical",
        "details": {"before": None, "after": grant, "request_id": None, "reason": None},
    }


def test_the_history_is_filtered_and_paged__AUD_2(world: World) -> None:
    manager(world)
    world.api.says("GET", HISTORY, listed(change()) | {"next": "Y3Vyc29y"})
    world.sign_in()
    text = world.get("/history?from=2026-03-01&to=2026-03-31&type=access_given").text
    assert "Sally Smith" in text
    query = world.api.made("GET", HISTORY)[-1].query or {}
    assert (query["from"], query["to"]) == ("2026-03-01T00:00:00-05:00", "2026-04-01T00:00:00-04:00")
    assert query["type"] == "access_given"
    world.get(link(world, "Next page"))
    assert (world.api.made("GET", HISTORY)[-1].query or {})["cursor"] == "Y3Vyc29y"


def test_the_history_is_handed_on_as_a_file__AUD_2(world: World) -> None:
    manager(world)
    world.api.says("GET", HISTORY, listed(change()))
    world.api.says("GET", f"{HISTORY}.csv", b"USER MAKING CHANGE\r\n")
    world.sign_in()
    world.get("/history?type=access_given")
    answer = world.get(link(world, "Download as CSV"))
    assert answer.data == b"USER MAKING CHANGE\r\n"
    assert answer.headers["Content-Disposition"] == "attachment; filename=delegation-history.csv"
    call = world.api.made("GET", f"{HISTORY}.csv")[-1]
    assert (call.query or {})["type"] == "access_given"
    assert call.calling.token == "access-0"


def test_a_wrong_day_is_said_beside_its_field(world: World) -> None:
    manager(world)
    world.sign_in()
    assert world.get("/history?from=yesterday").status_code == 422


def test_what_is_missing_is_named_with_whoever_can_give_it__GO_6(person: World) -> None:
    missing = unescape(person.get("/settings/online-access").text).partition("What I may not do yet")[2]
    missing = missing.partition("</details>")[0]
    assert "Patient eligibility and coverage" in missing
    assert "Claim status" not in missing, "that one has"
    assert "Mary Martin" in missing


def test_a_page_that_one_may_not_open_leads_to_who_can_change_that__GO_6(person: World) -> None:
    answer = person.get("/users")
    assert answer.status_code == 403
    assert 'href="/settings/online-access"' in answer.text.partition("<main")[2]
