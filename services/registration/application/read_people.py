"""Read a whole file of people to add, every fault in it told by row and column (REG-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from services.registration.application.people_file import MOST_ROWS, FileRefusedError, ReadPeople
from services.registration.domain.people_columns import read_header
from services.registration.domain.people_rows import Cell, PersonRow, RowFault, RowReader, Unreadable, people_of
from services.registration.domain.values import RefusedError

_WORKBOOK: Final = (b"PK", b"\xd0\xcf\x11\xe0")  # of today, and of old


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file says: how many rows it has, those that can be read, each person's together, and what is wrong."""

    rows: int
    people: Sequence[Sequence[PersonRow]]
    faults: Sequence[RowFault]


def read_people(file: BinaryIO, readers: Mapping[str, ReadPeople], zone: ZoneInfo) -> FileRead:
    """Read it, by what it is rather than by its name; raises `FileRefusedError` for one that cannot be taken at all."""
    kind = "xlsx" if file.read(4).startswith(_WORKBOOK) else "csv"
    file.seek(0)
    rows = iter(readers[kind](file))
    _, header = next(rows, (1, ()))
    reader = _reader(header, zone)
    read: list[PersonRow] = []
    faults: list[RowFault] = []
    count = 0
    for number, cells in rows:
        count += 1
        if count > MOST_ROWS:
            raise FileRefusedError("too_many_rows", f"A file has at most {MOST_ROWS} rows: make several of it.")
        row = reader.read(number, cells, faults.append)
        if row is not None:
            read.append(row)
    if not count:
        raise FileRefusedError("rows_missing", "The file has no rows below the first one.")
    people = people_of(read, faults.append)
    return FileRead(count, people, sorted(faults, key=lambda fault: fault.row))


def _reader(header: Sequence[Cell], zone: ZoneInfo) -> RowReader:
    if not header:
        raise FileRefusedError("rows_missing", "The file is empty: its first row must name the columns.")
    try:
        texts = ["=" if isinstance(cell, Unreadable) else cell for cell in header]
        return RowReader(read_header(texts), zone)
    except RefusedError as refused:
        raise FileRefusedError(refused.code, refused.detail) from None
