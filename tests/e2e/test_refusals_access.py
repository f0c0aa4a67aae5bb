"""Giving access: nobody gives more than `delegation.md` lets them, and a refusal changes nothing (ENT-4, GO-2)."""

from __future__ import annotations

import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.offices import ENT, OGYAM, STATE_MEDICAL, Applicant, Staff, cells, change, put
from tests.e2e.refusals import refused


@pytest.fixture(scope="module")
def staff(deployment: Deployment, demo_password: str) -> Staff:
    return Staff(deployment, demo_password)


def test_only_administrators_decide__ENT_2(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "decided.by.few")
    request = applicant.wait_for(staff.manager, OGYAM, STATE_MEDICAL)
    gift = change("processor", "claim_status", tin=OGYAM)
    for person in (staff.processor, staff.auditor, staff.support, staff.secondary):
        refused(person.get(f"{ENT}/requests/{request[OGYAM]}"), 404, "not_found")
        decline = person.post(f"{ENT}/requests/{request[OGYAM]}/decline", {"reason": "no"})
        refused(decline, 404, "not_found")
        answer = put(person, applicant.user_id, gift, request_id=request[OGYAM])
        refused(answer, 404, "not_found")
    for person in (staff.processor, staff.auditor):
        assert person.get(f"{ENT}/requests").json()["items"] == []
        assert person.get(f"{ENT}/users").json()["items"] == []
        refused(person.get(f"{ENT}/users/{applicant.user_id}"), 404, "not_found")
        refused(person.get(f"{ENT}/users/{applicant.user_id}/access"), 404, "not_found")
    refused(
        staff.secondary.post(f"{ENT}/requests/{request[STATE_MEDICAL]}/decline", {"reason": "no"}),
        403,
        "not_yours_to_decide",
    )
    assert [applicant.state(each) for each in request.values()] == ["awaiting", "awaiting"]
    assert applicant.access == []


def test_nobody_decides_their_own_request__GO_2(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "decides.alone")
    request = applicant.wait_for(staff.manager, STATE_MEDICAL)[STATE_MEDICAL]
    own = change("processor", "claim_status")
    problem = refused(put(applicant, applicant.user_id, own, request_id=request), 403, "not_yours_to_give")
    assert {code for *_, code in cells(problem)} == {"not_yours_to_give", "own_level_upward", "own_request"}
    refused(put(applicant, applicant.user_id, change("primary")), 403, "not_yours_to_give")
    answer = applicant.post(f"{ENT}/requests/{request}/decline", {"reason": "no"})
    refused(answer, 403, "own_request")
    assert (applicant.state(request), applicant.access) == ("awaiting", [])


def test_a_secondary_gives_what_they_hold__ENT_4(deployment: Deployment, staff: Staff) -> None:
    applicant = Applicant(deployment, "given.by.second")
    request = applicant.wait_for(staff.manager, STATE_MEDICAL)[STATE_MEDICAL]
    path = f"{ENT}/users/{applicant.user_id}/access"
    etag = staff.secondary.get(path).headers["ETag"]
    too_much = change("processor", "claim_status", "claim_adjustment", "precert_submit")
    expected = {
        (STATE_MEDICAL, "medical", "claim_adjustment", "not_yours_to_give"),
        (STATE_MEDICAL, "medical", "precert_submit", "not_yours_to_give"),
    }
    answer = put(staff.secondary, applicant.user_id, too_much, etag=etag, request_id=request)
    assert cells(refused(answer, 403, "not_yours_to_give")) == expected
    for level in ("primary", "secondary", "auditor"):
        functions = ["history_report"] if level == "auditor" else ["claim_status"]
        answer = put(staff.secondary, applicant.user_id, change(level, *functions), etag=etag)
        problem = refused(answer, 403, "not_yours_to_give")
        assert (STATE_MEDICAL, "medical", None, "not_yours_to_give") in cells(problem)
    delegate = put(staff.secondary, applicant.user_id, change("processor", "delegate_access"), etag=etag)
    refused(delegate, 403, "not_yours_to_give")
    elsewhere = [change("processor", "claim_status"), change("processor", "claim_status", tin=OGYAM)]
    problem = refused(put(staff.secondary, applicant.user_id, *elsewhere, etag=etag), 403, "not_yours_to_give")
    assert {tin for tin, *_ in cells(problem)} == {OGYAM}
    preview = put(staff.secondary, applicant.user_id, too_much, etag="", dry_run=True)
    assert preview.status_code == 200
    assert cells(preview.json()) == expected
    assert (applicant.state(request), applicant.access) == ("awaiting", [])
    assert staff.secondary.get(path).headers["ETag"] == etag
    given = put(staff.secondary, applicant.user_id, change("processor", "claim_status"), etag=etag, request_id=request)
    assert (given.status_code, given.json()["violations"]) == (200, []), given.text
    assert applicant.state(request) == "approved"
