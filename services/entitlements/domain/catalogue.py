"""The catalogue of functions (ENT-1): data that operators extend, read through the questions that the rules ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.entitlements.domain.levels import LEVEL_BOUND, RESOURCES
from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class Function:
    """Something that a portal can do, and for which lines of business."""

    code: str
    title: str
    lines: frozenset[Line]
    sensitive: bool
    description: str


class Catalogue:
    """All functions, in the order of the table.

    Raises `ValueError` for a code that comes twice, and where one that the levels are made of is missing.
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        rows = tuple(functions)
        self._by_code = {function.code: function for function in rows}
        if len(self._by_code) != len(rows):
            raise ValueError("a function stands in the catalogue twice")
        missing = {RESOURCES, *LEVEL_BOUND} - self._by_code.keys()
        if missing:
            raise ValueError(f"the catalogue lacks {', '.join(sorted(missing))}")

    def __iter__(self) -> Iterator[Function]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    @property
    def sensitive(self) -> frozenset[str]:
        """The functions that are sensitive (ENT-1)."""
        return frozenset(function.code for function in self if function.sensitive)

    def offers(self, code: str, line: Line) -> bool:
        """Whether this line of business has the function."""
        return code in self._by_code and line in self._by_code[code].lines

    def of_line(self, line: Line) -> frozenset[str]:
        """Every function of the line that can be given."""
        return frozenset(code for code in self._by_code if code != RESOURCES and self.offers(code, line))
