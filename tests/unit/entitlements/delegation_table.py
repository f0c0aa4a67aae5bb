"""`delegation.md` said a second time, cell by cell, on plain sets: nothing here is shared with the rule engine."""

from __future__ import annotations

from dataclasses import dataclass

TABLE = """
giver      primary secondary processor auditor functions
primary    yes     yes       yes       yes     every
secondary  no      no        yes       no      held
processor  no      no        no        no      none
auditor    no      no        no        no      none
nobody     no      no        no        no      none
"""

HELD_BY = {
    "primary": {"delegate_access", "history_report"},
    "secondary": {"delegate_access", "history_report"},
    "auditor": {"history_report"},
}
BOUND = {"delegate_access", "history_report"}
UPWARD = {
    (None, "auditor"),
    (None, "processor"),
    (None, "secondary"),
    (None, "primary"),
    ("auditor", "processor"),
    ("auditor", "secondary"),
    ("auditor", "primary"),
    ("processor", "auditor"),
    ("processor", "secondary"),
    ("processor", "primary"),
    ("secondary", "primary"),
}

Cell = tuple[str | None, str]


@dataclass
class Case:
    """One wish in plain words; days stand for times, 0 for no end."""

    giver: str
    giver_holds: set[str]
    own: bool
    level: str | None
    holds: set[str]
    ends: int
    wished_level: str | None
    wished: set[str]
    wished_end: int
    approves: bool
    line_has: set[str]
    other_managers: int = 1
    suspended: bool = False


def _rows() -> dict[str, dict[str, str]]:
    header, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return {line[0]: dict(zip(header[1:], line[1:], strict=True)) for line in lines}


ROWS = _rows()


def forbidden(case: Case) -> set[Cell]:
    """Every (function or None for the level, code) that delegation.md forbids in this wish."""
    return _not_theirs(case) | _to_oneself(case) | _impossible(case)


def becomes(case: Case) -> set[str]:
    """The functions that the person would hold."""
    if case.wished_level is None:
        return set()
    if case.wished_level == "auditor":
        return {"history_report"}
    return (case.wished - BOUND - {"resources"}) | HELD_BY.get(case.wished_level, set())


def _not_theirs(case: Case) -> set[Cell]:
    row = ROWS[case.giver]
    gives = {level for level in ("primary", "secondary", "processor", "auditor") if row[level] == "yes"}
    if not gives:
        named = case.wished - BOUND - {"resources"}
        return {(cell, "not_yours_to_give") for cell in [None, *named]}
    ends_move = case.level and case.wished_level and case.ends != case.wished_end
    cells: set[str | None] = set()
    for function in (case.holds | becomes(case)) - BOUND:
        stays = function in case.holds and function in becomes(case)
        approved = case.approves and function in becomes(case)
        if not stays or ends_move or approved:
            cells.add(function)
    if case.level != case.wished_level or ends_move or case.approves:
        cells.add(None)
    wrong_level = any(level and level not in gives for level in (case.level, case.wished_level))
    if wrong_level:
        return {(cell, "not_yours_to_give") for cell in cells}
    cells.discard(None)
    if row["functions"] == "held":
        if "delegate_access" in case.wished - case.holds:
            cells.add("delegate_access")
        return {(c, "not_yours_to_give") for c in cells if c not in case.giver_holds - {"delegate_access"}}
    return set()


def _to_oneself(case: Case) -> set[Cell]:
    found: set[Cell] = set()
    if not case.own:
        return found
    if (case.level, case.wished_level) in UPWARD:
        found.add((None, "own_level_upward"))
    if case.level and case.wished_level and case.ends and (not case.wished_end or case.wished_end > case.ends):
        found.add((None, "own_until_later"))
    if case.approves:
        found.add((None, "own_request"))
    return found


def _impossible(case: Case) -> set[Cell]:
    if "yes" not in ROWS[case.giver].values():
        return set()
    found: set[Cell] = set()
    for function in case.wished - case.holds - {"resources"}:
        if function not in case.line_has:
            found.add((function, "function_not_in_line"))
        elif not _can_hold(case.wished_level, function):
            found.add((function, "function_not_in_level"))
    return found | _leaves_nobody(case)


def _can_hold(level: str | None, function: str) -> bool:
    if level in {None, "auditor"}:
        return level is not None and function == "history_report"
    return function not in BOUND or level in {"primary", "secondary"}


def _leaves_nobody(case: Case) -> set[Cell]:
    manages = case.level == "primary" and not case.ends and not case.suspended
    stays = case.wished_level == "primary" and not case.wished_end
    return {(None, "last_manager")} if manages and not stays and not case.other_managers else set()
