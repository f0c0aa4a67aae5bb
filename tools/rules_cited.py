"""Tells which numbered rules no test cites: python -m tools.rules_cited [--all]

A rule counts as cited where a Python file under tests/ names its number, as ENT-3 or ENT_3. Being cited is not
being proved: it tells where to look.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

RULES = Path("docs/spec/rules.md")
TESTS = Path("tests")

_KINDS = "REG|IDN|ENT|NTF|AUD|OPS|GO"
_RULE = re.compile(rf"\*\*((?:{_KINDS})-\d+) ?([^.*]*)")
_CITATION = re.compile(rf"(?<![A-Za-z0-9])({_KINDS})[-_](\d+)(?!\d)")


def rules(text: str) -> dict[str, str]:
    """The rules of the specification, in its order: number and title."""
    return {number: title.strip() for number, title in _RULE.findall(text)}


def citations(texts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Which files cite which rule, from names and texts of files."""
    found: dict[str, list[str]] = {}
    for name, text in texts:
        for number in sorted({f"{kind}-{digits}" for kind, digits in _CITATION.findall(text)}):
            found.setdefault(number, []).append(name)
    return found


def report(known: Mapping[str, str], cited: Mapping[str, list[str]], *, everything: bool) -> Iterator[str]:
    """A line for every rule without a citation and every citation without a rule, and the sum."""
    for number, title in known.items():
        if number not in cited:
            yield f"{number:7} not cited: {title}"
        elif everything:
            yield f"{number:7} {len(cited[number])} file(s): {', '.join(cited[number][:3])}"
    for number in sorted(cited.keys() - known.keys()):
        yield f"{number:7} cited, but there is no such rule: {', '.join(cited[number][:3])}"
    yield f"{len(known.keys() & cited.keys())} of {len(known)} rules cited by a test"


def main(arguments: list[str] | None = None) -> int:
    """Print the report, run from the project's root; 1 if a test cites a rule that does not exist."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="also say where each rule is cited")
    options = parser.parse_args(arguments)
    known = rules(RULES.read_text(encoding="utf-8"))
    files = sorted(TESTS.rglob("*.py"))
    cited = citations((str(path), path.read_text(encoding="utf-8")) for path in files)
    print("\n".join(report(known, cited, everything=options.all)))
    return 1 if cited.keys() - known.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
