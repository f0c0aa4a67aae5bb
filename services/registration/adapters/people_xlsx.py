"""Reads a file of people from the first sheet of a workbook, once `workbook_guard` let it pass (REG-16)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, time
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.registration.adapters.workbook_guard import guard, not_a_workbook
from services.registration.application.people_file import MOST_COLUMNS, FileRefusedError
from services.registration.domain.people_rows import Cell, Unreadable

_NO_WORKBOOK = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, EOFError, NotImplementedError),
    *(SyntaxError, RecursionError, AssertionError, zipfile.BadZipFile, zlib.error, InvalidFileException),
)
"""What the library raises for parts that are not as they should be."""

_FORMULA = Unreadable("cell_formula", "This cell computes its value: copy it, and paste it as a value.")
_ERROR = Unreadable("cell_error", "A spreadsheet could not compute this cell: write its value.")


def read_xlsx(file: BinaryIO) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows of the first sheet; numbers and dates as the texts that a person would write."""
    guard(file)
    try:
        with closing(load_workbook(file, read_only=True, keep_links=False)) as book:
            yield from _rows(book)
    except _NO_WORKBOOK:
        raise not_a_workbook() from None


def _rows(book: Workbook) -> Iterator[tuple[int, Sequence[Cell]]]:
    if not book.worksheets:
        raise FileRefusedError("not_a_workbook", "The workbook has no sheet.")
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the sheet says of its own size
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        texts = [_cell(cell) for cell in cells]
        while texts and texts[-1] == "":
            texts.pop()
        if any(isinstance(text, Unreadable) or text.strip() for text in texts):
            yield number, texts


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "f":
            return _FORMULA
        return _ERROR if cell.data_type == "e" else value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == time.min else value).isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _FORMULA if cell.data_type == "f" else str(value)
