"""How many access managers there must be and may be (ENT-3)."""

from __future__ import annotations

from services.entitlements.domain.givers import Giver
from services.entitlements.domain.manager_limits import Managers
from tests.unit.entitlements.rulebook import (
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


def test_the_last_manager_can_be_neither_removed_nor_demoted_nor_given_an_end__ENT_3() -> None:
    only = managers("giver")
    for wished in (wish(None), wish("processor"), wish("secondary"), wish("primary", until=30)):
        verdict = judged(giver("primary"), change(wished, grant("primary"), subject="giver"), known=only)
        assert cells(verdict) == {(None, "last_manager")}


def test_managers_with_an_end_or_suspended_do_not_make_up_for_the_last__ENT_3() -> None:
    known = managers("giver", passing=("ending", "suspended"))
    verdict = judged(giver("primary"), change(wish(None), grant("primary"), subject="giver"), known=known)
    assert cells(verdict) == {(None, "last_manager")}


def test_two_managers_cannot_both_go_in_one_change__ENT_3() -> None:
    gone = [change(wish(None), grant("primary"), subject=user) for user in ("giver", "other")]
    verdict = judged(giver("primary"), *gone)
    assert [str(violation.code) for violation in verdict.violations] == ["last_manager", "last_manager"]
    successor = change(wish("primary"), subject="third")
    assert judged(giver("primary"), *gone, successor).violations == ()


def test_a_suspended_or_ending_successor_does_not_release_the_last__ENT_3() -> None:
    gone = change(wish("processor"), grant("primary"), subject="giver")
    suspended = change(wish("primary"), grant("processor"), subject="third", suspended=True)
    ending = change(wish("primary", until=9), subject="third")
    for successor in (suspended, ending):
        verdict = judged(giver("primary"), gone, successor, known=managers("giver"))
        assert cells(verdict) == {(None, "last_manager")}


def test_each_line_keeps_a_manager_of_its_own__ENT_3() -> None:
    """delegation.md, 7."""
    known = Managers(
        {HERE: frozenset({"giver"}), THERE: frozenset({"giver", "other"})},
        {HERE: frozenset({"giver"}), THERE: frozenset({"giver", "other"})},
    )
    verdict = judged(giver("primary"), change(wish(None), grant("primary"), subject="giver"), known=known)
    assert cells(verdict) == {(None, "last_manager")}


def test_a_place_that_had_no_lasting_manager_is_not_held_by_this__ENT_3() -> None:
    ending = change(wish(None), grant("primary", until=5), subject="ending")
    assert judged(giver("primary"), ending, known=managers(passing=("ending", "giver"))).violations == ()


def test_at_most_fifteen_people_manage_a_tin__ENT_3() -> None:
    users = tuple(f"manager{number:02}" for number in range(15))
    newcomer = change(wish("primary"), subject="sixteenth")
    verdict = judged(giver("primary"), newcomer, known=managers(*users))
    assert cells(verdict) == {(None, "too_many_managers")}
    assert judged(giver("primary"), newcomer, known=managers(*users[:14])).violations == ()


def test_the_fifteen_are_distinct_people_of_all_lines_with_the_suspended_and_ending__ENT_3() -> None:
    """delegation.md, 7."""
    users = frozenset(f"manager{number:02}" for number in range(8))
    more = frozenset(f"manager{number:02}" for number in range(4, 15))
    known = Managers({HERE: users, THERE: more}, {HERE: users, THERE: frozenset()})
    assert cells(judged(giver("primary"), change(wish("primary"), subject="sixteenth"), known=known)) == {
        (None, "too_many_managers")
    }
    of_the_other_line = change(wish("primary"), subject="manager14")
    assert judged(giver("primary"), of_the_other_line, known=known).violations == ()


def test_only_the_cell_that_makes_somebody_a_manager_is_named__ENT_3_ENT_4() -> None:
    known = managers(*(f"manager{number:02}" for number in range(15)))
    both = [change(wish("primary"), subject="sixteenth"), change(wish("processor", place=THERE), subject="sixteenth")]
    administrator = Giver("giver", {HERE: grant("primary"), THERE: grant("primary")})
    verdict = judged(administrator, *both, known=known)
    assert [(each.place, str(each.code)) for each in verdict.violations] == [(HERE, "too_many_managers")]


def test_a_successor_may_take_the_fifteenth_place_in_one_change__ENT_3() -> None:
    users = tuple(f"manager{number:02}" for number in range(15))
    leaving = change(wish(None), grant("primary"), subject="manager00")
    verdict = judged(giver("primary"), leaving, change(wish("primary"), subject="sixteenth"), known=managers(*users))
    assert verdict.violations == ()


def test_a_tin_over_a_lowered_limit_may_still_be_changed__ENT_3() -> None:
    stays = change(wish("primary", "claim_status"), grant("primary"), subject="other")
    assert judged(giver("primary"), stays, known=managers("giver", "other"), most=1).violations == ()
