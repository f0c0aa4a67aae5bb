"""The TIN step: which practices an applicant asks for, and on which line of business (REG-1 to REG-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.registration.domain.form import TinEntry
from services.registration.domain.lines import Line, Lines, in_order, read_line
from services.registration.domain.practices import Practice
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import Findings, RefusedError

ROWS_TOLD = 100
"""So many rows too many are each told of; of a thousand more the applicant learns nothing new."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row as it was understood: `tin` None where it is none, `line` None where none is decided yet.

    `practice` is None for a TIN that the directory does not know: accepted, shown as such, and led to outreach.
    """

    row: int
    entry: TinEntry
    tin: str | None
    practice: Practice | None = None
    offered: Lines = ()
    line: Line | None = None

    @property
    def pointer(self) -> str:
        """Where the row stands in what was sent."""
        return f"/tins/{self.row}"


def read_practice_type(given: Sequence[str] | None, findings: Findings, *, whole: bool) -> Lines | None:
    """The set of lines that the applicant works in, or None where it is missing or wrong (REG-1)."""
    if given is None and not whole:
        return None
    if not given:
        findings.add("/practice_type", "practice_type_required", "Choose one practice type or more.")
        return None
    known = []
    for place, word in enumerate(given[:ROWS_TOLD]):
        try:
            known.append(read_line(word))
        except RefusedError:
            detail = "A practice type is medical, behavioral or dental."
            findings.add(f"/practice_type/{place}", "practice_type_unknown", detail)
    return in_order(known) if len(known) == len(given) else None


def read_tins(entries: Sequence[TinEntry], limit: int, findings: Findings) -> list[Choice]:
    """The rows with their TINs, those up to the limit; every row that is wrong, double or too many is named (REG-2)."""
    seen: dict[str, int] = {}
    choices = []
    for row, entry in enumerate(entries[:limit]):
        tin = findings.take(f"/tins/{row}/tin", bare_tin, entry.tin or "")
        if tin is not None and seen.setdefault(tin, row) != row:
            findings.add(f"/tins/{row}/tin", "tin_duplicate", f"Row {row + 1} repeats the TIN of row {seen[tin] + 1}.")
        choices.append(Choice(row, entry, tin))
    for row in range(limit, min(len(entries), limit + ROWS_TOLD)):
        findings.add(f"/tins/{row}", "too_many_tins", f"Row {row + 1} is too many: at most {limit} TINs at once.")
    return choices


def decide_lines(
    choices: Sequence[Choice],
    practice_type: Lines | None,
    practices: Mapping[str, Practice],
    findings: Findings,
) -> list[Choice]:
    """The rows with what the directory says and the line each is for; a line that cannot be is told (REG-4)."""
    return [_decide(choice, practice_type, practices, findings) for choice in choices]


def _decide(
    choice: Choice,
    practice_type: Lines | None,
    practices: Mapping[str, Practice],
    findings: Findings,
) -> Choice:
    if choice.tin is None:
        return choice
    practice = practices.get(choice.tin)
    if practice_type is None:
        return replace(choice, practice=practice, offered=practice.lines if practice else ())
    offered = practice_type if practice is None else tuple(line for line in practice.lines if line in practice_type)
    known = replace(choice, practice=practice, offered=offered)
    return replace(known, line=_preferred(known, findings))


def _preferred(choice: Choice, findings: Findings) -> Line | None:
    """The line picked, or implied where it is the only one."""
    pointer, wish = f"{choice.pointer}/line", choice.entry.line
    if not choice.offered:
        findings.add(pointer, "line_not_offered", "This practice has no line of business of your practice type.")
    elif wish is not None:
        if wish in choice.offered:
            return Line(wish)
        findings.add(pointer, "line_not_offered", f"Choose from: {', '.join(choice.offered)}.")
    elif len(choice.offered) == 1:
        return choice.offered[0]
    else:
        findings.add(pointer, "line_required", f"Choose the line that you work in most: {', '.join(choice.offered)}.")
    return None
