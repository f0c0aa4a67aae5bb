"""What belongs to somebody else is not there, and what needs a standing is refused without it (`api.md`, Manner)."""

from __future__ import annotations

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.offices import ENT, JANE_DOE, OGYAM, STATE_MEDICAL, Applicant, Staff
from tests.e2e.refusals import faults, refused

UNKNOWN_ID = "01890000-0000-7000-8000-000000000000"
MESSAGES, HISTORY = "/api/notify/v1/me/messages", "/api/audit/v1/history"


@pytest.fixture(scope="module")
def staff(deployment: Deployment, demo_password: str) -> Staff:
    return Staff(deployment, demo_password)


@pytest.fixture(scope="module")
def applicant(deployment: Deployment, staff: Staff) -> Applicant:
    person = Applicant(deployment, "keeps.to.self")
    made = person.register([{"tin": OGYAM}, {"tin": JANE_DOE}])
    assert made.status_code == 201
    person.registration_id = made.json()["id"]
    assert person.confirm().status_code == 204
    person.sign_in()
    staff.manager.waiting(person.user_id, OGYAM)
    return person


def test_a_registration_is_its_applicants__REG_10(staff: Staff, applicant: Applicant) -> None:
    path = f"/api/registration/v1/registrations/{applicant.registration_id}"
    eventually(lambda: [each["state"] for each in applicant.get(path).json()["requests"]] == ["awaiting", "no_manager"])
    shown = applicant.get(path).json()
    assert (shown["id"], shown["user_id"], shown["state"]) == (
        applicant.registration_id,
        applicant.user_id,
        "confirmed",
    )
    for person in (staff.manager, staff.support, staff.processor):
        refused(person.get(path), 404, "not_found")
    refused(applicant.get(f"/api/registration/v1/registrations/{UNKNOWN_ID}"), 404, "not_found")
    refused(applicant.get("/api/registration/v1/registrations/not-an-id"), 404, "not_found")


def test_a_message_is_its_readers(staff: Staff, applicant: Applicant) -> None:
    def about_it() -> dict[str, object] | None:
        items = staff.manager.get(MESSAGES).json()["items"]
        return next((each for each in items if each["notice"] == "request_awaiting" and not each["read"]), None)

    message = eventually(about_it)
    assert set(message) == {"id", "notice", "subject", "text", "at", "read"}
    path = f"{MESSAGES}/{message['id']}/read"
    for person in (applicant, staff.support):
        refused(person.post(path), 404, "not_found")
    refused(staff.manager.post(f"{MESSAGES}/{UNKNOWN_ID}/read"), 404, "not_found")
    unread = staff.manager.get(MESSAGES).json()["unread"]
    assert staff.manager.post(path).status_code == 204
    assert staff.manager.post(path).status_code == 204
    assert staff.manager.get(MESSAGES).json()["unread"] == unread - 1


def test_a_check_is_about_oneself__ENT_10(staff: Staff) -> None:
    question = {"user_id": "geogym1", "function": "claim_status", "tin": OGYAM, "line": "medical"}
    refused(staff.manager.post(f"{ENT}/check", question), 403, "not_yours_to_check")
    own = question | {"user_id": "MMARTIN5"}
    mixed = staff.manager.post(f"{ENT}/check/batch", {"checks": [own, question]})
    refused(mixed, 403, "not_yours_to_check")
    assert staff.manager.post(f"{ENT}/check", own).json()["allowed"] is True
    results = staff.manager.post(f"{ENT}/check/batch", {"checks": [own] * 1000}).json()["results"]
    assert len(results) == 1000
    too_many = staff.manager.post(f"{ENT}/check/batch", {"checks": [own] * 1001})
    assert [pointer for pointer, _ in faults(too_many)] == ["/checks"]
    assert faults(staff.manager.post(f"{ENT}/check", own | {"tin": "1"})) == [("/tin", "tin_invalid")]
    assert faults(staff.manager.post(f"{ENT}/check/batch", {"checks": [own, own | {"line": "x"}]})) == [
        ("/checks/1/line", "not_a_choice")
    ]
    unknown = staff.manager.post(f"{ENT}/check", own | {"function": "no_such"}).json()
    assert (unknown["allowed"], bool(unknown["reason"])) == (False, True)


