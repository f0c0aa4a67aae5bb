"""How a row of a directory file is read: what it must have, and what is wrong with one that has it not (REG-17)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from services.registration.domain.lines import read_lines, written
from services.registration.domain.plain_columns import are_plain_names, are_plain_texts, are_plain_tins
from services.registration.domain.practices import Row
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import RefusedError

TIN, NAME, LINES = "tin", "practice_name", "lines"
NAME_LENGTH = 200
DETAILS_LENGTH = 20_000

Encode = Callable[[Mapping[str, str]], str]
"""Writes the further columns as a JSON object; raises `ValueError` for text that is not Unicode."""


@lru_cache(maxsize=256)
def _lines_of(text: str) -> str:
    """As the directory keeps it; a million rows have a handful of different ones."""
    return written(read_lines(text))


class HeaderError(ValueError):
    """The first row does not name the columns that a directory must have: this is no directory."""


class RowRefusedError(ValueError):
    """A row cannot be taken: the column at fault (None for the row as a whole), the stable code, and why."""

    def __init__(self, column: str | None, code: str, detail: str) -> None:
        super().__init__(detail)
        self.column = column
        self.code = code
        self.detail = detail


class RowReader:
    """Reads the rows under one header; the order of its columns is free, and so are further ones."""

    def __init__(self, header: Sequence[str], encode: Encode) -> None:
        names = [name.strip().lower() for name in header]
        missing = [name for name in (TIN, NAME, LINES) if name not in names]
        if missing:
            raise HeaderError(f"The first row must name the columns: {', '.join(missing)} not found.")
        if len(set(names)) != len(names):
            raise HeaderError("The first row names a column twice.")
        further = [place for place, name in enumerate(names) if name not in {TIN, NAME, LINES}]
        self._width = len(names)
        self._needed = itemgetter(*(names.index(name) for name in (TIN, NAME, LINES)))
        self._further = _getter(further)
        self._names = [names[place] for place in further]
        self._encode = encode
        self._template = _template(self._names, encode)

    def read(self, fields: Sequence[str]) -> Row:
        """The row; raises `RowRefusedError` with the first thing that is wrong with it."""
        if len(fields) != self._width:
            detail = f"The header has {self._width} columns, this row {len(fields)}."
            raise RowRefusedError(None, "columns_wrong", detail)
        column, (tin, name, lines) = TIN, self._needed(fields)
        try:
            tin = bare_tin(tin)
            column = NAME
            name = _name(name)
            column = LINES
            lines = _lines_of(lines)
        except RefusedError as refused:
            raise RowRefusedError(column, refused.code, refused.detail) from None
        return tin, name, lines, self._details(fields)

    def read_plain(self, rows: Sequence[Sequence[str]]) -> Sequence[Row] | None:
        """What `read` makes of these rows, in a fraction of its time; None where any of them needs its closer look."""
        if set(map(len, rows)) != {self._width}:
            return None
        columns: Sequence[Any] = list(zip(*rows, strict=True))
        (tins, names, lines), further = self._needed(columns), self._further(columns)
        if not (are_plain_tins(tins) and are_plain_names(names, NAME_LENGTH) and all(map(are_plain_texts, further))):
            return None
        details = self._plain_details(further, len(rows))
        if len(max(details, key=len)) > DETAILS_LENGTH:
            return None
        try:
            return list(zip(tins, names, map(_lines_of, lines), details, strict=True))
        except RefusedError:
            return None

    def _plain_details(self, further: Sequence[Sequence[str]], count: int) -> Sequence[str]:
        if not further:
            return ["{}"] * count
        return list(map(self._template.__mod__, zip(*further, strict=True)))

    def _details(self, fields: Sequence[str]) -> str:
        try:
            details = self._encode(dict(zip(self._names, self._further(fields), strict=True)))
        except ValueError:
            raise RowRefusedError(None, "not_utf8", "This row is not UTF-8 text.") from None
        if len(details) > DETAILS_LENGTH:
            raise RowRefusedError(None, "row_too_long", f"A row has at most {DETAILS_LENGTH} characters.")
        return details


def _getter(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Takes these fields of a row, or these of all columns; `itemgetter` makes a tuple only of two or more."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda fields: [fields[place] for place in places]


def _template(names: Sequence[str], encode: Encode) -> str:
    """The JSON object of these columns, with `%s` for the text of each."""
    try:
        members = [encode({name: ""})[1:-2].replace("%", "%%") + '%s"' for name in names]
    except ValueError:
        raise HeaderError("The first row is not UTF-8 text.") from None
    return "{" + ",".join(members) + "}"


def _name(text: str) -> str:
    """The practice's name on one line: a formula is a name like any other, a line break a blank."""
    name = " ".join(text.split())
    if not name:
        raise RefusedError("name_missing", "A practice has a name.")
    if len(name) > NAME_LENGTH:
        raise RefusedError("name_too_long", f"A practice's name has at most {NAME_LENGTH} characters.")
    if not name.isprintable():
        kinds = {unicodedata.category(character) for character in name}
        if "Cs" in kinds:
            raise RefusedError("not_utf8", "This row is not UTF-8 text.")
        if "Cc" in kinds:
            raise RefusedError("control_characters", "A name has no control characters.")
    return name
