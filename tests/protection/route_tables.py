"""Reads `routes/`: a row for each call, a column for each caller, in each cell what is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "routes"
EVERY: Final = "every"
SAME: Final = '"'


@dataclass(frozen=True, slots=True)
class Row:
    """What a call gives each; `call` is its method, its path and, where it is called in several ways, in which."""

    service: str
    call: str
    cells: tuple[tuple[str, str], ...]

    @property
    def route(self) -> tuple[str, str]:
        """Method and path alone."""
        method, path, *_ = self.call.split(" ")
        return method, path

    def __str__(self) -> str:
        return f"{self.service} {self.call}"


def rows_of(service: str, *, table: str = "") -> list[Row]:
    """The rows of one service's table, or of another table read for it."""
    text = (FOLDER / f"{table or service}.md").read_text(encoding="utf-8")
    head, _, *lines = [list(_cells(line)) for line in text.splitlines() if line.startswith("| ")]
    return [Row(service, call.strip("`"), tuple(_filled(head[1:], cells))) for call, *cells in lines]


def _cells(line: str) -> Iterator[str]:
    return (cell.strip() for cell in line.strip().strip("|").split("|"))


def _filled(head: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    last = ""
    for who, cell in zip(head, cells, strict=True):
        last = last if cell == SAME else cell
        yield who, last
