"""Approving and declining somebody who waits."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.practices import ETAG, REQUEST, STATE_MEDICAL, access, manager, request
from tests.unit.portal.world import World

PUT = "/api/entitlements/v1/users/zoe.obrien/access"
PROCESSOR = {f"level-{STATE_MEDICAL}-medical": "processor", f"may-{STATE_MEDICAL}-medical": ["claim_status"]}


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return world


def link(world: World, text: str) -> str:
    """Where a link of the last page leads."""
    found = re.search(rf'href="([^"]+)"[^>]*>{re.escape(text)}', world.page)
    assert found, text
    return unescape(found[1])


def review(world: World) -> str:
    world.get("/dashboard")
    path = link(world, "Review")
    assert world.get(path).status_code == 200
    return path


def link_of_review(world: World) -> str:
    world.get("/dashboard")
    return link(world, "Review")


def preview(world: World) -> str:
    path = review(world)
    answer = world.post(path, PROCESSOR)
    assert answer.status_code == 303, answer.text
    assert world.get(answer.location).status_code == 200
    return str(answer.location)


def test_the_applicant_is_shown_with_the_matrix__ENT_7(managing: World) -> None:
    review(managing)
    text = unescape(managing.page)
    for shown in ("Zoë O’Brien", "Billing or revenue cycle: operations", "zoe@example.com", "(860) 555-0142"):
        assert shown in text
    assert 'value="patient_coverage" checked' in text
    assert 'value="claim_status" checked' not in text


def test_no_address_names_a_person_a_tin_or_a_request(managing: World) -> None:
    path = preview(managing)
    for page in ("/dashboard", "/users", path):
        managing.get(page)
        for address in re.findall(r'(?:href|action)="([^"]+)"', managing.page):
            assert not re.search(rf"zoe|ssmith|{STATE_MEDICAL}|{REQUEST}", address), address


def test_the_preview_changes_nothing__ENT_7(managing: World) -> None:
    preview(managing)
    assert "Confirm these changes" in managing.page
    assert "Claim status and remittance reports" in managing.page
    assert all(call.body["dry_run"] for call in managing.api.made("PUT", PUT))


def test_confirming_is_for_what_was_shown__ENT_7(managing: World) -> None:
    path = preview(managing)
    answer = managing.post(path)
    assert answer.location == f"{path}/done"
    call = managing.api.made("PUT", PUT)[-1]
    assert call.headers == {"If-Match": ETAG}
    assert call.form_key
    change = {"tin": STATE_MEDICAL, "line": "medical", "level": "processor", "functions": ["claim_status"]}
    assert call.body == {"changes": [change], "request_id": REQUEST}
    managing.get(answer.location)
    assert "data-print" in managing.page


def test_a_double_click_gives_once(managing: World) -> None:
    path = preview(managing)
    page = managing.page
    managing.post(path)
    managing.page = page
    assert managing.post(path).location == f"{path}/done"
    assert sum("dry_run" not in call.body for call in managing.api.made("PUT", PUT)) == 1


def test_a_change_in_between_leads_to_the_preview_again__ENT_7(managing: World) -> None:
    path = preview(managing)
    body = {"before": [], "after": [access(STATE_MEDICAL)], "violations": []}
    managing.api.says(
        "PUT",
        PUT,
        lambda call: (
            Answer(200, body, {"ETag": '"v2"'}) if call.body.get("dry_run") else ProblemError(412, "changed_meanwhile")
        ),
    )
    answer = managing.post(path)
    assert answer.status_code == 409
    assert "Somebody else changed this access meanwhile" in answer.text
    managing.post(path)
    assert managing.api.made("PUT", PUT)[-2].headers == {"If-Match": '"v2"'}


def test_whoever_comes_second_is_told_plainly__REG_12(managing: World) -> None:
    path = preview(managing)
    managing.api.says("PUT", PUT, ProblemError(409, "request_already_decided"))
    managing.api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", request(state="declined"))
    answer = managing.post(path)
    assert answer.status_code == 409
    assert "This is decided already" in answer.text
    assert "Somebody was faster" in answer.text
    managing.get("/dashboard")
    assert managing.get(link(managing, "Review")).status_code == 409


@pytest.mark.parametrize(
    ("state", "said"), [("approved", "You approved the request"), ("declined", "You declined the")]
)
def test_whoever_decided_sees_their_own_decision_as_done__REG_12(managing: World, state: str, said: str) -> None:
    path, review_path = preview(managing), link_of_review(managing)
    mine = request(state=state, decided_by="mmartin5", decided_at="2026-03-02T15:00:00Z")
    managing.api.says("PUT", PUT, ProblemError(409, "request_already_decided"))
    managing.api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", mine)
    for answer in (managing.post(path), managing.get(review_path), managing.get(f"{review_path}/decline")):
        assert answer.status_code == 200
        assert said in answer.text
        assert "Somebody was faster" not in answer.text


@pytest.mark.parametrize(("state", "said"), [("withdrawn", "took the request back"), ("expired", "has expired")])
def test_an_end_without_a_decision_is_said_as_it_is__REG_12(managing: World, state: str, said: str) -> None:
    path = review(managing)
    managing.api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", request(state=state, decided_by="zoe.obrien"))
    answer = managing.get(path)
    assert said in answer.text
    assert "Somebody was faster" not in answer.text


def test_what_a_rule_forbids_is_said_and_cannot_be_confirmed__ENT_4(managing: World) -> None:
    violation = {"tin": STATE_MEDICAL, "line": "medical", "code": "not_yours_to_give", "function": "claim_status"}
    body = {"before": [], "after": [], "violations": [{**violation, "detail": "English"}]}
    managing.api.says("PUT", PUT, Answer(200, body, {"ETag": ETAG}))
    preview(managing)
    assert "you can only change what you administer" in managing.page
    assert "Confirm</button>" not in managing.page


def test_going_back_loses_nothing__ENT_7(managing: World) -> None:
    preview(managing)
    managing.get(link(managing, "Previous"))
    assert 'value="claim_status" checked' in managing.page
    assert 'value="patient_coverage" checked' not in managing.page


def test_no_level_is_no_approval(managing: World) -> None:
    answer = managing.post(review(managing), {f"level-{STATE_MEDICAL}-medical": "none"})
    assert answer.status_code == 422
    assert "to refuse, use “Decline”" in answer.text


def test_declining_takes_a_reason__REG_12(managing: World) -> None:
    declining = f"{review(managing)}/decline"
    managing.get(declining)
    assert managing.post(declining, {"reason": "  "}).status_code == 422
    path = f"/api/entitlements/v1/requests/{REQUEST}/decline"
    managing.api.says("POST", path, request(state="declined"))
    assert managing.post(declining, {"reason": "Not one of us"}).status_code == 303
    assert managing.api.made("POST", path)[-1].body == {"reason": "Not one of us"}


def test_a_double_click_declines_once__REG_12(managing: World) -> None:
    declining = f"{review(managing)}/decline"
    managing.get(declining)
    page, path = managing.page, f"/api/entitlements/v1/requests/{REQUEST}/decline"
    managing.api.says("POST", path, request(state="declined"))
    for _ in range(2):
        managing.page = page
        assert managing.post(declining, {"reason": "Not one of us"}).status_code == 303
    first, second = managing.api.made("POST", path)
    assert first.form_key
    assert (first.form_key, first.body) == (second.form_key, second.body)


def test_a_form_of_a_session_that_is_over_says_so_and_changes_nothing__IDN_10(managing: World) -> None:
    path = preview(managing)
    managing.sessions.rows.clear()
    answer = managing.post(path)
    assert answer.status_code == 401
    assert "What you just sent was not carried out" in answer.text
    assert all(call.body["dry_run"] for call in managing.api.made("PUT", PUT))


def test_two_tabs_do_not_mix_their_changes__ENT_7(managing: World) -> None:
    first, page = preview(managing), managing.page
    second = preview(managing)
    assert first != second
    managing.page = page
    assert managing.post(first).location == f"{first}/done"
    assert "Nothing is changed yet" in managing.get(second).text
