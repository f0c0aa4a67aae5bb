"""Changing access: on what was read, as a whole or not at all, and decided once (ENT-3, ENT-7, REG-12)."""

from __future__ import annotations

import uuid

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.offices import ENT, JANE_DOE, OGYAM, STATE_MEDICAL, Applicant, Staff, cells, change, put
from tests.e2e.people import Person
from tests.e2e.refusals import faults, refused

UNKNOWN_ID = "01890000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def staff(deployment: Deployment, demo_password: str) -> Staff:
    return Staff(deployment, demo_password)


def remove(person: Person, user_id: str, **headers: str) -> httpx.Response:
    return person.call("DELETE", f"{ENT}/users/{user_id}/access", headers=headers)


def test_a_change_names_what_was_read__ENT_7(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "read.before")
    request = applicant.wait_for(staff.manager, OGYAM)[OGYAM]
    path = f"{ENT}/users/{applicant.user_id}/access"
    gift = change("processor", "claim_status", tin=OGYAM)
    refused(put(staff.manager, applicant.user_id, gift, etag=""), 428, "precondition_required")
    refused(remove(staff.manager, applicant.user_id), 428, "precondition_required")
    refused(put(staff.manager, applicant.user_id, gift, etag="no quotes"), 400, "malformed")
    stale = staff.manager.get(path).headers["ETag"]
    refused(put(staff.manager, applicant.user_id, gift, etag='"other"'), 412, "changed_meanwhile")
    refused(put(staff.manager, applicant.user_id, gift, etag=f"W/{stale}"), 412, "changed_meanwhile")
    assert (applicant.state(request), applicant.access) == ("awaiting", [])
    done = put(staff.other_manager, applicant.user_id, gift, etag=staff.other_manager.get(path).headers["ETag"])
    assert done.status_code == 200, done.text
    assert done.headers["ETag"] != stale
    more = change("processor", "claim_status", "eft_view", tin=OGYAM)
    refused(put(staff.manager, applicant.user_id, more, etag=stale), 412, "changed_meanwhile")
    refused(put(staff.manager, applicant.user_id, more, etag=stale, dry_run=True), 412, "changed_meanwhile")
    refused(remove(staff.manager, applicant.user_id, **{"If-Match": stale}), 412, "changed_meanwhile")
    assert [each["functions"] for each in applicant.access] == [["claim_status"]]
    fresh = staff.manager.get(path).headers["ETag"]
    assert put(staff.manager, applicant.user_id, more, etag=f'"x", {fresh}').status_code == 200


def test_a_dry_run_changes_nothing__ENT_7(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "only.previewed")
    request = applicant.wait_for(staff.manager, OGYAM)[OGYAM]
    gift = change("processor", "claim_status", tin=OGYAM)
    seen = put(staff.manager, applicant.user_id, gift, etag="", request_id=request, dry_run=True)
    assert seen.status_code == 200, seen.text
    assert (seen.json()["before"], seen.json()["violations"]) == ([], [])
    (after,) = seen.json()["after"]
    assert set(after) == {
        *("tin", "line", "practice", "practice_lines", "level", "functions", "since", "until", "given_by", "state"),
        *("causes", "suspended_functions"),
    }
    assert (after["level"], after["functions"], after["given_by"]) == ("processor", ["claim_status"], "mmartin5")
    assert (applicant.state(request), applicant.access) == ("awaiting", [])


def test_all_of_it_or_nothing__ENT_7(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "all.or.nothing")
    applicant.wait_for(staff.manager, STATE_MEDICAL)
    good = change("processor", "claim_status")
    wrong_line = change("processor", "claim_status", "precert_view", line="behavioral")
    problem = refused(put(staff.manager, applicant.user_id, good, wrong_line), 409, "function_not_in_line")
    assert cells(problem) == {(STATE_MEDICAL, "behavioral", "precert_view", "function_not_in_line")}
    foreign = change("processor", "claim_status", tin=JANE_DOE)
    problem = refused(put(staff.manager, applicant.user_id, good, wrong_line, foreign), 403, "not_yours_to_give")
    assert {(tin, code) for tin, _, _, code in cells(problem)} == {
        (STATE_MEDICAL, "function_not_in_line"),
        (JANE_DOE, "not_yours_to_give"),
    }
    auditor = change("auditor", "claim_status")
    problem = refused(put(staff.manager, applicant.user_id, auditor), 409, "function_not_in_level")
    assert cells(problem) == {(STATE_MEDICAL, "medical", "claim_status", "function_not_in_level")}
    assert applicant.access == []


