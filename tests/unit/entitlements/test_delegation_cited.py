"""Each point of delegation.md is shown by a test that cites it (ENT-2, ENT-4)."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_point_is_cited_by_a_test__ENT_4() -> None:
    text = (ROOT / "docs" / "spec" / "delegation.md").read_text(encoding="utf-8")
    points = set(re.findall(r"^(\d+)\. ", text, re.MULTILINE))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert points == set(re.findall(r'^    """delegation\.md, (\d+)\."""$', tests, re.MULTILINE))
