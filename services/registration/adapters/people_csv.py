"""Reads a file of people from CSV (RFC 4180), in UTF-8 with or without a byte order mark (REG-16).

The whole of it is held at once: the edge lets no large file in.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from services.registration.application.people_file import MOST_COLUMNS, FileRefusedError

_OTHER_UNICODE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENCODING = "Save it as CSV UTF-8, or as an Excel workbook (XLSX)."


def read_csv(file: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows; a cell is what it says, whatever a spreadsheet would make of it."""
    content = file.read()
    if content.startswith(_OTHER_UNICODE):
        raise FileRefusedError("not_utf8", f"The file is UTF-16 text. {_ENCODING}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefusedError("not_utf8", f"The file is not UTF-8 text. {_ENCODING}") from None
    yield from _rows(io.StringIO(text, newline=""))


def _rows(text: io.StringIO) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, strict=True), 1):
            if len(cells) > MOST_COLUMNS:
                raise FileRefusedError("too_many_columns", f"Row {number} has more than {MOST_COLUMNS} columns.")
            if any("\0" in cell for cell in cells):
                raise FileRefusedError("not_text", f"Row {number} has a character (NUL) that no text may have.")
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise FileRefusedError("quotes_wrong", f"Row {number + 1} cannot be read as CSV: {error}.") from None
