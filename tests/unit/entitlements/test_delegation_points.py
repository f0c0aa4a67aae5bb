"""The numbered points under the table of delegation.md, and the rules on levels and functions."""

from __future__ import annotations

import pytest

from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from tests.unit.entitlements.rulebook import (
    CATALOGUE,
    ELSEWHERE,
    HERE,
    THERE,
    cells,
    change,
    giver,
    grant,
    judged,
    managers,
    wish,
)


def test_the_catalogue_holds_the_functions_of_the_table_with_their_lines__ENT_1() -> None:
    codes = [function.code for function in CATALOGUE]
    assert len(codes) == 13
    assert "precert_submit" in CATALOGUE.of_line(HERE.line)
    assert "precert_submit" not in CATALOGUE.of_line(THERE.line)
    assert "resources" not in CATALOGUE.of_line(HERE.line)


def test_a_catalogue_without_what_levels_are_made_of_is_refused__ENT_1() -> None:
    rows = [function for function in CATALOGUE if function.code != "delegate_access"]
    with pytest.raises(ValueError, match="lacks delegate_access"):
        Catalogue(rows)
    with pytest.raises(ValueError, match="twice"):
        Catalogue([*CATALOGUE, next(iter(CATALOGUE))])


def test_a_level_counts_for_its_own_tin_and_line_alone__ENT_4() -> None:
    """delegation.md, 1."""
    for place in (THERE, ELSEWHERE):
        verdict = judged(giver("primary"), change(wish("processor", place=place)))
        assert cells(verdict) == {(None, "not_yours_to_give")}
        assert {violation.place for violation in verdict.violations} == {place}


def test_the_delegate_function_goes_with_administrators_and_with_nothing_else__ENT_2() -> None:
    """delegation.md, 2."""
    for level in ("primary", "secondary"):
        assert judged(giver("primary"), change(wish(level))).effects[0].after == grant(level)
        assert {"delegate_access", "history_report"} <= grant(level).functions
    for level in ("processor", "auditor"):
        verdict = judged(giver("primary"), change(wish(level, "delegate_access")))
        assert cells(verdict) == {("delegate_access", "function_not_in_level")}


def test_taking_the_delegate_function_away_demotes_to_processor__ENT_2() -> None:
    """delegation.md, 2."""
    before = grant("secondary", "claim_status", until=3)
    assert before.without({"delegate_access"}) == grant("processor", "claim_status", until=3)
    assert before.without({"claim_status", "history_report"}) == grant("secondary", until=3)
    assert grant("primary").without({"delegate_access"}) == grant("processor")
    assert grant("processor", "eft_view").without({"eft_view"}) is None
    assert grant("auditor").without({"claim_status"}) == grant("auditor")
    assert grant("auditor").without({"history_report"}) is None


def test_demoting_takes_the_level_bound_functions_along_though_they_are_still_named__ENT_2() -> None:
    before = grant("primary", "claim_status")
    demoted = change(wish("processor", "claim_status", "history_report"), before)
    verdict = judged(giver("primary"), demoted)
    assert verdict.violations == ()
    assert verdict.effects[0].after == grant("processor", "claim_status")


def test_an_auditor_holds_exactly_the_history_report__ENT_2() -> None:
    """delegation.md, 2."""
    verdict = judged(giver("primary"), change(wish("auditor", "history_report")))
    assert verdict.violations == ()
    assert verdict.effects[0].after == grant("auditor")
    assert grant("auditor").functions == {"history_report"}
    assert cells(judged(giver("primary"), change(wish("auditor", "claim_status")))) == {
        ("claim_status", "function_not_in_level")
    }
    with pytest.raises(ValueError, match="auditor"):
        Grant(Level.AUDITOR, frozenset({"history_report", "claim_status"}))


def test_becoming_a_manager_gives_delegate_and_history_and_nothing_else__ENT_5() -> None:
    before = grant("processor", "claim_status", "eft_view")
    promoted = judged(giver("primary"), change(wish("primary", "claim_status"), before))
    assert promoted.effects[0].after is not None
    assert promoted.effects[0].after.functions == {"delegate_access", "history_report", "claim_status"}
    fresh = judged(giver("primary"), change(wish("primary")))
    assert fresh.effects[0].after is not None
    assert fresh.effects[0].after.functions == {"delegate_access", "history_report"}


