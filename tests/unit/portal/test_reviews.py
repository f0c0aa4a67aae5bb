"""Access reviews in the portal: begin one, decide row by row or several at once, take the outcome along (ENT-13)."""

from __future__ import annotations

import re

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.practices import REVIEW, REVIEWED, STATE_MEDICAL, administered, listed, manager, review
from tests.unit.portal.test_approval import link
from tests.unit.portal.world import World

PATH = "/api/entitlements/v1/reviews"
SALLY, SEC = (each["id"] for each in REVIEWED[:2])


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return world


def opened(world: World) -> str:
    world.get("/reviews")
    path = link(world, "Review")
    assert world.get(path).status_code == 200
    return path


def test_the_dashboard_says_how_much_there_is_to_decide__ENT_13(managing: World) -> None:
    assert "Access reviews: 2 to decide" in managing.get("/dashboard").text


def test_no_address_names_a_review_a_person_or_a_tin(managing: World) -> None:
    path = opened(managing)
    confirmation = managing.post(path, {f"row-{SALLY}": "remove"}).location
    for page in ("/reviews", path, confirmation):
        managing.get(page)
        for address in re.findall(r'(?:href|action)="([^"]+)"', managing.page):
            assert not re.search(rf"{REVIEW}|ssmith|{STATE_MEDICAL}", address), address


def test_a_review_is_begun_and_one_at_a_time__ENT_13(managing: World) -> None:
    managing.api.says("GET", PATH, listed())
    managing.get("/reviews")
    assert managing.post("/reviews", {}).status_code == 422
    (tin,) = re.findall(r'<option value="([^"]+)"[^>]*>State Medical', managing.page)
    assert managing.post("/reviews", {"practice": tin}).status_code == 303
    assert managing.api.made("POST", PATH)[-1].body == {"tin": STATE_MEDICAL}
    managing.api.says("POST", PATH, ProblemError(409, "review_already_open"))
    answer = managing.post("/reviews", {"practice": tin})
    assert answer.status_code == 422
    assert "There is an open review of this practice already" in answer.text


def test_row_by_row_and_the_rest_at_once_are_looked_at_once_more__ENT_13(managing: World) -> None:
    path = opened(managing)
    assert managing.post(path, {}).status_code == 422
    confirmation = managing.post(path, {f"row-{SALLY}": "remove", "rest": "keep"}).location
    managing.get(confirmation)
    assert managing.api.made("POST", f"{PATH}/.*") == []
    removed, kept = managing.page.index("Person ssmith1234"), managing.page.index("Person secadm01")
    assert managing.page.index("Removed") < removed < managing.page.index(">Kept<") < kept
    done = managing.post(confirmation)
    assert managing.api.made("POST", f"{PATH}/{REVIEW}/decisions")[-1].body["decisions"] == [
        {"item": SALLY, "decision": "remove", "version": "access-1"},
        {"item": SEC, "decision": "keep", "version": "access-2"},
    ]
    assert "Your decisions are done" in managing.get(done.location).text


def test_what_is_not_ones_own_to_decide_cannot_be_chosen__ENT_13(managing: World) -> None:
    path = opened(managing)
    own = REVIEWED[2]["id"]
    assert f'name="row-{own}"' not in managing.page
    assert managing.post(path, {f"row-{own}": "keep"}).status_code == 422


@pytest.mark.parametrize("code", ["already_reviewed", "changed_meanwhile", "own_access_review", "last_manager"])
def test_a_refusal_says_that_nothing_was_done__ENT_7_ENT_13(managing: World, code: str) -> None:
    confirmation = managing.post(opened(managing), {"rest": "remove"}).location
    managing.get(confirmation)
    managing.api.says("POST", f"{PATH}/.*", ProblemError(409, code))
    answer = managing.post(confirmation)
    assert answer.status_code == 409
    assert "Nothing was done yet." in answer.text


def test_a_finished_review_shows_its_outcome_and_is_downloaded__ENT_13(managing: World) -> None:
    done = review(state="closed", closed_at="2026-03-20T15:00:00Z", undecided=0, yours=0, items=REVIEWED[3:], next=None)
    managing.api.says("GET", f"{PATH}/{REVIEW}", done)
    managing.api.says("GET", f"{PATH}/{REVIEW}/export.xlsx", b"a workbook")
    opened(managing)
    assert "This review is finished" in managing.page
    found = managing.get(link(managing, "Download as a workbook"))
    assert found.data == b"a workbook"
    assert found.headers["Content-Disposition"] == "attachment; filename=access-review.xlsx"


def test_whoever_manages_nothing_and_reviews_nothing_is_not_let_in__ENT_13(world: World) -> None:
    manager(world, administered(STATE_MEDICAL, level="secondary"))
    world.api.says("GET", PATH, listed())
    world.sign_in("secadm01")
    assert world.get("/reviews").status_code == 403
