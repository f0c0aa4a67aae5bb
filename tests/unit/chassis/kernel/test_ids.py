from __future__ import annotations

import time
from unittest import mock

from chassis.kernel.ids import Uuid7Source
from chassis.kernel.user_ids import fold


def test_identifiers_are_version_7_and_grow() -> None:
    source = Uuid7Source()
    made = [source() for _ in range(10_000)]
    assert all(each.version == 7 and each.variant == "specified in RFC 4122" for each in made)
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_identifiers_grow_where_the_clock_runs_backwards() -> None:
    source = Uuid7Source()
    before = source()
    with mock.patch.object(time, "time_ns", return_value=0):
        assert source() > before


def test_one_spelling_for_all_spellings__REG_6() -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "JSMITH")
    assert {fold(each) for each in ("JSmith.9", " jsmith.9 ", f"{wide}.9")} == {"jsmith.9"}
