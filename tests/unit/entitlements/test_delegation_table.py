"""Each cell of the table in delegation.md, for ENT-2 and ENT-4."""

from __future__ import annotations

import pytest

from services.entitlements.domain.levels import Level
from services.entitlements.domain.powers import CASE, POWERS
from tests.unit.entitlements.rulebook import (
    CATALOGUE,
    HERE,
    cells,
    change,
    giver,
    grant,
    judged,
    managers,
    support,
    wish,
)

LEVELS = ("primary", "secondary", "processor", "auditor")
GIVES = {
    "primary": {"primary", "secondary", "processor", "auditor"},
    "secondary": {"processor"},
    "processor": set(),
    "auditor": set(),
    None: set(),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("who", GIVES)
def test_a_level_is_given_only_as_the_table_says__ENT_2_ENT_4(who: str | None, level: str) -> None:
    verdict = judged(giver(who), change(wish(level)))
    assert cells(verdict) == (set() if level in GIVES[who] else {(None, "not_yours_to_give")})


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("who", GIVES)
def test_a_level_is_taken_away_only_as_the_table_says__ENT_2_ENT_4(who: str | None, level: str) -> None:
    verdict = judged(giver(who), change(wish(None), grant(level)))
    assert cells(verdict) == (set() if level in GIVES[who] else {(None, "not_yours_to_give")})


@pytest.mark.parametrize("after", LEVELS)
@pytest.mark.parametrize("before", LEVELS)
def test_a_secondary_moves_nobody_between_levels__ENT_4(before: str, after: str) -> None:
    verdict = judged(giver("secondary"), change(wish(after), grant(before)))
    assert cells(verdict) == (set() if before == after else {(None, "not_yours_to_give")})


@pytest.mark.parametrize("before", LEVELS)
@pytest.mark.parametrize("after", LEVELS)
def test_a_primary_moves_others_between_all_levels__ENT_2(before: str, after: str) -> None:
    verdict = judged(giver("primary"), change(wish(after), grant(before)))
    assert verdict.violations == ()


@pytest.mark.parametrize("function", sorted(CATALOGUE.of_line(HERE.line) - {"delegate_access", "history_report"}))
def test_a_primary_gives_every_function_of_the_line_to_others_and_to_themselves__ENT_4_ENT_5(function: str) -> None:
    assert judged(giver("primary"), change(wish("processor", function))).violations == ()
    own = change(wish("primary", function), grant("primary"), subject="giver")
    assert judged(giver("primary"), own).violations == ()


@pytest.mark.parametrize("who", [who for who in GIVES if who != "primary"])
def test_a_function_that_the_giver_does_not_hold_is_not_theirs_to_give__ENT_4(who: str | None) -> None:
    verdict = judged(giver(who), change(wish("processor", "claim_status"), grant("processor")))
    assert ("claim_status", "not_yours_to_give") in cells(verdict)


def test_a_secondary_gives_what_they_hold_and_each_cell_that_they_do_not_is_named__ENT_4() -> None:
    verdict = judged(
        giver("secondary", "claim_status", "eft_view"),
        change(wish("processor", "claim_status", "eft_view", "eft_manage", "precert_view")),
    )
    assert cells(verdict) == {("eft_manage", "not_yours_to_give"), ("precert_view", "not_yours_to_give")}


def test_a_secondary_takes_away_only_what_they_hold__ENT_4() -> None:
    before = grant("processor", "claim_status", "eft_view")
    assert judged(giver("secondary", "claim_status"), change(wish("processor", "eft_view"), before)).violations == ()
    verdict = judged(giver("secondary", "claim_status"), change(wish(None), before))
    assert cells(verdict) == {("eft_view", "not_yours_to_give")}


def test_a_secondary_never_gives_the_delegate_function__ENT_4() -> None:
    verdict = judged(giver("secondary"), change(wish("processor", "delegate_access"), grant("processor")))
    assert ("delegate_access", "not_yours_to_give") in cells(verdict)


@pytest.mark.parametrize("level", ["primary", "secondary", "auditor"])
def test_a_secondary_gives_functions_to_processors_alone__ENT_4(level: str) -> None:
    verdict = judged(giver("secondary", "claim_status"), change(wish(level, "claim_status"), grant(level)))
    expected = (None, "function_not_in_level") if level == "auditor" else ("claim_status", "not_yours_to_give")
    assert expected[1] in {code for _, code in cells(verdict)}


def test_a_secondary_gives_themselves_nothing__ENT_4() -> None:
    own = change(wish("secondary", "claim_status"), grant("secondary"), subject="giver")
    assert cells(judged(giver("secondary"), own)) == {("claim_status", "not_yours_to_give")}


def test_a_primary_approves_as_any_level_and_a_secondary_as_processor_within_what_they_hold__REG_12() -> None:
    for level in LEVELS:
        assert judged(giver("primary"), change(wish(level), approves=True)).violations == ()
    secondary = giver("secondary", "claim_status")
    assert judged(secondary, change(wish("processor", "claim_status"), approves=True)).violations == ()
    assert judged(secondary, change(wish("auditor"), approves=True)).violations != ()
    assert judged(secondary, change(wish("processor", "eft_view"), approves=True)).violations != ()


@pytest.mark.parametrize(
    ("level", "declines", "resets", "reads"),
    [
        ("primary", True, True, True),
        ("secondary", False, False, True),
        ("processor", False, False, False),
        ("auditor", False, False, True),
    ],
)
def test_declining_resetting_and_reading_the_history_follow_the_table__ENT_2(
    level: str, *, declines: bool, resets: bool, reads: bool
) -> None:
    powers = POWERS[Level(level)]
    assert (powers.declines, powers.resets_passwords, powers.reads_history) == (declines, resets, reads)


def test_support_appoints_a_primary_administrator_and_removes_one_even_the_holder_of_functions__ENT_2() -> None:
    assert judged(support(), change(wish("primary"))).violations == ()
    promoted = change(wish("primary", "claim_status"), grant("processor", "claim_status"))
    assert judged(support(), promoted).violations == ()
    removed = change(wish(None), grant("primary", "claim_status"))
    assert judged(support(), removed, known=managers("giver", "someone")).violations == ()


@pytest.mark.parametrize("level", ["secondary", "processor", "auditor"])
def test_support_gives_no_other_level_and_no_function__ENT_2(level: str) -> None:
    assert (None, "not_yours_to_give") in cells(judged(support(), change(wish(level))))
    assert (None, "not_yours_to_give") in cells(judged(support(), change(wish(None), grant(level))))
    verdict = judged(support(), change(wish("primary", "claim_status")))
    assert cells(verdict) == {("claim_status", "not_yours_to_give")}


def test_support_never_appoints_nor_removes_themselves__ENT_2() -> None:
    assert (None, "own_level_upward") in cells(judged(support(), change(wish("primary"), subject="support1")))
    removed = change(wish(None), grant("primary"), subject="support1")
    assert (None, "not_yours_to_give") in cells(judged(support(), removed))
    assert not CASE.resets_passwords
    assert not CASE.declines
    assert CASE.reads_history
