"""Changing access: previews, refusals, versions, intervals, and what others are told."""

from __future__ import annotations

import pytest

from chassis.kernel.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from services.entitlements.application.change_access import ChangeAccess, Outcome, change_access
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.domain.changes import Keep
from services.entitlements.domain.errors import LastManagerError, NotYoursToGiveError, TooManyManagersError
from services.entitlements.domain.events import (
    AccessTurned,
    ManagerAdded,
    ManagerRemoved,
    ManagersBelowTwo,
    Turn,
)
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, THERE, day, grant

ANY = frozenset({"any"})


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    world.give("george", "primary")
    world.give("sally", "processor", "claim_status")
    return world


def wished(level: str | None, *functions: str, place: Place = HERE, until: int | None = None) -> WishedAccess:
    return WishedAccess(place, Level(level) if level else None, functions, Keep.UNTIL if until is None else day(until))


def change(
    world: World,
    giver: str,
    user_id: str,
    *changes: WishedAccess,
    work: FakeWork | None = None,
    dry_run: bool = False,
    versions: frozenset[str] | None = None,
) -> Outcome:
    command = ChangeAccess(giver, user_id, changes, dry_run=dry_run, versions=versions)
    return change_access(command, work or world.work(), world.ports)


def test_a_change_closes_the_interval_and_opens_the_next__ENT_12(world: World) -> None:
    before = world.store.accesses.standing_of(["sally"])[0]
    world.clock.advance(days=1)
    change(world, "mary", "sally", wished("processor", "claim_status", "eft_view"))
    closed = world.store.accesses.rows[before.access_id]
    (opened,) = world.store.accesses.standing_of(["sally"])
    assert (closed.grant, closed.ended_at, closed.ended_by) == (before.grant, world.clock.now(), "mary")
    assert (opened.grant, opened.since, opened.given_by) == (
        grant("processor", "claim_status", "eft_view"),
        world.clock.now(),
        "mary",
    )


def test_before_and_after_show_the_tins_changed__ENT_7(world: World) -> None:
    world.give("mary", "primary", place=ELSEWHERE)
    world.give("sally", "processor", place=ELSEWHERE)
    outcome = change(world, "mary", "sally", wished("processor", "eft_view"))
    assert [(item.tin, item.functions) for item in outcome.before] == [(HERE.tin, ("claim_status",))]
    assert [(item.tin, item.functions, item.given_by) for item in outcome.after] == [(HERE.tin, ("eft_view",), "mary")]


def test_a_dry_run_shows_the_same_and_writes_nothing__ENT_7(world: World) -> None:
    work = world.work()
    shown = change(world, "mary", "sally", wished("processor", "eft_view"), work=work, dry_run=True)
    assert not work.wrote
    assert not work.events
    assert world.held("sally") == grant("processor", "claim_status")
    done = change(world, "mary", "sally", wished("processor", "eft_view"))
    assert (shown.before, shown.after) == (done.before, done.after)


def test_a_dry_run_tells_what_a_rule_forbids_and_the_change_is_refused_with_the_same__ENT_7(world: World) -> None:
    world.give("sec", "secondary", "claim_status")
    forbidden = wished("processor", "claim_status", "eft_view", "eft_manage")
    shown = change(world, "sec", "sally", forbidden, dry_run=True)
    assert {violation.function for violation in shown.violations} == {"eft_view", "eft_manage"}
    work = world.work()
    with pytest.raises(NotYoursToGiveError) as refused:
        change(world, "sec", "sally", forbidden, work=work)
    assert [violation["function"] for violation in refused.value.members["violations"]] == ["eft_manage", "eft_view"]
    assert refused.value.members["violations"][0] | {"detail": ""} == {
        "tin": HERE.tin,
        "line": "medical",
        "function": "eft_manage",
        "code": "not_yours_to_give",
        "detail": "",
    }
    assert not work.events
    assert world.held("sally") == grant("processor", "claim_status")


