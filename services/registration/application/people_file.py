"""What an import reads its rows from, and how much of it: a port for each kind of file (REG-16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, ClassVar, Protocol

from chassis.kernel.errors import Fault, InvalidError
from services.registration.domain.people_rows import Cell

MOST_ROWS = 5_000
"""Rows of one file, the first one and empty ones not counted."""

MOST_COLUMNS = 100
"""Columns of one file, a good many more than it can need."""


class FileRefusedError(InvalidError):
    """The file as a whole cannot be taken; nothing of it was kept."""

    code: ClassVar[str] = "file_refused"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__([Fault("/file", code, detail)], detail)


class ReadPeople(Protocol):
    """Reads the rows of one kind of file."""

    def __call__(self, file: BinaryIO) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Each row that is not empty as texts, with its number as a spreadsheet counts; the first is the header.

        Raises `FileRefusedError` before or between the rows.
        """
