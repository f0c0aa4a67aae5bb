"""The delegation history as CSV and as a workbook: its columns, and that no cell acts as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.adapters.csv_document import csv_document
from services.audit.adapters.xlsx_document import xlsx_document
from services.audit.domain.report import ReportRow

AT = datetime(2025, 3, 1, 12, 30, tzinfo=UTC)
ROW = ReportRow(
    changed_by="mmartin5",
    kind="access_changed",
    first_name="Sally",
    middle_initial=None,
    last_name="Smith",
    temporary_id="ssmith1234",
    registered=True,
    user_id="ssmith1234",
    email="ssmith1234@example.com",
    phone="+18605550100",
    at=AT,
    tin="223344556",
    line="medical",
    before_level=None,
    before_functions=None,
    before_until=None,
    after_level="processor",
    after_functions="claim_status;eft_view",
    after_until=AT,
)
HEADINGS = [
    "USER MAKING CHANGE",
    "TYPE OF CHANGE",
    "FIRST NAME",
    "MIDDLE INITIAL",
    "LAST NAME",
    "TEMPORARY ID",
    "HAS USER REGISTERED?",
    "PERMANENT ID",
    "EMAIL",
    "PHONE",
    "DATE/TIME UPDATED",
]
ACTING = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"]
NAMES = [
    "Smith, Jr.",
    "two\nlines",
    "Zoë",
    "O’Brien-Núñez",
    "李小龍",
    "محمد",
    "Владимир",
    "ᏣᎳᎩ",
    "😀",
    'She said "hi", twice',
]


def named(name: str) -> ReportRow:
    return ROW._replace(first_name=name)


def as_csv(*rows: ReportRow) -> list[list[str]]:
    file = io.BytesIO()
    with csv_document(file) as write:
        assert write(iter([rows] if rows else [])) == len(rows)
    return list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))


def as_workbook(rows: Sequence[ReportRow], **options: Any) -> openpyxl.Workbook:
    file = io.BytesIO()
    with xlsx_document(file, **options) as write:
        assert write(iter([rows])) == len(rows)
    file.seek(0)
    return openpyxl.load_workbook(file)


def rows_of(book: openpyxl.Workbook, number: int) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book.worksheets[number].iter_rows()]


def test_columns_stand_in_their_order__AUD_2() -> None:
    assert as_csv() == [HEADINGS]
    assert rows_of(as_workbook([]), 0) == [HEADINGS]


def test_row_says_who_changed_what_for_whom__AUD_2() -> None:
    expected = ["mmartin5", "Access changed", "Sally", "", "Smith", "ssmith1234", "Yes", "ssmith1234"]
    assert as_csv(ROW)[1] == [*expected, "ssmith1234@example.com", "'+18605550100", "2025-03-01T12:30:00Z"]
    [cells] = rows_of(as_workbook([ROW]), 0)[1:]
    assert [cell or "" for cell in cells[:8]] == expected
    assert cells[9:] == ["+18605550100", AT.replace(tzinfo=None)]


def test_second_sheet_tells_what_was_before_and_after__AUD_2() -> None:
    heading, row = rows_of(as_workbook([ROW]), 1)
    told = dict(zip(heading, row, strict=True))
    assert told["ROW"] == 2
    assert told["PERMANENT ID"] == "ssmith1234"
    assert (told["TIN"], told["LINE OF BUSINESS"]) == ("223344556", "medical")
    assert (told["LEVEL BEFORE"], told["FUNCTIONS BEFORE"], told["UNTIL BEFORE"]) == (None, None, None)
    assert (told["LEVEL AFTER"], told["FUNCTIONS AFTER"]) == ("processor", "claim_status;eft_view")
    assert told["UNTIL AFTER"] == AT.replace(tzinfo=None)


@pytest.mark.parametrize("text", ACTING)
def test_no_cell_of_a_csv_acts_as_a_formula__AUD_2(text: str) -> None:
    assert as_csv(named(text))[1][2] == f"'{text}"


@pytest.mark.parametrize("text", [*ACTING, "https://example.com", "mailto:x@example.com", "007", "1e5"])
def test_every_text_of_a_workbook_is_a_text_cell__AUD_2(text: str) -> None:
    cell = as_workbook([named(text)]).worksheets[0]["C2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert str(cell.value).replace("_x000D_", "\r") == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])))
def test_no_name_at_all_acts_as_a_formula__AUD_2(name: str) -> None:
    shown = as_csv(named(name))[1][2]
    assert not shown.lstrip(" ").startswith(("=", "+", "-", "@"))
    assert shown.removeprefix("'") == name.removeprefix("'")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_come_through__AUD_2(name: str) -> None:
    assert as_csv(named(name))[1][2] == name
    assert rows_of(as_workbook([named(name)]), 0)[1][2] == name


def test_more_rows_than_a_sheet_holds_go_on_in_a_further_pair__AUD_2() -> None:
    changes = [ROW._replace(user_id=f"user{number}") for number in range(5)]
    book = as_workbook(changes, most_rows=3)
    assert book.sheetnames[:4] == ["Delegation history", "Details", "Delegation history 2", "Details 2"]
    told = [row[7] for number in (0, 2, 4) for row in rows_of(book, number)[1:]]
    assert told == [f"user{number}" for number in range(5)]
    assert [row[:2] for row in rows_of(book, 3)[1:]] == [[2, "user2"], [3, "user3"]]
