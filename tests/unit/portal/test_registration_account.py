"""The third step, and the review."""

from __future__ import annotations

from services.portal.application.errors import FieldFault, ProblemError
from tests.unit.portal.applicants import ACCOUNT, Applicant


def test_what_is_missing_is_told_on_top_and_beside_each_field__REG_5(applicant: Applicant) -> None:
    applicant.come_to_account()
    answer = applicant.world.post("/register/account", {**ACCOUNT, "first_name": "", "phone": ""})
    assert answer.status_code == 422
    assert '<a href="#first_name">First name: Fill this in.</a>' in answer.text
    assert 'id="phone-error"' in answer.text
    assert 'aria-describedby="phone-error" aria-invalid="true"' in answer.text
    assert answer.text.index('href="#first_name"') < answer.text.index('href="#phone"')
    assert 'value="Hartford"' in answer.text


def test_the_email_is_typed_twice_alike__REG_5(applicant: Applicant) -> None:
    applicant.come_to_account()
    answer = applicant.world.post("/register/account", {**ACCOUNT, "email_again": "zoe@example.org"})
    assert "The two e-mail addresses are not the same." in answer.text


def test_a_taken_user_id_comes_with_free_ones_to_take__REG_6(applicant: Applicant) -> None:
    applicant.come_to_account()
    answer = applicant.world.post("/register/account", {**ACCOUNT, "user_id": "mmartin5"})
    assert 'name="go" value="take-mmartin580"' in answer.text
    answer = applicant.world.post("/register/account", {**ACCOUNT, "user_id": "mmartin5", "go": "take-mmartin580"})
    assert 'value="mmartin580"' in answer.text


def test_whether_a_user_id_is_free_can_be_asked_without_a_script__REG_6(applicant: Applicant) -> None:
    applicant.come_to_account()
    free = applicant.world.post("/register/account", {"user_id": "zoe.obrien", "go": "check-user-id"})
    assert "This user ID is free." in free.text
    assert "Fill this in." not in free.text
    taken = applicant.world.post("/register/account", {"user_id": "mmartin5", "go": "check-user-id"})
    assert "This user ID is taken: choose another." in taken.text


def test_the_password_is_asked_again_only_if_it_did_not_pass__REG_7(applicant: Applicant) -> None:
    applicant.come_to_account()
    weak = applicant.world.post("/register/account", {**ACCOUNT, "password": "short"})
    assert "Choose a stronger password." in weak.text
    assert "You have chosen one" not in weak.text
    kept = applicant.world.post("/register/account", {**ACCOUNT, "first_name": ""})
    assert "You have chosen one" in kept.text
    assert applicant.world.post("/register/account", {**ACCOUNT, "password": ""}).location == "/register/review"


def test_no_page_ever_shows_the_password__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    pages = [applicant.world.page, applicant.world.get("/register/account").text]
    assert not any(ACCOUNT["password"] in page for page in pages)


def test_a_strong_password_looks_strong__REG_7(applicant: Applicant) -> None:
    applicant.come_to_account()
    strong = applicant.world.post("/register/account/password-strength", {"password": "quiet-Falcon-orbits-9"}).text
    weak = applicant.world.post("/register/account/password-strength", {"password": "password"}).text
    assert "Strength: Strong" in strong
    assert "Strength: Very weak" in weak
    assert "4 characters to go" in weak


def test_the_review_shows_everything_in_the_order_entered__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    shown = ["Medical", "22-3344556", "OGYAM GEORGE Y MD", "1 access manager", "O’Brien-Núñez", "1 Main Street"]
    shown += ["(860) 555-0142", "zoe@example.com", "zoe.obrien", "May 17, 1984", "first pet", "Schnürli", "St. Gallen"]
    places = [applicant.world.page.index(text) for text in shown]
    assert places == sorted(places)
    assert applicant.world.page.count(">Edit<") == 5


def test_editing_a_part_loses_nothing__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    applicant.world.get("/register")
    assert "checked" in applicant.world.page
    applicant.world.post("/register", {"practice_type": ["medical", "dental"]})
    applicant.world.get("/register/review")
    assert "Medical, Dental" in applicant.world.page
    assert "Schnürli" in applicant.world.page


def test_a_registration_is_sent_whole_and_once_however_often_it_is_pressed__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    key = applicant.world.hidden()["form_key"]
    assert applicant.world.post("/register/review").location == "/register/done"
    assert applicant.world.post("/register/review").location == "/register/done"
    (call,) = applicant.world.api.made("POST", ".*/registrations")
    assert call.form_key == key
    assert call.body["password"] == ACCOUNT["password"]
    assert call.body["date_of_birth"] == "1984-05-17"
    assert call.body["profile"]["address"]["zip"] == "06101"


def test_nothing_typed_is_kept_once_it_is_sent__REG_9(applicant: Applicant) -> None:
    applicant.register()
    kept = repr(applicant.world.sessions.rows)
    assert ACCOUNT["password"] not in kept
    assert "Schnürli" not in kept
    assert "1 Main Street" not in kept


def test_leaving_forgets_everything__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    applicant.world.get("/register/leave")
    assert applicant.world.post("/register/leave").location == "/"
    assert "Schnürli" not in repr(applicant.world.sessions.rows)


def test_what_is_refused_at_the_end_leads_to_where_it_is_mended__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    applicant.registration.taken.add("zoe.obrien")
    answer = applicant.world.post("/register/review")
    assert answer.status_code == 422
    assert 'href="/register/account#user_id"' in answer.text
    faults = [FieldFault("/tins/0/line", "line_not_offered", "")]
    applicant.world.api.says("POST", ".*/registrations", ProblemError(422, "invalid", errors=faults))
    assert 'href="/register/tins#line-0"' in applicant.world.post("/register/review").text


def test_an_outage_loses_nothing(applicant: Applicant) -> None:
    applicant.come_to_review()
    applicant.world.api.says("POST", ".*/registrations", ProblemError(503, "unavailable"))
    assert "Nothing was changed: try again." in applicant.world.post("/register/review").text
    applicant.registration.join(applicant.world.api)
    assert applicant.world.post("/register/review").location == "/register/done"


def test_a_form_of_a_visit_that_is_over_says_so_and_sends_nothing__REG_9(applicant: Applicant) -> None:
    applicant.come_to_review()
    applicant.world.sessions.rows.clear()
    answer = applicant.world.post("/register/review", {"draft": "of nobody's"})
    assert answer.status_code == 401
    assert "please begin again" in answer.text
    assert applicant.registration.submitted == []