def test_a_primary_lowers_or_removes_another_and_themselves_but_never_the_last__ENT_3() -> None:
    """delegation.md, 3."""
    for subject in ("other", "giver"):
        for level in ("secondary", "processor", "auditor", None):
            lowered = change(wish(level), grant("primary"), subject=subject)
            assert judged(giver("primary"), lowered).violations == ()
            alone = judged(giver("primary"), lowered, known=managers(subject))
            assert cells(alone) == {(None, "last_manager")}


def test_resources_are_neither_given_nor_taken__ENT_1() -> None:
    verdict = judged(giver("secondary"), change(wish("processor", "resources"), grant("processor")))
    assert verdict.violations == ()
    assert verdict.effects == ()


def test_only_the_difference_is_judged__ENT_4() -> None:
    """delegation.md, 8."""
    before = grant("processor", "eft_manage", "claim_status")
    kept = change(wish("processor", "eft_manage"), before)
    verdict = judged(giver("secondary", "claim_status"), kept)
    assert verdict.violations == ()
    assert verdict.effects[0].after == grant("processor", "eft_manage")


def test_functions_that_a_level_fixes_may_be_left_out_or_named__ENT_2() -> None:
    """delegation.md, 8."""
    for named in ((), ("delegate_access", "history_report")):
        verdict = judged(giver("primary"), change(wish("primary", *named), grant("primary")))
        assert verdict.violations == ()
        assert verdict.effects == ()


def test_a_function_is_given_only_for_a_line_that_has_it__ENT_4() -> None:
    verdict = judged(giver("primary", place=THERE), change(wish("processor", "precert_submit", place=THERE)))
    assert cells(verdict) == {("precert_submit", "function_not_in_line")}


def test_moving_an_end_gives_or_takes_every_function_until_then__ENT_4() -> None:
    before = grant("processor", "claim_status", "eft_view", until=10)
    for until in (5, 20, 0):
        moved = change(wish("processor", "claim_status", "eft_view", until=until), before)
        assert cells(judged(giver("secondary", "claim_status"), moved)) == {("eft_view", "not_yours_to_give")}
        assert judged(giver("primary"), moved).violations == ()


def test_a_wish_that_names_no_end_keeps_the_one_there_is__ENT_11() -> None:
    before = grant("processor", "claim_status", until=10)
    verdict = judged(giver("primary"), change(wish("processor", "claim_status", "eft_view"), before))
    assert verdict.effects[0].after == grant("processor", "claim_status", "eft_view", until=10)


def test_nobody_moves_the_end_of_their_own_access_away__GO_2() -> None:
    before = grant("primary", until=10)
    for until in (20, 0):
        own = change(wish("primary", until=until), before, subject="giver")
        assert cells(judged(giver("primary"), own)) == {(None, "own_until_later")}
    sooner = change(wish("primary", until=5), before, subject="giver")
    assert judged(giver("primary"), sooner).violations == ()


def test_nobody_approves_their_own_request__GO_2() -> None:
    own = change(wish("primary", "claim_status"), grant("primary"), subject="giver", approves=True)
    assert cells(judged(giver("primary"), own)) == {(None, "own_request")}


def test_nobody_raises_their_own_level__GO_2() -> None:
    for level, before in (("primary", "secondary"), ("secondary", "processor"), ("processor", "auditor")):
        own = change(wish(level), grant(before), subject="giver")
        assert (None, "own_level_upward") in cells(judged(giver(before), own))


def test_who_has_no_say_learns_nothing_of_what_is_there__GO_2() -> None:
    wished = wish("processor", "claim_status")
    for level in (None, "processor", "auditor"):
        answers = [
            cells(judged(giver(level), change(wished, before), known=managers("someone")))
            for before in (None, grant("processor", "claim_status"), grant("primary"))
        ]
        assert answers == [{(None, "not_yours_to_give"), ("claim_status", "not_yours_to_give")}] * 3