def test_a_practice_shows_itself_to_its_own__ENT_9(staff: Staff, applicant: Applicant) -> None:
    managers = f"{ENT}/practices/{OGYAM}/managers"
    for person in (staff.manager, staff.processor, applicant, staff.support):
        assert person.get(managers).status_code == 200
    shown = applicant.get(managers).json()["items"][0]
    assert {name for name, value in shown.items() if value is not None} == {"name", "line"}
    refused(staff.auditor.get(managers), 404, "not_found")
    refused(staff.manager.get(f"{ENT}/practices/999999999/managers"), 404, "not_found")
    for person in (staff.processor, staff.auditor, applicant):
        refused(person.get(f"{ENT}/practices/{OGYAM}/access"), 404, "not_found")
    query = {"user_id": "geogym1", "function": "claim_status", "tin": OGYAM, "line": "medical"}
    refused(applicant.get(f"{ENT}/explain", params=query), 404, "not_found")
    assert staff.manager.get(f"{ENT}/explain", params=query).json()["allowed"] is True


def test_the_history_is_for_administrators_and_auditors__AUD_2(staff: Staff, applicant: Applicant) -> None:
    for person in (staff.processor, applicant):
        refused(person.get(HISTORY), 403, "not_yours_to_see")
        for document in (HISTORY, f"{HISTORY}.csv", f"{HISTORY}.xlsx"):
            refused(person.get(document, params={"tin": OGYAM}), 404, "not_found")
    refused(staff.secondary.get(HISTORY, params={"tin": OGYAM}), 404, "not_found")
    assert staff.auditor.get(HISTORY, params={"tin": STATE_MEDICAL}).status_code == 200
    assert faults(staff.support.get(HISTORY)) == [("/reason", "reason_required")]
    assert staff.support.get(HISTORY, params={"reason": "asked by the practice"}).status_code == 200
    assert faults(staff.manager.get(HISTORY, params={"tin": "12"})) == [("/tin", "tin_invalid")]
    assert faults(staff.manager.get(HISTORY, params={"from": "then"})) == [("/from", "moment_invalid")]


def test_support_alone_sees_what_is_supports__REG_13(staff: Staff, applicant: Applicant) -> None:
    eventually(lambda: staff.support.get(f"/api/registration/v1/outreach/{JANE_DOE}").status_code == 200)
    for person in (staff.manager, staff.auditor, applicant):
        refused(person.get("/api/registration/v1/outreach"), 404, "not_found")
        refused(person.get(f"/api/registration/v1/outreach/{JANE_DOE}"), 404, "not_found")
        refused(person.get("/api/audit/v1/entries"), 403, "scope_missing")
    refused(staff.support.get("/api/registration/v1/outreach/999999999"), 404, "not_found")
    assert staff.support.get("/api/audit/v1/entries").status_code == 200
    wrong = staff.support.get("/api/registration/v1/outreach", params={"state": "lost"})
    assert faults(wrong) == [("/state", "not_a_choice")]


def test_asking_for_a_further_tin__REG_12(staff: Staff) -> None:
    person, path = staff.processor, f"{ENT}/requests"

    def mine() -> list[str]:
        return [each["id"] for each in person.get(path, params={"mine": "true"}).json()["items"]]

    earlier = mine()
    refused(person.post(path, {"tin": OGYAM, "line": "medical"}), 409, "access_already_held")
    refused(person.post(path, {"tin": STATE_MEDICAL, "line": "dental"}), 409, "line_not_offered")
    assert mine() == earlier
    made = person.post(path, {"tin": STATE_MEDICAL, "line": "behavioral"})
    assert (made.status_code, made.json()["state"]) == (201, "awaiting"), made.text
    refused(person.post(path, {"tin": STATE_MEDICAL, "line": "behavioral"}), 409, "request_already_open")
    assert mine() == [*earlier, made.json()["id"]]
    assert person.post(f"{path}/{made.json()['id']}/withdraw").status_code == 200


def test_the_mailbox_is_exact(deployment: Deployment, applicant: Applicant) -> None:
    shown = httpx.get(deployment.url("/dev/messages"), params={"to": applicant.email, "channel": "email"}).json()
    assert {each["to"] for each in shown["items"]} == {applicant.email}
    assert set(shown["items"][0]) == {"id", "notice", "channel", "to", "subject", "text", "html", "sent_at"}
    assert httpx.get(deployment.url("/dev/messages"), params={"to": applicant.email[1:]}).json() == {"items": []}
    assert httpx.get(deployment.url("/dev/messages"), params={"channel": "pigeon"}).json() == {"items": []}
