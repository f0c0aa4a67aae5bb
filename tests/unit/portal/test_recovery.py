"""The pages for a forgotten password: each step, and everything that can come between."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.forgetful import (
    BEGIN,
    BORN,
    EMAIL,
    EXPIRED,
    NEW,
    PHONE,
    PROOFS,
    RECOVERY,
    SECRET,
    WRONG,
    Forgetful,
)
from tests.unit.portal.world import World

OUT_OF_ORDER = ProblemError(409, "step_out_of_order")


@pytest.fixture
def forgetful(world: World) -> Forgetful:
    return Forgetful(world).join()


def test_code_birth_and_answer_together_open_the_new_password__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    password = forgetful.come_to_password()
    (proven,) = world.api.made("POST", ".*/verify")
    answer = {"question": "first_pet", "text": "Schnürli"}
    assert proven.body == {"code": "123456", "date_of_birth": "1984-05-17", "answer": answer}
    assert proven.headers["X-Challenge-Secret"] == SECRET
    assert world.post(password, NEW).location == "/forgot-password/done"
    (changed,) = world.api.made("POST", f"{RECOVERY}/c1/password")
    assert changed.body == NEW
    assert 'href="/login"' in world.get("/forgot-password/done").text


def test_nothing_that_was_typed_outlives_the_recovery__IDN_16(forgetful: Forgetful) -> None:
    world = forgetful.world
    password = forgetful.come_to_password()
    assert not re.search(r"123456|1984|Schnürli", repr(world.sessions.rows))
    world.post(password, NEW)
    assert not re.search(rf"{SECRET}|zoe.obrien|{NEW['new_password']}", repr(world.sessions.rows))


def test_no_user_id_and_no_secret_stands_in_an_address_or_a_page__IDN_16(forgetful: Forgetful) -> None:
    for location in (forgetful.come_to_code(), forgetful.come_to_proofs(), forgetful.come_to_password()):
        assert "zoe" not in location
        assert SECRET not in location + forgetful.world.page


def test_an_unknown_user_id_looks_like_any_other__IDN_7(forgetful: Forgetful) -> None:
    forgetful.come_to_code("nobody.at.all")
    assert "If there is an account with this user ID, a code is on its way" in forgetful.world.page


def test_of_several_contacts_one_is_chosen__IDN_7(forgetful: Forgetful) -> None:
    forgetful.methods = [EMAIL, PHONE]
    world = forgetful.world
    where = forgetful.come_to_code()
    assert where == "/forgot-password/method?flow=c1"
    assert world.post(where, {"method": "else"}).status_code == 422
    assert world.post(where, {"method": "sms"}).location == "/forgot-password/code?flow=c1"
    assert world.api.calls[-1].body == {"method": "sms"}


def test_wrong_proofs_are_told_as_one_and_can_be_mended__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    proofs = forgetful.come_to_proofs()
    world.api.says("POST", ".*/verify", WRONG)
    answer = world.post(proofs, PROOFS)
    assert answer.status_code == 422
    assert answer.text.count("do not all belong together") == 1
    assert 'value="Schnürli"' in answer.text
    back = world.post(proofs, {**PROOFS, "go": "previous"}).location
    assert 'value="123456"' in world.get(back).text
    assert world.post(back, {"code": "654321", "go": "next"}).location == proofs
    assert 'value="Schnürli"' in world.get(proofs).text
    world.api.says("POST", ".*/verify", Answer(204, None, {}))
    assert world.post(proofs, PROOFS).location == "/forgot-password/new?flow=c1"
    assert world.api.made("POST", ".*/verify")[-1].body["code"] == "654321"


def test_after_too_many_tries_the_wait_is_told__IDN_9(forgetful: Forgetful) -> None:
    proofs = forgetful.come_to_proofs()
    forgetful.world.api.says("POST", ".*/verify", ProblemError(429, "too_many_attempts", retry_after=900))
    assert "Wait 15 minutes, then try again." in forgetful.world.post(proofs, PROOFS).text


@pytest.mark.parametrize("lacking", [*BORN, "question", "answer"])
def test_an_empty_field_costs_no_try__IDN_7(forgetful: Forgetful, lacking: str) -> None:
    proofs = forgetful.come_to_proofs()
    assert forgetful.world.post(proofs, {**PROOFS, lacking: ""}).status_code == 422
    assert not forgetful.world.api.made("POST", ".*/verify")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_is_not_taken_for_one__IDN_7(forgetful: Forgetful, typed: str) -> None:
    answer = forgetful.world.post(forgetful.come_to_code(), {"code": typed, "go": "next"})
    assert answer.status_code == 422
    assert "Enter the six digits" in answer.text


def test_an_expired_code_leads_to_a_new_one__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    proofs = forgetful.come_to_proofs()
    world.api.says("POST", ".*/verify", EXPIRED)
    back = world.post(proofs, PROOFS).location
    assert "All of it was right, but too late" in world.get(back).text
    assert world.post("/forgot-password/method?flow=c1", {"method": "email"}).location == back
    assert "A new code is on its way" in world.get(back).text
    world.post(back, {"code": "654321", "go": "next"})
    assert 'value="Schnürli"' in world.get(proofs).text


def test_a_weak_password_is_told_why_and_is_not_repeated__REG_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    password = forgetful.come_to_password()
    detail = "The password is too short: it needs 12 characters or more."
    fault = FieldFault("/new_password", "password_weak", detail)
    world.api.says("POST", f"{RECOVERY}/c1/password", ProblemError(422, "invalid", errors=[fault]))
    answer = world.post(password, {"new_password": "too-short"})
    assert answer.status_code == 422
    assert f'<a href="#new_password">New password: {detail}</a>' in answer.text
    assert "too-short" not in answer.text + repr(world.sessions.rows)


def test_a_recovery_that_is_over_begins_anew__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    for come_to, form in (
        (forgetful.come_to_proofs, PROOFS),
        (forgetful.come_to_password, NEW),
    ):
        path = come_to()
        world.api.says("POST", f"{RECOVERY}/.*/(verify|password)", ProblemError(404, "not_found"))
        answer = world.post(path, form)
        assert answer.status_code == 400
        assert "Please begin again" in answer.text
        assert world.get(path).status_code == 400
        forgetful.join()


def test_a_recovery_of_another_browser_is_not_carried_on__IDN_7(forgetful: Forgetful) -> None:
    path = forgetful.come_to_password()
    forgetful.world.sessions.rows.clear()
    assert forgetful.world.get(path).status_code == 400


def test_a_form_of_a_visit_that_is_over_says_so(forgetful: Forgetful) -> None:
    path = forgetful.come_to_password()
    forgetful.world.sessions.rows.clear()
    answer = forgetful.world.post(path, NEW)
    assert answer.status_code == 401
    assert "please begin again" in answer.text
    assert not forgetful.world.api.made("POST", f"{RECOVERY}/c1/password")


def test_a_step_cannot_be_left_out__IDN_7(forgetful: Forgetful) -> None:
    code = forgetful.come_to_code()
    for step in ("proofs", "new"):
        assert forgetful.world.get(f"/forgot-password/{step}?flow=c1").location == code
        assert forgetful.world.post(f"/forgot-password/{step}?flow=c1", {**PROOFS, **NEW}).location == code
    assert not forgetful.world.api.made("POST", ".*/(verify|c1/password)")


def test_coming_back_leads_to_where_the_recovery_is(forgetful: Forgetful) -> None:
    world = forgetful.world
    password = forgetful.come_to_password()
    for step in ("method", "code", "proofs"):
        assert world.get(f"/forgot-password/{step}?flow=c1").location == password
    world.post(password, NEW)
    for step in ("method", "code", "proofs", "new"):
        assert world.get(f"/forgot-password/{step}?flow=c1").location == "/forgot-password/done"


def test_a_double_click_has_each_step_taken_once__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    world.get(BEGIN)
    steps = ((BEGIN, {"user_id": "zoe.obrien"}), ("code", {"code": "123456"}), ("proofs", PROOFS), ("new", NEW))
    for step, form in steps:
        path = step if step == BEGIN else f"/forgot-password/{step}?flow=c1"
        page = world.page
        first = world.post(path, form).location
        world.page = page
        assert world.post(path, form).location in {first, "/forgot-password/done"}
        world.get(first)
    for call in ("password", "c1/send", "c1/verify", "c1/password"):
        assert len(world.api.made("POST", f"{RECOVERY}/{call}")) == 1, call


def test_a_step_that_another_tab_took_meanwhile_is_passed__IDN_7(forgetful: Forgetful) -> None:
    proofs = forgetful.come_to_proofs()
    forgetful.world.api.says("POST", ".*/verify", OUT_OF_ORDER)
    assert forgetful.world.post(proofs, PROOFS).location == "/forgot-password/new?flow=c1"


def test_the_same_user_id_again_carries_on_what_was_begun__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    code = forgetful.come_to_code()
    back = world.post(code, {"code": "", "go": "previous"}).location
    assert 'value="zoe.obrien"' in world.get(back).text
    assert world.post(BEGIN, {"user_id": "ZOE.obrien"}).location == code
    assert len(world.api.made("POST", ".*/send")) == 1
    assert 'value="zoe.obrien"' not in world.get(BEGIN).text


def test_two_tabs_do_not_mix__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world
    first = forgetful.come_to_password()
    world.page, page = "", world.page
    assert forgetful.come_to_code("somebody.else") == "/forgot-password/code?flow=c2"
    world.page = page
    world.post(first, NEW)
    assert len(world.api.made("POST", f"{RECOVERY}/c1/password")) == 1
    assert world.get("/forgot-password/code?flow=c2").status_code == 200


def test_a_code_asked_for_too_soon_says_the_wait_and_what_counts__IDN_2(forgetful: Forgetful) -> None:
    world = forgetful.world
    code = forgetful.come_to_code()
    world.api.says("POST", ".*/send", ProblemError(429, "too_many_attempts", retry_after=30))
    assert world.post("/forgot-password/method?flow=c1", {"method": "email"}).location == code
    page = world.get(code).text
    assert "The last one still counts." in page
    assert "30 seconds" in page


def test_without_a_code_of_its_own_a_recovery_asks_for_none__IDN_2(forgetful: Forgetful) -> None:
    world = forgetful.world
    world.api.says("POST", ".*/send", ProblemError(429, "too_many_attempts", retry_after=30))
    code = forgetful.come_to_code()
    assert 'name="code"' not in world.page
    assert "30 seconds" in world.page
    world.clock.advance(seconds=31)
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    assert world.post("/forgot-password/method?flow=c1", {"method": "email"}).location == code
    assert 'name="code"' in world.get(code).text


def test_of_many_recoveries_the_oldest_are_forgotten(forgetful: Forgetful) -> None:
    for number in range(6):
        forgetful.world.clock.advance(seconds=1)
        forgetful.come_to_code(f"user.{number}")
    assert forgetful.world.get("/forgot-password/code?flow=c1").status_code == 400
    assert forgetful.world.get("/forgot-password/code?flow=c2").status_code == 200


def test_a_form_kept_open_after_it_was_sent_begins_anew__IDN_7(forgetful: Forgetful) -> None:
    world = forgetful.world

    def shown(call: Call) -> Any:
        return ProblemError(409, "already_shown") if call.form_key else forgetful.challenge_of(call)

    world.api.says("POST", f"{RECOVERY}/password", shown)
    assert forgetful.come_to_code() == "/forgot-password/code?flow=c1"


@pytest.mark.parametrize("address", ["/", "/sign-in?request=handle-of-a-request"])
def test_both_ways_begin_where_one_logs_in(world: World, address: str) -> None:
    page = world.get(address).text
    assert 'href="/forgot-user-id"' in page
    assert 'href="/forgot-password"' in page
