"""REG-1 to REG-4: practice type, TINs, and the line of business of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.registration.domain.form import TinEntry
from services.registration.domain.lines import Line
from services.registration.domain.tin_step import ROWS_TOLD
from services.registration.domain.tins import bare_tin, masked
from services.registration.domain.values import RefusedError
from tests.unit.registration.forms import DOE, OGYAM, PRACTICES, STATE_MEDICAL, UNKNOWN, WHOLE, faults, reviewed, tins

BOTH = ("medical", "behavioral")


def test_a_form_that_is_right_has_no_faults__REG_9() -> None:
    assert faults(WHOLE) == []


@pytest.mark.parametrize("given", [None, ()])
def test_practice_type_must_not_be_empty__REG_1(given: tuple[str, ...] | None) -> None:
    assert faults(replace(WHOLE, practice_type=given)) == [("/practice_type", "practice_type_required")]


def test_unknown_practice_types_are_named_by_place__REG_1() -> None:
    form = replace(WHOLE, practice_type=("medical", "vision", ""))
    assert faults(form) == [
        ("/practice_type/1", "practice_type_unknown"),
        ("/practice_type/2", "practice_type_unknown"),
    ]


@pytest.mark.parametrize(
    "given", [("dental",), ("medical", "dental"), ("dental", "behavioral", "medical"), ("dental", "dental")]
)
def test_any_set_of_practice_types_will_do__REG_1(given: tuple[str, ...]) -> None:
    found = reviewed(replace(tins(UNKNOWN), practice_type=given), whole=False)
    assert found.practice_type == tuple(line for line in Line if line in given)


@pytest.mark.parametrize(
    "text", ["223344556", "22-3344556", "223 344 556", " 223-34-4556 ", "223\u2011344\u2011556", "22\u00a03344556"]
)
def test_dashes_and_blanks_in_a_tin_are_form__REG_2(text: str) -> None:
    assert bare_tin(text) == "223344556"


@pytest.mark.parametrize(
    "text", ["", "12345678", "1234567890", "12E456789", "١٢٣٤٥٦٧٨٩", "²23344556", "223344556\n", "=1+1", "-"]
)
def test_anything_but_nine_digits_is_no_tin__REG_2(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        bare_tin(text)
    assert refused.value.code == "tin_invalid"


def test_each_wrong_row_is_named__REG_2() -> None:
    form = tins(OGYAM, "12", DOE, "22-3344556", TinEntry(None))
    assert faults(form) == [
        ("/tins/1/tin", "tin_invalid"),
        ("/tins/3/tin", "tin_duplicate"),
        ("/tins/4/tin", "tin_invalid"),
    ]
    detail = next(fault.detail for fault in reviewed(form).faults if fault.code == "tin_duplicate")
    assert "Row 4" in detail
    assert "row 1" in detail


def test_fifty_tins_are_the_most__REG_2() -> None:
    rows = [f"{number:09d}" for number in range(52)]
    assert faults(tins(*rows[:50])) == []
    assert faults(tins(*rows)) == [("/tins/50", "too_many_tins"), ("/tins/51", "too_many_tins")]


def test_endless_rows_are_not_told_endlessly__REG_2() -> None:
    assert len(faults(tins(*[OGYAM] * 50_000))) == 49 + ROWS_TOLD


def test_an_unassociated_tin_is_accepted_and_shown_as_such__REG_2() -> None:
    found = reviewed(tins(UNKNOWN))
    assert found.faults == ()
    assert (found.choices[0].practice, found.choices[0].line) == (None, Line.MEDICAL)
    assert reviewed(tins(OGYAM)).choices[0].practice == PRACTICES[OGYAM]


def test_without_a_tin_there_is_an_account_alone__REG_3() -> None:
    form = replace(WHOLE, tins=None, no_tin=True)
    assert faults(form) == []
    assert reviewed(form).choices == ()


def test_no_tin_and_tins_exclude_each_other__REG_3() -> None:
    assert faults(replace(WHOLE, no_tin=True)) == [("/no_tin", "no_tin_with_tins")]
    assert faults(replace(WHOLE, no_tin=True, tins=())) == []


@pytest.mark.parametrize("given", [None, ()])
def test_without_no_tin_there_must_be_tins__REG_2(given: tuple[TinEntry, ...] | None) -> None:
    assert faults(replace(WHOLE, tins=given)) == [("/tins", "tins_required")]


def test_the_only_common_line_is_implied__REG_4() -> None:
    assert reviewed(tins(OGYAM, practice_type=BOTH)).choices[0].line is Line.MEDICAL


def test_without_a_common_line_none_is_offered__REG_4() -> None:
    assert faults(tins(OGYAM, practice_type=("dental",))) == [("/tins/0/line", "line_not_offered")]


def test_of_several_lines_one_must_be_picked__REG_4() -> None:
    assert faults(tins(STATE_MEDICAL, practice_type=BOTH)) == [("/tins/0/line", "line_required")]
    picked = tins(TinEntry(STATE_MEDICAL, "behavioral"), practice_type=BOTH)
    assert reviewed(picked).choices[0].line is Line.BEHAVIORAL


def test_of_an_unassociated_tin_the_practice_type_is_offered__REG_4() -> None:
    assert faults(tins(UNKNOWN, practice_type=BOTH)) == [("/tins/0/line", "line_required")]
    found = reviewed(tins(TinEntry(UNKNOWN, "behavioral"), practice_type=BOTH))
    assert (found.choices[0].offered, found.choices[0].line) == ((Line.MEDICAL, Line.BEHAVIORAL), Line.BEHAVIORAL)


@pytest.mark.parametrize("wish", ["behavioral", "dental", "vision", "", "MEDICAL"])
def test_only_an_offered_line_can_be_picked__REG_4(wish: str) -> None:
    assert faults(tins(TinEntry(OGYAM, wish), practice_type=BOTH)) == [("/tins/0/line", "line_not_offered")]


def test_before_the_practice_type_is_known_every_line_of_the_practice_is_shown__REG_4() -> None:
    found = reviewed(replace(tins(STATE_MEDICAL), practice_type=None), whole=False)
    assert (found.faults, found.choices[0].offered, found.choices[0].line) == (
        (),
        (Line.MEDICAL, Line.BEHAVIORAL),
        None,
    )


def test_all_faults_come_at_once__REG_9() -> None:
    form = replace(
        tins("1", TinEntry(STATE_MEDICAL), TinEntry(OGYAM, "behavioral"), practice_type=BOTH),
        profile={**(WHOLE.profile or {}), "email": "nobody", "first_name": "\n"},
        address={**(WHOLE.address or {}), "zip": "1"},
    )
    assert faults(form) == [
        ("/tins/0/tin", "tin_invalid"),
        ("/tins/1/line", "line_required"),
        ("/tins/2/line", "line_not_offered"),
        ("/profile/first_name", "required"),
        ("/profile/address/zip", "zip_invalid"),
        ("/profile/email", "email_invalid"),
    ]


def test_with_a_temporary_id_there_is_no_tin_step__REG_14() -> None:
    invited = replace(WHOLE, practice_type=None, tins=None, temporary_id="ABCD2345", temporary_password="x")
    assert faults(invited) == []
    assert faults(replace(invited, tins=(TinEntry(OGYAM),))) == [("/tins", "tins_with_temporary_id")]
    assert faults(replace(invited, practice_type=("podiatry",))) == [("/practice_type/0", "practice_type_unknown")]
    assert faults(replace(invited, temporary_password=None)) == [("/temporary_password", "required")]
    assert faults(replace(invited, temporary_id=None)) == [("/temporary_id", "required")]


def test_of_a_tin_only_the_last_digits_are_shown_in_logs__IDN_16() -> None:
    assert masked("123456789") == "•••••6789"
