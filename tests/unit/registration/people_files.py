"""Files of people to add, as a practice's staff or an attacker may send them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook

HEADER = (
    *("first_name", "middle_initial", "last_name", "email", "phone", "extension"),
    *("tin", "line", "level", "functions", "until"),
)
TIN = "123456789"
Row = Mapping[str, object]


def row(number: int = 1, **other: object) -> dict[str, object]:
    """A row that passes."""
    usual = {
        "first_name": "Ada",
        "last_name": "Berg",
        "email": f"ada{number}@example.com",
        "tin": TIN,
        "line": "medical",
        "level": "processor",
        "functions": "patient_coverage;claim_status",
    }
    return usual | other


def csv_file(*rows: Row, header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(*rows: Row, header: Sequence[str] = HEADER, change: Callable[[Workbook], None] | None = None) -> bytes:
    """The rows as a workbook; `change` does something to it before it is saved."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(header))
    for each in rows:
        sheet.append([each.get(column) for column in header])
    if change:
        change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def repacked(workbook: bytes, parts: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with parts rewritten; a part may be new, and is made of nothing then."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, parts.get(name, bytes)(before.read(name)))
        for name in parts.keys() - set(before.namelist()):
            after.writestr(name, parts[name](b""))
    return packed.getvalue()
