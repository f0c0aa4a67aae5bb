"""REG-17: what is read from a directory file, and how each wrong row is told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.adapters import directory_csv
from services.registration.adapters.directory_csv import DirectoryCsv
from services.registration.application.directory_file import FileUnreadableError, RowFault
from services.registration.domain.directory_rows import RowReader
from services.registration.domain.practices import Row

HEADER = "tin,practice_name,lines,address1,city\r\n"


class Reading:
    """A file, and what was read from it."""

    def __init__(self, path: Path, content: str | bytes) -> None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.faults: list[RowFault] = []
        self.file = DirectoryCsv(path)
        self.rows: list[Row] = [row for rows in self.file.batches(self.faults.append) for row in rows]

    @property
    def told(self) -> list[tuple[int, str | None, str]]:
        return [(fault.line, fault.column, fault.code) for fault in self.faults]

    @property
    def tins(self) -> list[str]:
        return [row[0] for row in self.rows]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "directory.csv"


def one(path: Path, row: str) -> Reading:
    return Reading(path, HEADER + row + "\r\n")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf8_with_or_without_byte_order_mark_and_either_line_end__REG_17(path: Path, mark: str, end: str) -> None:
    content = mark + "tin,practice_name,lines,address1,city" + end + "123456789,Núñez,medical,1 Main,Cañon City" + end
    read = Reading(path, content)
    assert read.told == []
    assert read.rows == [("123456789", "Núñez", "medical", '{"address1":"1 Main","city":"Cañon City"}')]


def test_the_order_of_columns_is_free_and_the_rest_is_kept_as_it_stands__REG_17(path: Path) -> None:
    read = Reading(path, 'City , LINES,tin,Practice_Name\n" =1+1 ",dental; medical,12-3456789,A  "B"\n')
    assert read.rows == [("123456789", 'A "B"', "medical;dental", '{"city":" =1+1 "}')]


def test_without_further_columns_there_are_no_details__REG_17(path: Path) -> None:
    assert Reading(path, "tin,practice_name,lines\n123456789,A,medical\n").rows[0][3] == "{}"
    assert Reading(path, "tin,practice_name,lines,x\n123456789,A,medical,1\n").rows[0][3] == '{"x":"1"}'


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("12345678,A,medical,x,y", "tin", "tin_invalid"),
        ("12E456789,A,medical,x,y", "tin", "tin_invalid"),
        (",A,medical,x,y", "tin", "tin_invalid"),
        ("123456789,,medical,x,y", "practice_name", "name_missing"),
        ('123456789,"  ",medical,x,y', "practice_name", "name_missing"),
        ("123456789," + "a" * 201 + ",medical,x,y", "practice_name", "name_too_long"),
        ("123456789,A\x07B,medical,x,y", "practice_name", "control_characters"),
        ("123456789,A\x00B,medical,x,y", "practice_name", "control_characters"),
        ("123456789,A,medical;vision,x,y", "lines", "lines_unknown"),
        ("123456789,A,,x,y", "lines", "lines_missing"),
        ("123456789,A,;,x,y", "lines", "lines_missing"),
        ("123456789,A,medical,x", None, "columns_wrong"),
        ("123456789,A,medical,x,y,z", None, "columns_wrong"),
        ("123456789,A,medical," + "x" * 30_000 + ",y", None, "row_too_long"),
        ('123456789,"A"B,medical,x,y', None, "quotes_wrong"),
    ],
)
def test_a_wrong_row_is_told_with_line_column_and_code__REG_17(path: Path, row: str, column: str, code: str) -> None:
    read = Reading(path, HEADER + "111111111,Before,medical,x,y\r\n" + row + "\r\n222222222,After,medical,x,y\r\n")
    assert read.told == [(3, column, code)]
    assert read.tins == ["111111111", "222222222"]
    assert read.faults[0].detail


@pytest.mark.parametrize("name", ['=HYPERLINK("http://example.test","A")', "+1", "-1", "@SUM(A1)", "'=1", "|cmd"])
def test_formula_like_names_are_data__REG_17(path: Path, name: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["123456789", name, "medical", "x", "y"])
    assert one(path, out.getvalue().strip()).rows[0][1] == name


def test_lines_are_physical_lines_also_behind_quoted_line_breaks__REG_17(path: Path) -> None:
    content = (
        HEADER + '111111111,"Two\r\nlines",medical,"a\nb\nc",y\r\n\r\nbad,B,medical,x,y\r\n222222222,C,medical,x,y\r\n'
    )
    read = Reading(path, content)
    assert read.told == [(7, "tin", "tin_invalid")]
    assert read.tins == ["111111111", "222222222"]
    assert read.rows[0][1] == "Two lines"
    assert json.loads(read.rows[0][3])["address1"] == "a\nb\nc"


def test_a_wrong_row_of_several_lines_is_told_by_its_first__REG_17(path: Path) -> None:
    read = Reading(path, HEADER + 'bad,"A\nB",medical,x,y\r\n222222222,C,medical,x,y\r\n')
    assert read.told == [(2, "tin", "tin_invalid")]
    assert read.tins == ["222222222"]


@pytest.mark.parametrize("place", [0, 1, 60, 150, 299])
def test_a_quote_that_nobody_closed_costs_its_own_row_alone__REG_17(path: Path, place: int) -> None:
    rows = [f"{100_000_000 + number},Name,medical,x,y" for number in range(300)]
    rows[place] = rows[place].replace("Name", '"Name')
    read = Reading(path, HEADER + "\r\n".join(rows) + "\r\n")
    assert [(line, code) for line, _, code in read.told] == [(place + 2, "quotes_wrong")]
    assert len(read.rows) == 299


def test_two_unclosed_quotes_do_not_swallow_what_is_between__REG_17(path: Path) -> None:
    rows = [f"{100_000_000 + number},Name,medical,x,y" for number in range(30)]
    rows[3] = rows[3].replace("Name", '"Name')
    rows[20] = rows[20].replace(",x", ',"x')
    read = Reading(path, HEADER + "\n".join(rows) + "\n")
    assert [line for line, _, _ in read.told] == [5, 22]
    assert len(read.rows) == 28


@pytest.mark.parametrize("field", ["name", "address"])
def test_a_row_that_is_not_utf8_is_told__REG_17(path: Path, field: str) -> None:
    bad = "Müller".encode("latin-1")
    row = (
        b"123456789,"
        + (bad if field == "name" else b"A")
        + b",medical,"
        + (bad if field == "address" else b"x")
        + b",y\n"
    )
    read = Reading(path, HEADER.encode() + row + b"222222222,C,medical,x,y\n")
    assert [(line, code) for line, _, code in read.told] == [(2, "not_utf8")]
    assert read.tins == ["222222222"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        "123456789,A,medical\n".encode("utf-16"),
        b"tin,name,lines\n123456789,A,medical\n",
        b"tin,practice_name,lines,tin\n",
        b"123456789,A,medical\n",
        b"PK\x03\x04\x00\x00\x00",
        b'"tin,practice_name,lines\n123456789,A,medical\n',
        b"tin,practice_name,lines\n" + b"x" * 3_000_000,
    ],
)
def test_a_file_that_is_no_directory_is_unreadable__REG_17(path: Path, content: bytes) -> None:
    with pytest.raises(FileUnreadableError):
        Reading(path, content)


def test_a_header_that_is_not_utf8_makes_the_file_unreadable__REG_17(path: Path) -> None:
    content = HEADER.replace("city", "Straße").encode("latin-1") + b"123456789,A,medical,x,y\r\n"
    with pytest.raises(FileUnreadableError, match="UTF-8"):
        Reading(path, content)


def test_a_file_that_is_not_there_is_unreadable__REG_17(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(FileUnreadableError):
            list(DirectoryCsv(path).batches(lambda _: None))


def test_rows_lines_and_quotes_may_straddle_blocks__REG_17(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    for number in range(200):
        rows.append(f'{100_000_000 + number},"Näme, {number}\n",medical,"x""{number}",y')
        rows.append(f"bad{number},Name,medical,x,y")
    content = HEADER + "\r\n".join(rows)
    for size in (37, 64, 101, 4096):
        monkeypatch.setattr(directory_csv, "BLOCK", size)
        read = Reading(path, content)
        assert [line for line, _, _ in read.told] == [4 + 3 * number for number in range(200)]
        assert [row[1] for row in read.rows] == [f"Näme, {number}" for number in range(200)]
        assert read.file.done == read.file.size == len(content.encode())


_TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from([*"\"\\%{}'\u00a0\u2028\x7f\ud800", "a  b", " a", "a ", "%s", "a" * 201, "x" * 20_001]),
)
_TINS = st.one_of(st.from_regex(r"[0-9]{9}", fullmatch=True), st.sampled_from(["12-3456789", "1234", "\uff11" * 9]))
_LINES = st.sampled_from(["medical", "Dental;medical", "vision", ""])
_RECORDS = st.lists(st.tuples(_TINS, _TEXTS, _LINES, _TEXTS, _TEXTS), min_size=1, max_size=4)


@given(_RECORDS)
def test_rows_read_together_are_what_each_is_by_itself__REG_17(records: list[tuple[str, ...]]) -> None:
    reader = RowReader(["tin", "practice_name", "lines", 'a "%s"', "b%"], lambda told: orjson.dumps(told).decode())
    together = reader.read_plain(records)
    assert together is None or together == [reader.read(record) for record in records]


def test_plain_rows_are_read_together__REG_17() -> None:
    for further in ([], ["x"], ["x", "y"]):
        reader = RowReader(["tin", "practice_name", "lines", *further], lambda told: orjson.dumps(told).decode())
        records = [[tin, "Women’s Health, O'Brien", "medical", *further] for tin in ("123456789", "223344556")]
        assert reader.read_plain(records) == [reader.read(record) for record in records]
