"""The first two steps of registering."""

from __future__ import annotations

import pytest

from tests.unit.portal.applicants import Applicant


def test_a_practice_type_is_needed__REG_1(applicant: Applicant) -> None:
    applicant.world.get("/register")
    answer = applicant.world.post("/register")
    assert answer.status_code == 422
    assert 'href="#practice_type"' in answer.text
    assert "Choose at least one." in answer.text


@pytest.mark.parametrize("path", ["/register/tins", "/register/account", "/register/review"])
def test_no_step_can_be_left_out(applicant: Applicant, path: str) -> None:
    assert applicant.world.get(path).location == "/register"
    applicant.world.get("/register")
    assert applicant.world.post(path).location == "/register"


def test_a_practices_name_appears_under_its_tin__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    answer = applicant.world.post("/register/tins", {"has_tin": "yes", "tin-0": "22-3344556", "go": "look-up"})
    assert answer.status_code == 200
    assert "OGYAM GEORGE Y MD" in answer.text


def test_a_tin_that_is_not_associated_is_accepted_and_shown_as_such__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    form = {"has_tin": "yes", "tin-0": "112233445"}
    assert "Not currently associated with us" in applicant.world.post("/register/tins", form).text
    form |= {"asked-0": "manager", "nominate-0": "unknown"}
    assert applicant.world.post("/register/tins", form).location == "/register/account"


def test_a_wrong_tin_is_told_beside_its_row__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    answer = applicant.world.post("/register/tins", {"has_tin": "yes", "tin-0": "223344556", "tin-1": "12"})
    assert answer.status_code == 422
    assert '<a href="#tin-1">TIN 2: A TIN has nine digits.</a>' in answer.text


def test_rows_are_added_and_removed_without_a_script__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    form = {"has_tin": "yes", "tin-0": "223344556", "go": "add"}
    assert 'id="tin-1"' in applicant.world.post("/register/tins", form).text
    form |= {"tin-1": "987654321", "go": "remove-0"}
    answer = applicant.world.post("/register/tins", form)
    assert 'value="987654321"' in answer.text
    assert "223344556" not in answer.text


def test_fifty_rows_are_the_most__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    form = {"has_tin": "yes", "go": "add"} | {f"tin-{number}": f"{number + 300000000}" for number in range(50)}
    answer = applicant.world.post("/register/tins", form)
    assert 'id="tin-49"' in answer.text
    assert 'id="tin-50"' not in answer.text
    assert "Add another TIN" not in answer.text


def test_somebody_without_a_tin_goes_on_without__REG_3(applicant: Applicant) -> None:
    applicant.come_to_tins()
    assert applicant.world.post("/register/tins", {"has_tin": "none"}).location == "/register/account"


def test_the_line_is_asked_before_its_lack_is_an_error__REG_4(applicant: Applicant) -> None:
    applicant.come_to_tins("medical", "behavioral")
    form = {"has_tin": "yes", "tin-0": "123456789"}
    first = applicant.world.post("/register/tins", form)
    assert first.status_code == 200
    assert "In which line of business do you work most?" in first.text
    second = applicant.world.post("/register/tins", form | {"asked-0": "line"})
    assert second.status_code == 422
    assert "Choose the one that you work in most." in second.text
    third = applicant.world.post("/register/tins", form | {"asked-0": "line", "line-0": "behavioral"})
    assert third.location == "/register/account"


def test_who_should_manage_is_asked_where_nobody_does__REG_11(applicant: Applicant) -> None:
    applicant.come_to_tins()
    form = {"has_tin": "yes", "tin-0": "987654321"}
    assert "Who should manage access?" in applicant.world.post("/register/tins", form).text
    other = {"nominee_first-0": "Jane", "nominee_last-0": "Doe", "nominee_email-0": "jane@example.com"}
    form |= {"asked-0": "manager", "nominate-0": "other", **other}
    assert applicant.world.post("/register/tins", form).location == "/register/account"
    proposal = {"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com"}
    assert applicant.world.api.calls[-1].body["tins"] == [{"tin": "987654321", "nominate": proposal}]


def test_a_proposal_is_dropped_where_a_manager_has_come__REG_11(applicant: Applicant) -> None:
    applicant.come_to_tins()
    applicant.registration.managed.add("987654321")
    form = {"has_tin": "yes", "tin-0": "987654321", "asked-0": "manager", "nominate-0": "self"}
    assert applicant.world.post("/register/tins", form).location == "/register/account"
    applicant.world.get("/register/tins")
    assert "nominate" not in applicant.world.api.calls[-1].body["tins"][0]


def test_a_row_is_looked_up_by_script_as_a_piece_of_the_page__REG_2(applicant: Applicant) -> None:
    applicant.come_to_tins()
    answer = applicant.world.post("/register/tins/row", {"has_tin": "yes", "tin-0": "223344556", "number": "0"})
    assert "OGYAM GEORGE Y MD" in answer.text
    assert "<html" not in answer.text


def test_previous_keeps_what_was_typed(applicant: Applicant) -> None:
    applicant.come_to_tins()
    back = applicant.world.post("/register/tins", {"has_tin": "yes", "tin-0": "22-33", "go": "previous"})
    assert back.location == "/register"
    assert 'value="22-33"' in applicant.world.get("/register/tins").text


def test_no_tin_stands_in_an_address(applicant: Applicant) -> None:
    applicant.come_to_account()
    assert not any("223344556" in call.path for call in applicant.world.api.calls)
