"""Rows as a workbook of one sheet, in which every text is a text cell that no spreadsheet evaluates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

import xlsxwriter

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH: Final = 20


def xlsx_workbook(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """`Workbook` as XLSX."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate(rows):
            sheet.set_column(0, len(cells) - 1, _WIDTH)
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return file.getvalue()
