"""The delegation history as CSV (RFC 4180): UTF-8 without a byte order mark, first row the columns (AUD-2).

Whole columns are looked at together, some thousand cells at a time: so that no cell acts as a formula costs little.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from services.audit.application.ports import WriteRows
from services.audit.domain.report import COLUMNS, TITLE_OF, YES_OR_NO, ReportRow

_ACTING = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for the beginning of a formula, the wide forms of Japanese keyboards included."""

_SUSPECT = tuple(f"\n{letter}" for letter in (" ", *_ACTING))

_TO_SECONDS = len("2025-03-01T12:30:00")
_QUOTED = (",", '"', "\r", "\n")


@contextmanager
def csv_document(file: BinaryIO) -> Iterator[WriteRows]:
    """`Document` with the columns of the report; `file` stays open."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    yield partial(_write, text)
    text.detach()


def harmless(column: Sequence[str | None]) -> list[str]:
    """The cells, each as a text that no spreadsheet takes for a formula: an apostrophe stands before whatever begins
    like one, blanks before it not counted.

    That includes telephone numbers, which begin with `+`: one rule without exception is one that can be trusted.
    """
    cells = [cell or "" for cell in column]
    together = "\n" + "\n".join(cells)
    if not any(suspect in together for suspect in _SUSPECT):
        return cells
    return [f"'{cell}" if cell.lstrip(" ").startswith(_ACTING) else cell for cell in cells]


def _write(text: io.TextIOWrapper, batches: Iterator[Sequence[ReportRow]]) -> int:
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    written = 0
    for batch in batches:
        columns = _columns(batch)
        rows = zip(*columns, strict=True)
        if any(map(_wants_quotes, columns)):
            writer.writerows(rows)
        else:
            text.write("\r\n".join(map(",".join, rows)) + "\r\n")
        written += len(batch)
    return written


def _columns(batch: Sequence[ReportRow]) -> list[list[str]]:
    whole: list[Any] = list(zip(*batch, strict=True))[: len(COLUMNS)]
    by, kind, first, middle, last, temporary, registered, user, email, phone, at = whole
    return [
        harmless(by),
        [TITLE_OF[code] for code in kind],
        *map(harmless, (first, middle, last, temporary)),
        [YES_OR_NO[answer] for answer in registered],
        *map(harmless, (user, email, phone)),
        [_moment(moment) for moment in at],
    ]


def _wants_quotes(column: Sequence[str]) -> bool:
    together = "".join(column)
    return any(mark in together for mark in _QUOTED)


def _moment(moment: datetime) -> str:
    """RFC 3339 in whole seconds; what is kept is in UTC already."""
    return moment.isoformat()[:_TO_SECONDS] + "Z"
