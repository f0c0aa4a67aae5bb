"""What importing a directory needs besides the database: the file, a place to lay rows aside, and its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from services.registration.domain.practices import Row


class FileUnreadableError(Exception):
    """The file cannot be read at all, or is no directory of practices; nothing was changed."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that was not taken: its first physical line in the file (from 1), the column (None for the whole row)."""

    line: int
    column: str | None
    code: str
    detail: str


class DirectoryFile(Protocol):
    """One pass over a directory file."""

    @property
    def size(self) -> int:
        """How long the file is, in bytes."""

    @property
    def done(self) -> int:
        """How many of them have been read."""

    def batches(self, report: Callable[[RowFault], None]) -> Iterator[Sequence[Row]]:
        """The rows that pass; those that do not are reported. Raises `FileUnreadableError`."""


class Spool(Protocol):
    """Lays rows aside, in memory that does not grow with them, until it is known which TINs come again."""

    @property
    def rows(self) -> int:
        """How many rows lie here."""

    @property
    def superseded(self) -> int:
        """How many of them have a TIN that came again later."""

    def keep(self, rows: Sequence[Row]) -> None:
        """Lay rows aside, behind those before."""

    def batches(self, size: int) -> Iterator[Sequence[Row]]:
        """The rows that were not superseded, at most `size` at a time, in the order in which they came."""


class Turn(Protocol):
    """One import at a time, whatever processes there are; a killed one's turn is over with it."""

    def __call__(self) -> AbstractContextManager[None]:
        """Hold the turn; raises `ImportRunningError` where another import has it."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: `reading` counts bytes of the file, `writing` practices."""

    stage: str
    done: int
    total: int


Progress = Callable[[ImportProgress], None]
