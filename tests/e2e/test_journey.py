"""The main journey, over HTTP alone: a person registers, a manager approves, the function works."""

from __future__ import annotations

import io
import threading

import httpx
import openpyxl

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.people import Person

STATE_MEDICAL, JANE_DOE = "123456789", "987654321"


def test_registered_approved_and_working__REG_9_REG_12_ENT_10(deployment: Deployment, demo_password: str) -> None:
    applicant = Person(deployment, "zoe.obrien")
    manager = Person(deployment, "mmartin5", demo_password)

    registered = applicant.register([{"tin": STATE_MEDICAL, "line": "medical"}, {"tin": JANE_DOE}])
    assert registered.status_code == 201, registered.text
    assert [(each["tin"], each["state"]) for each in registered.json()["requests"]] == [
        (STATE_MEDICAL, "unconfirmed"),
        (JANE_DOE, "unconfirmed"),
    ]
    assert registered.json()["requests"][0]["manager_count"] >= 1

    early = applicant.post("/api/identity/v1/sign-in", {"user_id": applicant.user_id, "password": applicant.password})
    assert eventually(lambda: early.json().get("state") or "again") in {"confirm_required", "again"}
    assert applicant.confirm().status_code == 204
    applicant.sign_in()
    manager.sign_in()

    request = manager.waiting(applicant.user_id, STATE_MEDICAL)
    assert request["email"] == applicant.email
    given = manager.give(
        applicant.user_id,
        [{"tin": STATE_MEDICAL, "line": "medical", "level": "processor", "functions": ["claim_status"]}],
        request_id=request["id"],
    )
    assert given.status_code == 200, given.text
    assert given.json()["violations"] == []

    assert applicant.check("claim_status", STATE_MEDICAL)["allowed"] is True
    refused = applicant.check("precert_submit", STATE_MEDICAL)
    assert refused["allowed"] is False
    assert refused["reason"]
    eventually(lambda: "request_approved" in applicant.notices())
    eventually(lambda: "request_awaiting" in manager.notices())

    _history_shows_who_did_what(manager, applicant)
    _the_tin_without_manager_has_an_outreach_case(deployment, demo_password)


def _history_shows_who_did_what(manager: Person, applicant: Person) -> None:
    path = "/api/audit/v1/history"

    def given() -> dict[str, object] | None:
        items = manager.get(path, params={"tin": STATE_MEDICAL}).json()["items"]
        return next(
            (each for each in items if each["user_id"] == applicant.user_id and each["changed_by"] == "mmartin5"), None
        )

    entry = eventually(given)
    assert entry["first_name"] == "Zoë"
    book = manager.get(f"{path}.xlsx", params={"tin": STATE_MEDICAL})
    assert book.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in rows if "USER MAKING CHANGE" in row)
    assert header == [
        "USER MAKING CHANGE",
        "TYPE OF CHANGE",
        "FIRST NAME",
        "MIDDLE INITIAL",
        "LAST NAME",
        "TEMPORARY ID",
        "HAS USER REGISTERED?",
        "PERMANENT ID",
        "EMAIL",
        "PHONE",
        "DATE/TIME UPDATED",
    ]
    assert any(row[0] == "mmartin5" and row[7] == applicant.user_id for row in rows)


def _the_tin_without_manager_has_an_outreach_case(deployment: Deployment, demo_password: str) -> None:
    support = Person(deployment, "support1", demo_password)
    support.sign_in()

    def case() -> httpx.Response | None:
        answer = support.get(f"/api/registration/v1/outreach/{JANE_DOE}")
        return answer if answer.status_code == 200 else None

    assert JANE_DOE in eventually(case).text


def test_two_managers_who_decide_at_once_get_one_decision__REG_12(deployment: Deployment, demo_password: str) -> None:
    applicant = Person(deployment, "twice.decided")
    assert applicant.register([{"tin": "223344556"}]).status_code == 201
    assert applicant.confirm().status_code == 204
    managers = [Person(deployment, name, demo_password) for name in ("mmartin5", "geogym1")]
    for manager in managers:
        manager.sign_in()
    request = managers[0].waiting(applicant.user_id, "223344556")
    managers[1].waiting(applicant.user_id, "223344556")
    path = f"/api/entitlements/v1/users/{applicant.user_id}/access"
    etags = [manager.get(path).headers["ETag"] for manager in managers]
    answers: list[httpx.Response] = []
    start = threading.Barrier(2)

    def decide(manager: Person, etag: str) -> None:
        change = {"tin": "223344556", "line": "medical", "level": "processor", "functions": ["claim_status"]}
        start.wait(60)
        answers.append(manager.give(applicant.user_id, [change], request_id=request["id"], etag=etag))

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(managers, etags, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert min(answer.status_code for answer in answers) == 200
    lost = next(answer for answer in answers if answer.status_code != 200)
    assert (lost.status_code, lost.json()["code"]) == (409, "request_already_decided")
