"""Writes the documents around a file of people: workbooks by xlsxwriter, credentials as CSV (REG-16)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import xlsxwriter

from services.registration.application.people_documents import ImportResult, InvitedRow, ShownCredentials
from services.registration.domain.lines import Line
from services.registration.domain.people_columns import COLUMNS, NEEDED
from services.registration.domain.people_imports import FunctionWord
from services.registration.domain.people_rows import LEVELS

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH: Final = 22
_MOST_ROWS: Final = 5_000
_ACTING: Final = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_PERSON: Final = ("first_name", "middle_initial", "last_name", "email")

Cells = Sequence[str | int | None]


class PeopleDocuments:
    """`PeopleDocuments` of the application."""

    def template(self, functions: Sequence[FunctionWord]) -> bytes:
        """A workbook to be filled in."""
        with _book() as (book, saved):
            sheet = book.add_worksheet("People")
            sheet.set_column(0, len(COLUMNS) - 1, _WIDTH, book.add_format({"num_format": "@"}))  # no zero gets lost
            sheet.freeze_panes(1, 0)
            bold, plain = book.add_format({"bold": True}), book.add_format()
            for place, column in enumerate(COLUMNS):
                sheet.write_string(0, place, column, bold if column in NEEDED else plain)
            for column, words in (("line", [line.value for line in Line]), ("level", list(LEVELS))):
                place = COLUMNS.index(column)
                sheet.data_validation(1, place, _MOST_ROWS, place, {"validate": "list", "source": words})
            _write(book, "Codes", ("column", "code", "what it is", "lines"), _codes(functions))
        return saved.getvalue()

    def result(self, result: ImportResult) -> bytes:
        """A workbook with what came of the file."""
        with _book() as (book, saved):
            if result.found.faults:
                rows = ((each.row, each.column, each.code, each.detail) for each in result.found.faults)
                _write(book, "Errors", ("row", "column", "code", "detail"), rows)
            else:
                columns = ("rows", *_PERSON, "temporary_id", "state", "expires_at")
                _write(book, "People", columns, map(_invited, result.invited))
        return saved.getvalue()

    def credentials(self, handed_out: Sequence[ShownCredentials]) -> bytes:
        """A CSV with temporary IDs and passwords."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow((*_PERSON, "temporary_id", "temporary_password", "expires_at"))
        for each in handed_out:
            cells = (*_person(each), each.invitation.temporary_id, each.temporary_password, _expires(each))
            writer.writerow([_harmless(cell or "") for cell in cells])
        return text.getvalue().encode()


def _codes(functions: Sequence[FunctionWord]) -> Iterator[Cells]:
    for line in Line:
        yield "line", line.value, None, None
    for level in LEVELS:
        yield "level", level, None, None
    for function in functions:
        yield "functions", function.code, function.title, "; ".join(function.lines)
    yield "until", "2027-12-31", "The last day on which the access holds; empty if it has no end.", None


def _invited(row: InvitedRow) -> Cells:
    invitation = row.invitation
    person = [getattr(invitation.invitee, name, None) for name in _PERSON]
    until = invitation.expires_at.date().isoformat()
    return ", ".join(map(str, row.rows)), *person, invitation.temporary_id, row.state.value, until


def _person(shown: ShownCredentials) -> list[str | None]:
    return [getattr(shown.invitation.invitee, name, None) for name in _PERSON]


def _expires(shown: ShownCredentials) -> str:
    return shown.invitation.expires_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_ACTING) else cell


@contextmanager
def _book() -> Iterator[tuple[Any, io.BytesIO]]:
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, _OPTIONS) as book:
        yield book, saved


def _write(book: Any, name: str, columns: Sequence[str], rows: Iterator[Cells]) -> None:
    """A sheet of texts and numbers; texts are never evaluated."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
    for number, cells in enumerate(rows, 1):
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell is not None:
                sheet.write_string(number, place, cell)
