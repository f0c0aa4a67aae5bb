"""Reads a directory of practices from CSV: any number of rows in the memory of one block (REG-17).

Physical lines are what an operator's editor counts. A quote that nobody closed would make the rest of the file one
field: such a row is reported alone, and reading goes on with the line behind it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import orjson

from services.registration.application.directory_file import FileUnreadableError, RowFault
from services.registration.domain.directory_rows import HeaderError, RowReader, RowRefusedError
from services.registration.domain.practices import Row

BLOCK = 1 << 14
"""Bytes read at once: what comes of so few stays in the processor's cache until it is laid aside, and one row that is
not plain has few others read as closely as it."""

LONGEST_LINE = 1 << 20
RECORD_LINES = 100
"""So many lines may one quoted row span; more are rather a quote that was never closed."""

_BYTE_ORDER_MARK = "\ufeff"


class DirectoryCsv:
    """One pass over a file; `done` of `size` bytes have been read so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = 0
        self.done = 0

    def batches(self, report: Callable[[RowFault], None]) -> Iterator[Sequence[Row]]:
        """The rows that pass, block by block; those that do not are reported, in the order of the file.

        Raises `FileUnreadableError` where the file cannot be opened or read, or is no directory.
        """
        try:
            with self._path.open("rb") as file:
                self.size = self._path.stat().st_size
                yield from self._rows(file, report)
        except OSError as error:
            raise FileUnreadableError(f"{self._path} cannot be read: {error.strerror}.") from error

    def _rows(self, file: BinaryIO, report: Callable[[RowFault], None]) -> Iterator[Sequence[Row]]:
        scan = _Scan(report)
        for text in self._blocks(file):
            yield scan.rows(text, last=False)
        yield scan.rows("", last=True)
        if scan.reader is None:
            raise FileUnreadableError("The file is empty: its first row must name the columns.")

    def _blocks(self, file: BinaryIO) -> Iterator[str]:
        rest = b""
        while block := file.read(BLOCK):
            self.done += len(block)
            whole, newline, rest_of_block = block.rpartition(b"\n")
            if newline:
                yield (rest + whole + newline).decode("utf-8", "surrogateescape")
                rest = rest_of_block
            else:
                rest += block
            if len(rest) > LONGEST_LINE:
                raise FileUnreadableError("The file has a line of more than a million bytes: this is no CSV.")
        if rest:
            yield rest.decode("utf-8", "surrogateescape")


class _Scan:
    """Where the reading of one file stands between two blocks."""

    def __init__(self, report: Callable[[RowFault], None]) -> None:
        self.reader: RowReader | None = None
        self._report = report
        self._before = 0
        self._lines: list[str] = []

    def rows(self, text: str, *, last: bool) -> Sequence[Row]:
        """The good rows of a further block, which ends with a whole line; a row that is not at its end yet waits."""
        if self.reader is not None and not self._lines and (records := _a_record_each(text)) is not None:
            rows = self.reader.read_plain(records)
            found = list(self._one_by_one(self.reader, records)) if rows is None else rows
            self._before += len(records)
            return found
        self._lines += io.StringIO(text, newline="").readlines()
        return self._closely(last=last)

    def _one_by_one(self, reader: RowReader, records: Sequence[Sequence[str]]) -> Iterator[Row]:
        for place, fields in enumerate(records):
            try:
                yield reader.read(fields)
            except RowRefusedError as refused:
                if fields:
                    self._refuse(place, refused)

    def _closely(self, *, last: bool) -> list[Row]:
        """The rows of the lines at hand, where one row may have several of them and one quote too few."""
        found: list[Row] = []
        place = 0
        while place < len(self._lines):
            place, waits = self._records(place, found, last=last)
            if waits:
                break
        self._before += place
        del self._lines[:place]
        return found

    def _records(self, place: int, found: list[Row], *, last: bool) -> tuple[int, bool]:
        """Read from a line on: the line to go on with, and whether that needs the next block first."""
        begin = place
        records = csv.reader(self._lines[begin:], strict=True)
        try:
            if self.reader is None:
                header = next(filter(None, records), None)
                if header is None:
                    return len(self._lines), False
                self.reader = _reader_for(header)
                place = begin + records.line_num
            read, keep = self.reader.read, found.append
            for fields in records:
                try:
                    keep(read(fields))
                except RowRefusedError as refused:
                    if fields and self._refuse(place, refused) and self._swallowed(place, begin + records.line_num):
                        return place + 1, False
                place = begin + records.line_num
        except csv.Error as error:
            return self._broken(place, begin + records.line_num, error, last=last)
        return place, False

    def _broken(self, place: int, end: int, error: csv.Error, *, last: bool) -> tuple[int, bool]:
        if end == len(self._lines) and end - place <= RECORD_LINES and not last:
            return place, True
        if self.reader is None:
            raise FileUnreadableError(f"The first row cannot be read as CSV: {error}.") from error
        self._refuse(place, RowRefusedError(None, "quotes_wrong", f"This row cannot be read as CSV: {error}."))
        return place + 1, False

    def _swallowed(self, place: int, end: int) -> bool:
        """Whether a wrong row of several lines is rather an unclosed quote: a line inside it is a row by itself."""
        return any(self._stands_alone(line) for line in self._lines[place + 1 : end])

    def _stands_alone(self, line: str) -> bool:
        try:
            rows = list(csv.reader([line], strict=True))
            return self.reader is not None and all(map(self.reader.read, rows))
        except (csv.Error, RowRefusedError):
            return False

    def _refuse(self, place: int, refused: RowRefusedError) -> bool:
        self._report(RowFault(self._before + place + 1, refused.column, refused.code, refused.detail))
        return True


def _a_record_each(text: str) -> Sequence[Sequence[str]] | None:
    """The record that each line is by itself; None where that is not so."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error:
        return None
    return records if len(records) == reader.line_num else None


def _reader_for(header: list[str]) -> RowReader:
    try:
        return RowReader([header[0].removeprefix(_BYTE_ORDER_MARK), *header[1:]], _encode)
    except HeaderError as error:
        raise FileUnreadableError(str(error)) from error


def _encode(details: Mapping[str, str]) -> str:
    try:
        return orjson.dumps(details).decode()
    except orjson.JSONEncodeError as error:
        raise ValueError("not Unicode") from error