def test_one_violation_undoes_the_whole_change__ENT_7(world: World) -> None:
    world.give("mary", "primary", place=ELSEWHERE)
    with pytest.raises(LastManagerError):
        change(world, "mary", "mary", wished("processor"), wished(None, place=ELSEWHERE))
    assert world.held("mary") == grant("primary")


def test_what_was_read_must_still_stand__ENT_7(world: World) -> None:
    read = world.version("sally")
    change(world, "george", "sally", wished("processor", "eft_view"))
    for dry_run in (True, False):
        with pytest.raises(ChangedMeanwhileError):
            change(world, "mary", "sally", wished("processor"), versions=read, dry_run=dry_run)
    change(world, "mary", "sally", wished("processor"), versions=world.version("sally"))


def test_the_outcome_names_the_version_for_the_next_change__ENT_7(world: World) -> None:
    shown = change(world, "mary", "sally", wished("processor", "eft_view"), dry_run=True)
    done = change(world, "mary", "sally", wished("processor", "eft_view"), versions=frozenset({shown.version}))
    change(world, "mary", "sally", wished("processor"), versions=frozenset({done.version}))


def test_a_change_elsewhere_does_not_stand_in_the_way__ENT_7(world: World) -> None:
    world.give("emil", "primary", place=ELSEWHERE)
    world.give("sally", "processor", place=ELSEWHERE)
    read = world.version("sally", HERE)
    change(world, "emil", "sally", wished("processor", "eft_view", place=ELSEWHERE))
    change(world, "mary", "sally", wished("processor"), versions=read)


def test_nothing_changes_where_nothing_differs__ENT_7(world: World) -> None:
    work = world.work()
    outcome = change(world, "mary", "sally", wished("processor", "claim_status", "resources"), work=work)
    assert outcome.before == outcome.after
    assert not work.events


def test_users_who_have_nothing_to_do_with_the_callers_places_are_not_there__ENT_6(world: World) -> None:
    """delegation.md, 6."""
    world.give("emil", "processor", place=ELSEWHERE)
    world.give("dora", "processor", place=THERE)
    for user_id in ("emil", "dora", "nobody"):
        with pytest.raises(NotFoundError):
            change(world, "mary", user_id, wished("processor"), dry_run=True)
        with pytest.raises(NotFoundError):
            change(world, "mary", user_id, wished("processor"))


def test_a_former_user_can_be_given_access_again__ENT_6(world: World) -> None:
    change(world, "mary", "sally", wished(None))
    assert world.held("sally") is None
    change(world, "mary", "sally", wished("processor", "eft_view"))
    assert world.held("sally") == grant("processor", "eft_view")


def test_places_of_others_are_neither_shown_nor_changed__ENT_4_GO_2(world: World) -> None:
    world.give("sally", "processor", "eft_view", place=ELSEWHERE)
    for dry in (wished(None, place=ELSEWHERE), wished("processor", "eft_view", place=ELSEWHERE)):
        shown = change(world, "mary", "sally", dry, dry_run=True)
        assert (shown.before, shown.after) == ((), ())
        assert {violation.code for violation in shown.violations} == {"not_yours_to_give"}
        with pytest.raises(NotYoursToGiveError):
            change(world, "mary", "sally", dry)


def test_a_processor_gives_nobody_anything_and_themselves_nothing__GO_2(world: World) -> None:
    with pytest.raises(NotYoursToGiveError):
        change(world, "sally", "sally", wished("processor", "claim_status", "eft_view"))
    with pytest.raises(NotFoundError):
        change(world, "sally", "mary", wished(None))


def test_suspended_or_lapsed_access_gives_no_say__ENT_14_ENT_11(world: World) -> None:
    world.give("sue", "primary", suspended="account_disabled")
    world.give("late", "primary", until=1)
    world.clock.advance(days=1)
    for giver in ("sue", "late"):
        with pytest.raises(NotFoundError):
            change(world, giver, "sally", wished("processor"))


