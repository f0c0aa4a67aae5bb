"""Looks a workbook over before anything is made of it: what it may hold, and how much (REG-16).

A workbook is a ZIP archive of XML that anybody can write by hand. Here each part passes by once, as a stream, so that
whatever reads it afterwards meets nothing that unfolds, computes, reaches outside or has no end.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO, Final
from xml.parsers import expat  # what makes XML dangerous is refused below: document types, and so entities

from services.registration.application.people_file import MOST_COLUMNS, FileRefusedError

MOST_PARTS: Final = 500
MOST_BYTES: Final = 32 * 1024 * 1024
"""Bytes of all parts unpacked; five thousand rows have a tenth of that."""

MOST_ELEMENTS: Final = 1_500_000
MOST_ELEMENTS_BESIDES: Final = 250_000
"""XML elements of all parts, and of each that is no sheet, which a reader holds in memory."""

MOST_DEPTH: Final = 100
LAST_ROW: Final = 1_048_576  # ECMA-376 readers agree on it

_ENCRYPTED: Final = 0x1
_BLOCK: Final = 64 * 1024
_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0"
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MACROS: Final = re.compile(r"vbaproject|macroenabled|/macrosheets?/|xlmacrosheet|/activex", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    r"externallink|/embeddings/|/connections|/querytable|oleobject|/attachedtoolbars|/ctrlprops?/", re.IGNORECASE
)
_COLUMN: Final = re.compile(r"[A-Z]{1,3}")


def guard(file: BinaryIO) -> None:
    """Raise `FileRefusedError` for what is no workbook, or none that can be read without fear; `file` is rewound."""
    if file.read(len(_COMPOUND_FILE)) == _COMPOUND_FILE:
        raise FileRefusedError(
            "workbook_old_or_protected",
            "This is an old Excel file (XLS) or one with a password. Save it as XLSX, without a password.",
        )
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive.infolist())
            elements = 0
            for part in archive.infolist():
                elements += _Part(part.filename, MOST_ELEMENTS - elements).read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError):
        raise not_a_workbook() from None
    finally:
        file.seek(0)


def not_a_workbook() -> FileRefusedError:
    """The refusal of what only looks like a workbook."""
    return FileRefusedError("not_a_workbook", "This is no Excel workbook (XLSX) that can be read. Save it once more.")


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or len(names) != len(parts):
        raise not_a_workbook()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise _too_large()
    for part in parts:
        if part.flag_bits & _ENCRYPTED or part.compress_type not in _PACKED:
            raise not_a_workbook()
        _check_name(f"/{part.filename}")


def _check_name(name: str) -> None:
    if _MACROS.search(name):
        raise FileRefusedError("workbook_macros", "The workbook has macros. Save it as XLSX, which has none.")
    if _OUTSIDE.search(name):
        raise FileRefusedError(
            "workbook_links",
            "The workbook is linked to other files or has others in it. Copy the rows as values into a new one.",
        )


def _too_large() -> FileRefusedError:
    return FileRefusedError("file_too_large", "The workbook is too large once unpacked. Copy the rows into a new one.")


class _Part:
    """One part of the archive, seen element by element."""

    def __init__(self, name: str, most: int) -> None:
        self._is_sheet = name.startswith("xl/worksheets/") and "/_rels/" not in name
        self._most = most if self._is_sheet else min(most, MOST_ELEMENTS_BESIDES)
        self._name = name
        self._elements = 0
        self._depth = 0
        self._column = 0

    def read(self, archive: zipfile.ZipFile) -> int:
        """How many elements it has, as far as it is XML; a picture has none."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        with archive.open(self._name) as stream:
            try:
                while block := stream.read(_BLOCK):
                    parser.Parse(block, False)  # noqa: FBT003 (it takes no names)
            except expat.ExpatError:
                return self._elements
        return self._elements

    def _doctype(self, *_: object) -> None:
        raise not_a_workbook()

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > self._most or self._depth > MOST_DEPTH:
            raise _too_large()
        tag = name.rpartition(":")[2]
        if self._is_sheet:
            self._in_sheet(tag, attributes)
        elif tag in {"Relationship", "Override", "Default"}:
            _check_name(attributes.get("Type", "") or attributes.get("ContentType", ""))

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _in_sheet(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            self._column = 0
            if not 0 < int(attributes.get("r", "1")) <= LAST_ROW:
                raise not_a_workbook()
        elif tag == "c":
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
        elif tag in {"v", "is", "f"} and self._column > MOST_COLUMNS:
            raise FileRefusedError("too_many_columns", f"The sheet has more than {MOST_COLUMNS} columns.")
        elif tag == "mergeCell":
            where = attributes.get("ref", "")[:20]
            raise FileRefusedError("cells_merged", f"The cells {where} are merged: split them, a value in each.")


def _column(reference: str) -> int:
    """The number of a cell's column, from 1; raises `ValueError` for what names no cell."""
    letters = _COLUMN.match(reference)
    row = reference[letters.end() :] if letters else ""
    if letters is None or not row.isdecimal() or not row.isascii() or int(row[:8]) > LAST_ROW:
        raise ValueError(reference)
    number = 0
    for letter in letters.group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
