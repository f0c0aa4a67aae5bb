"""The delegation history as a workbook (AUD-2): one sheet as the plans know it, one with what was changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.audit.application.ports import WriteRows
from services.audit.domain.report import COLUMNS, DETAIL_COLUMNS, TITLE_OF, YES_OR_NO, ReportRow

Cell = str | datetime | None

MOST_ROWS = 1_048_576
"""What a sheet can hold (ECMA-376 readers agree on it), its heading included."""

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_SECONDS_A_DAY = 86_400
_LINK_COLUMNS = ("ROW", "PERMANENT ID")
_MAIN = len(COLUMNS)
_KIND, _REGISTERED = ReportRow._fields.index("kind"), ReportRow._fields.index("registered")


@contextmanager
def xlsx_document(file: BinaryIO, *, most_rows: int = MOST_ROWS) -> Iterator[WriteRows]:
    """`Document` with a pair of sheets; `file` stays open.

    Every text is written as a text cell, which no spreadsheet evaluates. Further pairs of sheets follow where one
    cannot hold all; `ROW` on a second sheet is the row's number on the first of its pair.
    """
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        yield partial(_write, book, most_rows)


def _write(book: xlsxwriter.Workbook, most_rows: int, batches: Iterator[Sequence[ReportRow]]) -> int:
    rows = itertools.chain.from_iterable(batches)
    written = 0
    for number in itertools.count(1):
        pair = _Pair(book, number)
        pair.write(itertools.islice(rows, most_rows - 1))
        written += pair.rows
        if pair.rows < most_rows - 1:
            break
    return written


class _Pair:
    """A sheet with the report's columns and its sheet of details."""

    def __init__(self, book: xlsxwriter.Workbook, number: int) -> None:
        suffix = "" if number == 1 else f" {number}"
        self._moment = book.add_format({"num_format": 'yyyy-mm-dd hh:mm:ss "UTC"'})
        self._main = self._sheet(book, f"Delegation history{suffix}", COLUMNS)
        self._details = self._sheet(book, f"Details{suffix}", (*_LINK_COLUMNS, *DETAIL_COLUMNS))
        self.rows = 0

    def write(self, rows: Iterator[ReportRow]) -> None:
        for row in rows:
            self.rows += 1
            self._write_row(self._main, 0, _main_cells(row))
            self._details.write_number(self.rows, 0, self.rows + 1)
            self._write_row(self._details, 1, _detail_cells(row))

    def _write_row(self, sheet: Worksheet, column: int, cells: Sequence[Cell]) -> None:
        for place, cell in enumerate(cells, column):
            if isinstance(cell, str):
                sheet.write_string(self.rows, place, cell)
            elif cell is not None:
                sheet.write_number(self.rows, place, _serial(cell), self._moment)

    @staticmethod
    def _sheet(book: xlsxwriter.Workbook, name: str, columns: Sequence[str]) -> Any:
        sheet = book.add_worksheet(name)
        sheet.set_column(0, len(columns) - 1, 22)
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(columns):
            sheet.write_string(0, place, title)
        return sheet


def _main_cells(row: ReportRow) -> Sequence[Cell]:
    cells: list[Any] = list(row[:_MAIN])
    cells[_KIND], cells[_REGISTERED] = TITLE_OF[row.kind], YES_OR_NO[row.registered]
    return cells


def _detail_cells(row: ReportRow) -> Sequence[Cell]:
    details: list[Any] = list(row[_MAIN:])
    return [row.user_id, *details]


def _serial(moment: datetime) -> float:
    """A spreadsheet's number for a moment: days since its day zero, in UTC."""
    return (moment - _DAY_ZERO).total_seconds() / _SECONDS_A_DAY