def test_what_nobody_could_wish_is_named_by_its_place__ENT_1(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        change(
            world,
            "mary",
            "sally",
            wished("processor", "claim_status", "telepathy"),
            wished("processor", until=-1),
            wished(None, "claim_status", place=THERE),
        )
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        ("/changes/0/functions/1", "function_unknown"),
        ("/changes/1/until", "until_past"),
        ("/changes/1", "place_duplicate"),
        ("/changes/2/functions", "functions_without_level"),
    }


def test_access_that_was_given_changed_and_removed_is_told__AUD_1(world: World) -> None:
    work = world.work()
    change(world, "mary", "sally", wished("processor", "eft_view", until=9), work=work)
    change(world, "mary", "sally", wished(None), work=work)
    change(world, "mary", "sally", wished("auditor"), work=work)
    turns = work.recorded(AccessTurned)
    assert [(event.turn, event.before, event.after) for event in turns] == [
        (Turn.CHANGED, grant("processor", "claim_status"), grant("processor", "eft_view", until=9)),
        (Turn.REMOVED, grant("processor", "eft_view", until=9), None),
        (Turn.GIVEN, None, grant("auditor")),
    ]
    assert {(event.user_id, event.by, event.practice) for event in turns} == {("sally", "mary", "State Medical Center")}


def test_a_manager_added_and_removed_is_told_with_those_who_remain__ENT_3(world: World) -> None:
    work = world.work()
    change(world, "mary", "sally", wished("primary", "claim_status"), work=work)
    change(world, "mary", "sally", wished("processor", "claim_status"), work=work)
    change(world, "mary", "george", wished(None), work=work)
    (added,), (demoted, removed) = work.recorded(ManagerAdded), work.recorded(ManagerRemoved)
    assert (added.user_id, added.managers) == ("sally", ("george", "mary", "sally"))
    assert (demoted.user_id, demoted.managers) == ("sally", ("george", "mary"))
    assert (removed.user_id, removed.managers) == ("george", ("mary",))
    (below,) = work.recorded(ManagersBelowTwo)
    assert below.managers == ("mary",)


def test_the_last_manager_cannot_go__ENT_3(world: World) -> None:
    change(world, "mary", "george", wished("secondary"))
    for goes in (wished(None), wished("processor"), wished("primary", until=30)):
        with pytest.raises(LastManagerError) as refused:
            change(world, "mary", "mary", goes)
        assert refused.value.members["violations"][0]["code"] == "last_manager"
    assert world.held("mary") == grant("primary")


def test_the_sixteenth_manager_is_refused_and_both_lines_count__ENT_3(world: World) -> None:
    for number in range(13):
        world.give(f"manager{number}", "primary", place=THERE)
    with pytest.raises(TooManyManagersError):
        change(world, "mary", "sally", wished("primary"))


def test_all_lines_of_the_tins_are_locked_before_anything_is_judged__ENT_3(world: World) -> None:
    change(world, "mary", "sally", wished("processor"))
    assert world.store.lines.locked == {HERE.tin}


def test_giving_again_after_the_end_closes_what_lapsed_as_of_its_end__ENT_11(world: World) -> None:
    lapsed = world.give("leo", "primary", until=2)
    world.clock.advance(days=5)
    work = world.work()
    change(world, "mary", "leo", wished("processor", "eft_view"), work=work)
    closed = world.store.accesses.rows[lapsed.access_id]
    assert (closed.ended_at, closed.ended_by) == (lapsed.grant.until, "system:time")
    ended, given = work.recorded(AccessTurned)
    assert (ended.turn, ended.at, ended.by) == (Turn.ENDED, lapsed.grant.until, "system:time")
    assert (given.turn, given.before, given.after) == (Turn.GIVEN, None, grant("processor", "eft_view"))
    assert [event.user_id for event in work.recorded(ManagerRemoved)] == ["leo"]


def test_a_tin_of_another_line_counts_apart__ENT_4(world: World) -> None:
    with pytest.raises(NotYoursToGiveError) as refused:
        change(world, "mary", "sally", wished("processor"), wished("processor", place=THERE))
    assert [(cell["line"], cell["code"]) for cell in refused.value.members["violations"]] == [
        (Line.BEHAVIORAL, "not_yours_to_give")
    ]
