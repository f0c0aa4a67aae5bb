"""The documents that say which test shows a protection name tests that there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TESTS: Final = ROOT / "tests"
FAILURES: Final = ROOT / "docs" / "failures.md"
ASVS: Final = ROOT / "docs" / "asvs.md"
SHORT: Final = {"i/": "tests/integration/identity/", "u/": "tests/unit/identity/"}
"""How `asvs.md` abbreviates."""
PEERS: Final = ("Recovery", "Codes", "Sessions", "Delegation", "OpenID", "Edge", "Audit")


def test_every_failure_that_peers_had_names_its_test_or_what_is_not_built() -> None:
    parts = re.split(r"^## ", FAILURES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert tuple(part.partition("\n")[0] for part in parts) == PEERS
    for part in parts:
        rows = [line for line in part.splitlines() if line.startswith("| ")][2:]
        assert rows, part
        assert [row for row in rows if "::" not in row and "not built yet" not in row] == []


def test_every_named_test_is_there() -> None:
    named = re.findall(r"`([\w/]+[.]py)::(\w+)`", FAILURES.read_text(encoding="utf-8"))
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(TESTS / path)] == []


def test_every_named_file_of_tests_is_there() -> None:
    assert [path for path in files_named(ASVS.read_text(encoding="utf-8")) if not (ROOT / path).is_file()] == []


def files_named(text: str) -> Iterator[str]:
    """Those that are shown; a bare name stands in the folder of the one before it."""
    folder = ""
    for path in re.findall(r"`([\w/]+[.]py)`", text):
        whole = next((path.replace(short, long, 1) for short, long in SHORT.items() if path.startswith(short)), path)
        whole = whole if "/" in whole else f"{folder}/{whole}"
        folder = whole.rpartition("/")[0]
        yield whole


@cache
def functions_of(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))
