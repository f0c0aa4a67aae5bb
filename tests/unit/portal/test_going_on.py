"""A registration goes on after its visit has ended, from what its page holds of it (REG-9, ADR 0038)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.portal.api.registration.going_on import HOLDS_FOR
from tests.unit.portal.applicants import ACCOUNT, Applicant
from tests.unit.portal.inviting import SECRETS, inviting, opens

WENT_ON = "Nobody was here for a while."


def end_visit(applicant: Applicant, **passed: float) -> None:
    """By nobody doing anything for so long; the browser keeps its cookie."""
    applicant.world.clock.advance(**(passed or {"minutes": 31}))
    applicant.world.sessions.rows.clear()


def test_what_was_typed_into_the_step_and_before_it_is_there_again__REG_9(applicant: Applicant) -> None:
    applicant.come_to_account(**{"tin-0": "223344556", "tin-1": "123456789"})
    end_visit(applicant)
    assert applicant.world.post("/register/account", ACCOUNT).location == "/register/account"
    page = applicant.world.get("/register/account").text
    assert WENT_ON in page
    assert [value for value in ("Hartford", "Schnürli", "zoe.obrien") if f'value="{value}"' not in page] == []
    assert "Only the password is to be typed anew." in page
    assert ACCOUNT["password"] not in page
    assert applicant.world.post("/register/account", ACCOUNT).location == "/register/review"
    review = applicant.world.get("/register/review").text
    assert WENT_ON not in review
    assert "State Medical Center" in review


def test_rows_are_there_again_and_nothing_is_judged_yet__REG_9(applicant: Applicant) -> None:
    applicant.come_to_tins()
    end_visit(applicant)
    form = {"has_tin": "yes", "tin-0": "223344556", "tin-1": "12", "go": "next"}
    assert applicant.world.post("/register/tins", form).location == "/register/tins"
    page = applicant.world.get("/register/tins").text
    assert 'value="223344556"' in page
    assert 'value="12"' in page
    assert "There is something to correct" not in page


def test_a_review_sends_nothing_and_asks_for_the_password_again__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    end_visit(applicant)
    assert applicant.world.post("/register/review").location == "/register/review"
    assert applicant.world.get("/register/review").location == "/register/account"
    assert WENT_ON in applicant.world.get("/register/account").text
    assert applicant.registration.submitted == []
    assert applicant.world.post("/register/account", ACCOUNT).location == "/register/review"
    applicant.world.get("/register/review")
    assert applicant.world.post("/register/review").location == "/register/done"
    assert len(applicant.registration.submitted) == 1


def test_the_first_step_goes_on_as_well__REG_9(applicant: Applicant) -> None:
    applicant.world.get("/register")
    end_visit(applicant)
    assert applicant.world.post("/register", {"practice_type": ["medical", "dental"]}).location == "/register"
    assert applicant.world.get("/register").text.count(" checked") == 2


def test_with_a_temporary_id_its_password_is_asked_for_again_and_no_more__REG_14(applicant: Applicant) -> None:
    opens(inviting(applicant.world))
    applicant.registration.join(applicant.world.api)
    applicant.world.get("/register/temporary-id")
    assert applicant.world.post("/register/temporary-id", SECRETS).location == "/register/account"
    applicant.world.get("/register/account")
    end_visit(applicant)
    own = {**ACCOUNT, "email": "ana@example.com", "email_again": "ana@example.com"}
    assert applicant.world.post("/register/account", own).location == "/register/account"
    assert applicant.world.get("/register/account").location == "/register/temporary-id"
    page = applicant.world.get("/register/temporary-id").text
    assert f'value="{SECRETS["temporary_id"]}"' in page
    assert applicant.world.post("/register/temporary-id", SECRETS).location == "/register/account"
    assert 'value="Schnürli"' in applicant.world.get("/register/account").text


def test_a_page_holds_what_was_typed_so_that_nobody_can_read_it__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    draft = applicant.world.hidden()["draft"]
    assert [text for text in ("zoe.obrien", "223344556", ACCOUNT["password"]) if text in draft] == []
    applicant.world.site = "behavioral"
    applicant.world.get("/register")
    end_visit(applicant)
    answer = applicant.world.post("/register/review", {"draft": draft})
    assert answer.status_code == 401, "sealed for the other site"


@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 401), (timedelta(minutes=-2), 303)])
def test_a_page_of_yesterday_is_not_gone_on_from__REG_9(applicant: Applicant, late: timedelta, status: int) -> None:
    applicant.come_to_review()
    end_visit(applicant, seconds=(HOLDS_FOR + late).total_seconds())
    assert applicant.world.post("/register/review").status_code == status


def test_a_registration_begun_since_then_stays__REG_9(applicant: Applicant) -> None:
    applicant.come_to_account()
    old = applicant.world.hidden()
    end_visit(applicant)
    applicant.come_to_tins("dental")
    assert applicant.world.post("/register/account", {**ACCOUNT, **old}).status_code == 400
    assert "Dental" in applicant.world.get("/register").text
    assert "register.account" not in repr(applicant.world.sessions.rows)


def test_without_the_browsers_cookie_a_form_is_refused(applicant: Applicant) -> None:
    applicant.come_to_account()
    applicant.world.browser.delete_cookie("__Host-wardenry-medical", domain="medical.test")
    assert applicant.world.post("/register/account", ACCOUNT).status_code == 400


def test_a_look_up_after_the_end_says_nothing(applicant: Applicant) -> None:
    applicant.come_to_tins()
    end_visit(applicant)
    answer = applicant.world.browser.post(
        "/register/tins/row",
        data={"number": "0"},
        base_url="http://medical.test",
        headers={"X-Wardenry-Site": "medical", "HX-Request": "true"},
    )
    assert answer.status_code == 204