def test_what_nobody_could_wish__ENT_7(staff: Staff) -> None:
    user = staff.processor.user_id
    wrong = [
        (change("processor", "no_such"), ("/changes/0/functions/0", "function_unknown")),
        (change("chief", "claim_status"), ("/changes/0/level", "not_a_choice")),
        (change("processor", line="surgery"), ("/changes/0/line", "not_a_choice")),
        (change("processor", tin="12-3456789"), ("/changes/0/tin", "tin_invalid")),
        (change("processor") | {"until": "2020-01-01T00:00:00Z"}, ("/changes/0/until", "until_past")),
        (change("processor") | {"until": "tomorrow"}, ("/changes/0/until", "invalid")),
        (change(None, "claim_status"), ("/changes/0/functions", "functions_without_level")),
        (change("processor") | {"colour": "red"}, ("/changes/0/colour", "unknown_field")),
        ({"tin": OGYAM, "line": "medical"}, ("/changes/0/level", "required")),
        ({"tin": OGYAM, "line": "medical", "level": "processor"}, ("/changes/0/functions", "required")),
    ]
    for each, fault in wrong:
        assert fault in faults(put(staff.manager, user, each)), each
    twice = put(staff.manager, user, change("processor", tin=OGYAM), change("auditor", tin=OGYAM))
    assert faults(twice) == [("/changes/1", "place_duplicate")]
    assert [pointer for pointer, _ in faults(put(staff.manager, user))] == ["/changes"]


def test_the_last_manager_stays__ENT_3(staff: Staff) -> None:
    before = staff.manager.get(f"{ENT}/me/access").json()
    for wish in (
        change(None),
        change("processor", "claim_status"),
        change("primary") | {"until": "2999-01-01T00:00:00Z"},
    ):
        problem = refused(put(staff.manager, "mmartin5", wish), 409, "last_manager")
        assert (STATE_MEDICAL, "medical", None, "last_manager") in cells(problem)
        preview = put(staff.manager, "mmartin5", wish, etag="", dry_run=True)
        assert "last_manager" in {code for *_, code in cells(preview.json())}
    refused(remove(staff.manager, "mmartin5", **{"If-Match": "*"}), 409, "last_manager")
    assert staff.manager.get(f"{ENT}/me/access").json() == before


def test_nobody_rises_by_themselves__GO_2(staff: Staff) -> None:
    answer = put(staff.secondary, "secadm01", change("primary"))
    assert "own_level_upward" in {code for *_, code in cells(refused(answer, 403, answer.json()["code"]))}
    assert {each["level"] for each in staff.secondary.get(f"{ENT}/me/access").json()["items"]} == {"secondary"}


def test_whom_the_caller_does_not_see_is_not_there(deployment: Deployment, staff: Staff) -> None:
    stranger = Applicant(deployment, "unseen.stranger")
    request = stranger.wait_for(staff.manager, STATE_MEDICAL)[STATE_MEDICAL]
    told = []
    for user_id in (stranger.user_id, "nobody.of.that.name", "ünknown id"):
        path = f"{ENT}/users/{user_id}/access"
        told.append(refused(staff.other_manager.get(path), 404, "not_found"))
        refused(put(staff.other_manager, user_id, change("processor", tin=OGYAM)), 404, "not_found")
        refused(remove(staff.other_manager, user_id, **{"If-Match": "*"}), 404, "not_found")
    assert len({each["detail"] for each in told}) == 1
    for identifier in (request, UNKNOWN_ID, uuid.uuid4()):
        refused(staff.other_manager.get(f"{ENT}/requests/{identifier}"), 404, "not_found")
        refused(staff.other_manager.post(f"{ENT}/requests/{identifier}/withdraw"), 404, "not_found")
    refused(staff.manager.post(f"{ENT}/requests/{request}/withdraw"), 404, "not_found")
    mixed = put(staff.manager, "ssmith1234", change("processor", "claim_status"), request_id=request)
    refused(mixed, 404, "not_found")
    assert stranger.state(request) == "awaiting"


def test_a_request_is_decided_once__REG_12(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "decided.once")
    request = applicant.wait_for(staff.manager, OGYAM, STATE_MEDICAL)
    path = f"{ENT}/requests/{request[OGYAM]}"
    gift = change("processor", "claim_status", tin=OGYAM)
    assert faults(staff.manager.post(f"{path}/decline", {"reason": " "})) == [("/reason", "required")]
    assert faults(staff.manager.post(f"{path}/decline", {})) == [("/reason", "required")]
    declined = staff.manager.post(f"{path}/decline", {"reason": "not of our staff"})
    assert (declined.status_code, declined.json()["state"]) == (200, "declined"), declined.text
    for person in (staff.manager, staff.other_manager):
        again = put(person, applicant.user_id, gift, request_id=request[OGYAM])
        refused(again, 409, "request_already_decided")
        refused(person.post(f"{path}/decline", {"reason": "twice"}), 409, "request_already_decided")
    refused(applicant.post(f"{path}/withdraw"), 409, "request_already_decided")
    other = f"{ENT}/requests/{request[STATE_MEDICAL]}"
    assert applicant.post(f"{other}/withdraw").json()["state"] == "withdrawn"
    refused(staff.manager.post(f"{other}/decline", {"reason": "late"}), 409, "request_already_decided")
    assert applicant.access == []
    assert applicant.get(path).json()["reason"] == "not of our staff"
    eventually(lambda: "request_declined" in applicant.notices())
