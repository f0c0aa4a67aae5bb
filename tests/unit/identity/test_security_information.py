"""Date of birth, and answers to questions."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.kernel.errors import InvalidError
from services.identity.adapters.bundled import bundled_lists, rows_of
from services.identity.application.check_reservation import CheckReservation, check_reservation
from services.identity.application.reserve_account import reserve_account
from services.identity.domain.drafts import Draft
from services.identity.domain.security_questions import Answer, fault_of_birth
from services.identity.domain.words import fold_words
from tests.unit.identity.world import REGISTRATION, World

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("born", [date(2008, 3, 2), date(1980, 2, 29), date(1906, 3, 2), date(1905, 3, 3)])
def test_born_18_to_120_years_ago__REG_8(born: date) -> None:
    assert fault_of_birth(born, TODAY) is None


@pytest.mark.parametrize("born", [date(2008, 3, 3), TODAY, date(2031, 1, 1), date(1905, 3, 2), date(1, 1, 1)])
def test_born_too_lately_or_too_long_ago__REG_8(born: date) -> None:
    fault = fault_of_birth(born, TODAY)
    assert fault is not None
    assert (fault.pointer, fault.code) == ("/date_of_birth", "date_of_birth_invalid")


def test_a_leap_days_child_is_18_on_the_first_of_march__REG_8() -> None:
    assert fault_of_birth(date(2008, 2, 29), date(2026, 2, 28)) is not None
    assert fault_of_birth(date(2008, 2, 29), date(2026, 3, 1)) is None


def test_there_are_at_least_ten_questions__REG_8() -> None:
    assert len(bundled_lists().security_questions) >= 10
    assert all(row["title"].endswith("?") for row in rows_of("security_questions.csv"))


@pytest.mark.parametrize(
    "text", ["São Paulo", "sao paulo", "SÃO  PAULO", "Sa\u0303o Paulo", "saopaulo", "\uff33\uff21\uff2f Paulo"]
)
def test_an_answer_is_the_same_without_case_blanks_and_accents__REG_8(text: str) -> None:
    assert fold_words(text) == "saopaulo"


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ([Answer("first_pet", "Rex")], "/security_answers", "two_answers_required"),
        (
            [Answer("first_pet", "Rex"), Answer("first_pet", "Max")],
            "/security_answers/1/question",
            "question_duplicate",
        ),
        ([Answer("first_pet", "Rex"), Answer("my_own", "x")], "/security_answers/1/question", "question_unknown"),
        ([Answer("first_pet", " \t"), Answer("first_car", "Fiat")], "/security_answers/0/answer", "answer_invalid"),
        ([Answer("first_pet", "x" * 101), Answer("first_car", "A")], "/security_answers/0/answer", "answer_invalid"),
    ],
)
def test_two_different_questions_of_the_list_answered__REG_8(answers: list[Answer], pointer: str, code: str) -> None:
    faults = World().run(check_reservation, CheckReservation(Draft(answers=answers))).faults
    assert [(fault.pointer, fault.code) for fault in faults] == [(pointer, code)]


def test_answers_and_password_are_kept_as_hashes_alone__REG_8_IDN_16() -> None:
    world = World()
    world.reserve()
    kept = world.store.reservations.kept[REGISTRATION]
    assert [answer.hash for answer in kept.answers] == ["1:rex", "1:saopaulo"]
    assert kept.password_hash == "1:quiet-harbor-lantern-7"
    world.register()
    assert world.store.answers.kept["mmartin5"] == kept.answers


def test_everything_wrong_is_told_at_once_and_nothing_is_kept__REG_9() -> None:
    world = World()
    command = world.reservation(user_id="5x")
    wrong = type(command)(**{name: getattr(command, name) for name in command.__slots__} | {"answers": ()})
    with pytest.raises(InvalidError) as refused:
        world.run(reserve_account, wrong)
    assert {fault.pointer for fault in refused.value.faults} == {"/user_id", "/security_answers"}
    assert not world.store.reservations.kept
