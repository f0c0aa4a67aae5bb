"""Reading files of people to add: what passes, what is told by row and column, and what is refused whole (REG-16)."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from services.registration.adapters.people_csv import read_csv
from services.registration.adapters.people_xlsx import read_xlsx
from services.registration.adapters.workbook_guard import MOST_BYTES
from services.registration.application.people_file import MOST_ROWS, FileRefusedError
from services.registration.application.read_people import FileRead, read_people
from services.registration.domain.people_columns import NEEDED
from tests.unit.registration.people_files import HEADER, TIN, csv_file, repacked, row, xlsx_file

SHEET = "xl/worksheets/sheet1.xml"
NEW_YORK = ZoneInfo("America/New_York")


def read(file: bytes) -> FileRead:
    return read_people(io.BytesIO(file), {"csv": read_csv, "xlsx": read_xlsx}, NEW_YORK)


def refused(file: bytes) -> str:
    with pytest.raises(FileRefusedError) as refusal:
        read(file)
    (fault,) = refusal.value.faults
    assert fault.pointer == "/file"
    assert fault.detail.endswith(".")
    return fault.code


def told(file: bytes) -> list[tuple[int, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for fault in read(file).faults]


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_rows_are_read_with_columns_in_any_order__REG_16(make: Callable[..., bytes]) -> None:
    file = make(
        row(middle_initial="Q.", phone="860-555-0100", extension="12", until="2027-01-31"),
        header=HEADER[::-1],
    )
    ((person,),) = read(file).people
    assert (person.invitee.first_name, person.invitee.middle_initial, person.invitee.last_name) == ("Ada", "Q", "Berg")
    assert (person.invitee.phone, person.invitee.extension) == ("+18605550100", "12")
    assert (person.access.tin, person.access.line, person.access.level) == (TIN, "medical", "processor")
    assert person.access.functions == ("patient_coverage", "claim_status")
    assert person.access.until == datetime(2027, 2, 1, 5, tzinfo=UTC)  # the whole of that day, in the plan's zone
    assert person.number == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_with_or_without_byte_order_mark__REG_16(encoding: str) -> None:
    ((person,),) = read(csv_file(row(first_name="Åsa Nuñez"), encoding=encoding)).people
    assert person.invitee.first_name == "Åsa Nuñez"


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-16-be"])
def test_other_encodings_are_refused_with_what_to_do__REG_16(encoding: str) -> None:
    assert refused(csv_file(row(first_name="Åsa"), encoding=encoding)) in {"not_utf8", "not_text"}


def test_rows_with_one_address_are_one_person__REG_16() -> None:
    rows = row(), row(2), row(email="ADA1@example.com", line="behavioral")
    people = read(csv_file(*rows)).people
    assert [[each.number for each in person] for person in people] == [[2, 4], [3]]


def test_rows_of_one_person_agree__REG_16() -> None:
    rows = row(), row(last_name="Bergmann", line="behavioral"), row(phone="860-555-0100")
    assert told(csv_file(*rows)) == [
        (3, "last_name", "person_differs"),
        (4, "phone", "person_differs"),
        (4, "tin", "place_duplicate"),
    ]


def test_every_fault_is_told_by_row_and_column__REG_16() -> None:
    rows = (
        row(first_name="", email="ada", tin="12345678"),
        row(2),
        row(3, line="vision", level="boss", phone="12", until="31/01/2027"),
        row(4, extension="x", middle_initial="QQ", last_name="=cmd|' /C calc'!A0"),
    )
    assert sorted(told(csv_file(*rows)), key=str) == sorted(
        [
            (2, "first_name", "required"),
            (2, "email", "email_invalid"),
            (2, "tin", "tin_invalid"),
            (4, "line", "line_unknown"),
            (4, "level", "level_unknown"),
            (4, "phone", "phone_invalid"),
            (4, "until", "until_invalid"),
            (5, "extension", "extension_invalid"),
            (5, "middle_initial", "initial_invalid"),
            (5, "last_name", "name_invalid"),
        ],
        key=str,
    )


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_empty_rows_count_for_their_numbers_only__REG_16(make: Callable[..., bytes]) -> None:
    found = read(make({}, row(), {"first_name": "  "}, row(2)))
    assert [person[0].number for person in found.people] == [3, 5]
    assert found.rows == 2


def test_cells_beyond_the_header_are_told__REG_16() -> None:
    file = csv_file(row()) + b",,,,,,,,,,,left over\r\n"
    assert told(file) == [(3, None, "columns_wrong")]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (HEADER[1:], "column_missing"),
        ((*HEADER, "salary"), "column_unknown"),
        ((*HEADER, "tin"), "column_duplicate"),
        ((";".join(HEADER),), "column_missing"),
    ],
)
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_the_first_row_names_the_columns__REG_16(make: Callable[..., bytes], header: Sequence[str], code: str) -> None:
    assert refused(make(header=header)) == code


@pytest.mark.parametrize("file", [b"", b"\n\n", csv_file(), xlsx_file()])
def test_files_without_rows_are_refused__REG_16(file: bytes) -> None:
    assert refused(file) == "rows_missing"


def test_five_thousand_rows_and_no_more__REG_16() -> None:
    most = [row(number, functions="") for number in range(MOST_ROWS)]
    assert read(csv_file(*most)).rows == MOST_ROWS
    assert refused(csv_file(*most, row(MOST_ROWS))) == "too_many_rows"
    narrow = [{"tin": "x"}] * (MOST_ROWS + 1)
    assert refused(xlsx_file(*narrow, header=NEEDED)) == "too_many_rows"


def test_ten_thousand_columns_are_refused__REG_16() -> None:
    assert refused(b",".join([b"x"] * 10_000)) == "too_many_columns"
    assert refused(xlsx_file(row(), header=(*HEADER, *map(str, range(10_000))))) == "too_many_columns"


def test_numbers_and_dates_are_what_a_person_would_write__REG_16() -> None:
    cells = row(tin=123456789, phone=8605550100, extension=12.0, until=date(2027, 1, 31))
    ((person,),) = read(xlsx_file(cells)).people
    assert (person.access.tin, person.invitee.phone, person.invitee.extension) == (TIN, "+18605550100", "12")
    assert person.access.until == datetime(2027, 2, 1, 5, tzinfo=UTC)


def test_a_date_that_is_a_bare_number_is_told__REG_16() -> None:
    assert told(xlsx_file(row(until=46418))) == [(2, "until", "until_invalid")]
    assert told(xlsx_file(row(tin=12345678))) == [(2, "tin", "tin_invalid")]  # its leading zero is lost


def test_cells_that_compute_are_told__REG_16() -> None:
    assert told(xlsx_file(row(email='=HYPERLINK("http://attacker.example","x")'))) == [(2, "email", "cell_formula")]
    assert told(xlsx_file(row(), row(2, last_name="#N/A"))) == [(3, "last_name", "cell_error")]


def test_text_that_looks_like_a_formula_is_data__REG_16() -> None:
    ((person,),) = read(csv_file(row(first_name="-Ada"))).people
    assert person.invitee.first_name == "-Ada"
    assert told(csv_file(row(first_name="=1+1"))) == [(2, "first_name", "name_invalid")]


def test_merged_cells_are_refused__REG_16() -> None:
    assert refused(xlsx_file(row(), row(2), change=lambda book: book.worksheets[0].merge_cells("A2:A3"))) == (
        "cells_merged"
    )


def test_links_of_addresses_that_spreadsheets_make_are_no_harm__REG_16() -> None:
    def link(book: Workbook) -> None:
        book.worksheets[0]["D2"].hyperlink = "mailto:ada1@example.com"

    assert read(xlsx_file(row(), change=link)).rows == 1


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "workbook_macros"),
        ("xl/macrosheets/sheet1.xml", "workbook_macros"),
        ("xl/externalLinks/externalLink1.xml", "workbook_links"),
        ("xl/embeddings/oleObject1.bin", "workbook_links"),
        ("xl/connections.xml", "workbook_links"),
    ],
)
def test_workbooks_with_macros_or_links_are_refused__REG_16(part: str, code: str) -> None:
    assert refused(repacked(xlsx_file(row()), {part: lambda _: b"<x/>"})) == code


def test_parts_are_known_by_their_kind_whatever_their_names__REG_16() -> None:
    kind = b'<Override PartName="/xl/a.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    change = {"[Content_Types].xml": lambda xml: xml.replace(b"</Types>", kind)}
    assert refused(repacked(xlsx_file(row()), change)) == "workbook_macros"


def test_zip_bombs_are_refused_in_little_memory__REG_16() -> None:
    bomb = repacked(xlsx_file(row()), {"xl/sharedStrings.xml": lambda _: b"<sst>" + b"<si/>" * (MOST_BYTES // 5)})
    assert len(bomb) < 300_000
    tracemalloc.start()
    try:
        assert refused(bomb) == "file_too_large"
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_few_bytes_with_very_many_elements_are_refused__REG_16() -> None:
    many = repacked(xlsx_file(row()), {"xl/sharedStrings.xml": lambda _: b"<sst>" + b"<si/>" * 300_000 + b"</sst>"})
    assert refused(many) == "file_too_large"
    deep = repacked(xlsx_file(row()), {"xl/styles.xml": lambda _: b"<a>" * 200})
    assert refused(deep) == "file_too_large"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused__REG_16(part: str) -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    for kind in (laughs, outside):
        assert refused(repacked(xlsx_file(row()), {part: kind.__add__})) == "not_a_workbook"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<row r="2"', b'<row r="99999999999"'),
        (b'r="A2"', b'r="A99999999999"'),
        (b'<dimension ref="A1:K2"', b'<dimension ref="A1:XFD1048576"'),
    ],
)
def test_rows_without_end_cost_nothing__REG_16(before: bytes, after: bytes) -> None:
    file = repacked(xlsx_file(row()), {SHEET: lambda xml: xml.replace(before, after)})
    if b"dimension" in before:
        assert read(file).rows == 1
    else:
        assert refused(file) == "not_a_workbook"


@pytest.mark.parametrize(
    "file",
    [
        b"PK\x03\x04 but no archive",
        repacked(xlsx_file(row()), {SHEET: lambda xml: xml[: len(xml) // 2]}),
        repacked(xlsx_file(row()), {"xl/workbook.xml": lambda _: b"<workbook/>"}),
        repacked(xlsx_file(row()), {"xl/_rels/workbook.xml.rels": lambda _: b""}),
        xlsx_file(row())[:-200],
    ],
)
def test_broken_workbooks_are_refused__REG_16(file: bytes) -> None:
    assert refused(file) == "not_a_workbook"


def test_old_and_protected_workbooks_are_named__REG_16() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "workbook_old_or_protected"


@pytest.mark.parametrize("file", [b"%PDF-1.7\n\x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"GIF89a\x00", bytes(100)])
def test_other_files_are_refused__REG_16(file: bytes) -> None:
    assert refused(file) in {"not_utf8", "not_text", "column_missing", "quotes_wrong"}


def test_an_open_quote_is_told__REG_16() -> None:
    assert refused(csv_file(row()) + b'"Ada,,Berg\n') == "quotes_wrong"
