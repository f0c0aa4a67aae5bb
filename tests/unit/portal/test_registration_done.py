"""The last step: the code, and who can give access."""

from __future__ import annotations

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.applicants import Applicant

DONE = "/register/done"
CONFIRM = "/api/identity/v1/accounts/zoe.obrien/confirm"


def confirm(applicant: Applicant) -> None:
    applicant.world.api.says("POST", CONFIRM, Answer(204, None, {}))
    assert applicant.world.post(DONE, {"code": "123 456"}).location == DONE
    assert applicant.world.api.made("POST", CONFIRM)[-1].body == {"code": "123456"}
    applicant.world.get(DONE)


def test_before_the_email_is_confirmed_only_their_number_is_told__REG_10(applicant: Applicant) -> None:
    applicant.register()
    assert "We sent a code to zoe@example.com." in applicant.world.page
    assert "1 access manager" in applicant.world.page
    assert "Good news" not in applicant.world.page


def test_a_wrong_code_can_be_tried_again__REG_9(applicant: Applicant) -> None:
    applicant.register()
    fault = FieldFault("/code", "code_wrong", "")
    applicant.world.api.says("POST", CONFIRM, ProblemError(422, "code_wrong", errors=[fault]))
    answer = applicant.world.post(DONE, {"code": "000000"})
    assert answer.status_code == 422
    assert "This is not the code from our latest message." in answer.text
    confirm(applicant)
    assert "Good news: you are registered" in applicant.world.page


def test_a_double_click_confirms_once__REG_9(applicant: Applicant) -> None:
    applicant.register()
    page = applicant.world.page
    confirm(applicant)
    applicant.world.page = page
    assert applicant.world.post(DONE, {"code": "123456"}).location == DONE
    (call,) = applicant.world.api.made("POST", CONFIRM)
    assert call.form_key


def test_once_signed_in_the_managers_are_named__REG_10(applicant: Applicant) -> None:
    applicant.register()
    confirm(applicant)
    assert "Our e-mail about your request is on its way to them." in applicant.world.page
    managers = {"items": [{"name": "George Ogyam", "line": "medical"}, {"name": "Else", "line": "dental"}]}
    applicant.world.api.says("GET", ".*/practices/223344556/managers", managers)
    assert applicant.world.post("/register/done/log-in").location == "/login"
    applicant.world.get("/login")
    applicant.world.issuer.user_id = "zoe.obrien"
    back = applicant.world.get("/signed-in?state=state-medical&code=good&iss=http://issuer.test")
    assert back.location == "http://medical.test/register/done"
    applicant.world.get(DONE)
    assert "George Ogyam" in applicant.world.page
    assert "Else" not in applicant.world.page


def test_who_signs_in_next_sees_nothing_of_it(applicant: Applicant) -> None:
    applicant.register()
    applicant.world.sign_in("ssmith1234")
    assert applicant.world.get(DONE).location == "/register"
    assert "zoe@example.com" not in repr(applicant.world.sessions.rows)


def test_a_mistyped_address_is_corrected_with_the_password__REG_9(applicant: Applicant) -> None:
    applicant.register()
    applicant.world.get("/register/done/address")
    applicant.world.api.says("POST", f"{CONFIRM}/send", Answer(202, {"resend_after": 60}, {}))
    form = {"email": "zoe2@example.com", "password": "quiet-Falcon-orbits-9"}
    assert applicant.world.post("/register/done/address", form).location == DONE
    assert applicant.world.api.calls[-1].body == {"password": "quiet-Falcon-orbits-9", "email": "zoe2@example.com"}
    assert "We sent a code to zoe2@example.com." in applicant.world.get(DONE).text


def test_the_wait_between_two_codes_is_told__IDN_2(applicant: Applicant) -> None:
    applicant.register()
    applicant.world.get("/register/done/address")
    refusal = ProblemError(429, "too_many_attempts", retry_after=42)
    applicant.world.api.says("POST", f"{CONFIRM}/send", refusal)
    answer = applicant.world.post("/register/done/address", {"email": "zoe@example.com", "password": "x"})
    assert "Wait 42 seconds, then try again." in answer.text


def test_without_a_registration_there_is_nothing_to_see(applicant: Applicant) -> None:
    assert applicant.world.get(DONE).location == "/register"
    assert applicant.world.get("/register/done/address").location == DONE
