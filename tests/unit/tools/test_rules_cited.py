from pathlib import Path

import pytest

from tools.rules_cited import RULES, citations, main, report, rules

STRAY = "ENT-" + "99"  # in parts, since this file is read as well

SPEC = """\
## Entitlements
- **ENT-3 Managers per TIN**: up to **15** people
- **ENT-10 Check**: may they?
- **GO-6 Why not.** Where someone may not
"""


def test_rules_are_read_with_number_and_title() -> None:
    assert rules(SPEC) == {"ENT-3": "Managers per TIN", "ENT-10": "Check", "GO-6": "Why not"}


def test_rule_is_cited_by_comment_or_name_and_not_by_its_beginning() -> None:
    found = citations(
        [("one.py", "# ENT-10, ENT_10"), ("two.py", "def test_last__ENT_3() -> None:"), ("x", "PARENT-3")]
    )

    assert found == {"ENT-10": ["one.py"], "ENT-3": ["two.py"]}


def test_report_names_what_is_not_cited_and_what_does_not_exist() -> None:
    lines = list(report(rules(SPEC), {"ENT-3": ["a"], STRAY: ["b"]}, everything=True))

    assert lines == [
        "ENT-3   1 file(s): a",
        "ENT-10  not cited: Check",
        "GO-6    not cited: Why not",
        f"{STRAY}  cited, but there is no such rule: b",
        "1 of 3 rules cited by a test",
    ]


def test_all_rules_of_the_specification_are_found() -> None:
    found = rules(RULES.read_text(encoding="utf-8"))

    assert len(found) == 79
    assert all(found.values())


def test_citation_of_a_rule_that_does_not_exist_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / RULES).parent.mkdir(parents=True)
    (tmp_path / RULES).write_text(SPEC)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(f"# {STRAY}")

    assert main([]) == 1
    assert "no such rule" in capsys.readouterr().out
