"""Requests that nobody decides: reminders after 15 and 30 days, the end after 60 (REG-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.entitlements.application.change_access import ChangeAccess, change_access
from services.entitlements.application.count_overdue import count_overdue
from services.entitlements.application.expire_requests import expire_requests
from services.entitlements.application.remind_managers import remind_managers, remind_managers_finally
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.application.withdraw_request import WithdrawRequest, withdraw_request
from services.entitlements.domain.errors import RequestAlreadyDecidedError
from services.entitlements.domain.events import RequestExpired, RequestReminderDue
from services.entitlements.domain.levels import Level
from services.entitlements.domain.requests import RequestState
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import HERE, NOW, THERE

STEPS = {"final": remind_managers_finally, "first": remind_managers, "expired": expire_requests}


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    world.give("george", "primary")
    return world


def night(world: World, days: float = 0) -> FakeWork:
    """All steps as of a day after the request could first be decided; until nothing is left."""
    work, as_of = world.work(), NOW + timedelta(days=days)
    for step in STEPS.values():
        while step(work, world.ports, as_of):
            pass
    return work


def happened(work: FakeWork) -> list[str]:
    reminders = ["final" if each.final else "first" for each in work.recorded(RequestReminderDue)]
    return [*reminders, *("expired" for _ in work.recorded(RequestExpired))]


def test_each_step_comes_in_its_time_and_once__REG_12(world: World) -> None:
    request = world.ask("anna")
    days = (0, 14.9, 15, 15, 16, 29.9, 30, 30, 45, 59.9, 60, 60, 90)
    told = [(day, event) for day in days for event in happened(night(world, day))]
    assert told == [(15, "first"), (30, "final"), (60, "expired")]
    assert world.request(request.request_id).state is RequestState.EXPIRED


def test_of_steps_missed_the_last_alone_is_made_up_for__REG_12(world: World) -> None:
    world.ask("anna")
    assert happened(night(world, 31)) == ["final"]
    assert happened(night(world, 31)) == []
    assert happened(night(world, 75)) == ["expired"]


def test_reminders_go_to_those_who_can_decide_now__REG_12(world: World) -> None:
    world.ask("anna")
    world.give("helen", "primary", place=HERE)
    world.give("ivan", "primary", place=THERE)
    world.give("jane", "primary", place=HERE, suspended="line_lost")
    (reminder,) = night(world, 15).recorded(RequestReminderDue)
    assert reminder.managers == ("george", "helen", "mary")
    assert reminder.practice == "State Medical Center"


def test_days_count_from_when_a_manager_could_first_decide__REG_12(world: World) -> None:
    request = world.ask("anna", state=RequestState.NO_MANAGER)
    never = replace(request, decidable_since=None, since=NOW - timedelta(days=100))
    world.store.requests.save(never)
    assert happened(night(world, 1000)) == []
    met = never.managers_changed(NOW + timedelta(days=50), managed=True)
    world.store.requests.save(met)
    assert happened(night(world, 64.9)) == []
    assert happened(night(world, 65)) == ["first"]
    assert happened(night(world, 110)) == ["expired"]


def test_while_nobody_can_decide_nobody_is_reminded_but_the_end_comes__REG_12(world: World) -> None:
    request = world.ask("anna")
    world.store.requests.save(request.managers_changed(NOW, managed=False))
    assert happened(night(world, 20)) == []
    assert happened(night(world, 60)) == ["expired"]


def test_the_expiry_bears_the_real_time_and_the_jobs_name__REG_12(world: World) -> None:
    world.ask("anna")
    (expired,) = night(world, 60).recorded(RequestExpired)
    assert (expired.request.decided_by, expired.request.decided_at) == ("system:jobs", world.clock.now())
    assert expired.managers == ("george", "mary")


@pytest.mark.parametrize("state", sorted(set(RequestState) - {RequestState.AWAITING, RequestState.NO_MANAGER}))
def test_what_does_not_wait_is_left_alone__REG_12(world: World, state: RequestState) -> None:
    world.ask("anna", state=state)
    for day in (15, 30, 60):
        assert happened(night(world, day)) == []


def test_after_the_end_there_is_nothing_to_decide__REG_12(world: World) -> None:
    request = world.ask("anna")
    night(world, 60)
    with pytest.raises(RequestAlreadyDecidedError):
        withdraw_request(WithdrawRequest("anna", request.request_id), world.work(), world.ports)
    given = ChangeAccess("mary", "anna", (WishedAccess(HERE, Level.PROCESSOR, ()),), request.request_id)
    with pytest.raises(RequestAlreadyDecidedError):
        change_access(given, world.work(), world.ports)


def test_a_decision_that_comes_first_holds_against_the_expiry__REG_12(world: World) -> None:
    """Found overdue, but decided before its lock was had."""
    world.ask("anna")
    request = world.ask("bert")
    decided = request.declined("mary", NOW, "No.")

    class Meanwhile:
        locked: set[str] = set()  # noqa: RUF012 (the fake's form)

        def lock(self, tins: object) -> None:
            world.store.requests.save(decided)

    world.store.lines = Meanwhile()  # type: ignore[assignment]
    expired = night(world, 60).recorded(RequestExpired)
    assert [each.request.user_id for each in expired] == ["anna"]
    assert world.request(request.request_id) == decided


def test_many_are_worked_off_in_parts_and_the_lines_are_locked__OPS_8(world: World) -> None:
    for number in range(250):
        world.ask(f"user{number}")
    work, as_of = world.work(), NOW + timedelta(days=15)
    assert [remind_managers(work, world.ports, as_of) for _ in range(4)] == [100, 100, 50, 0]
    assert len(work.recorded(RequestReminderDue)) == 250
    assert world.store.lines.locked == {HERE.tin}


def test_the_forecast_counts_and_touches_nothing__GO_7(world: World) -> None:
    world.ask("anna")
    world.ask("bert", place=THERE, state=RequestState.NO_MANAGER)
    rules, day = world.ports.waiting, NOW + timedelta(days=60)
    before = dict(world.store.requests.rows)
    assert count_overdue(rules.to_expire(day), world.work()) == 2
    assert count_overdue(rules.to_remind(day), world.work()) == 0
    assert count_overdue(rules.to_remind(NOW + timedelta(days=15)), world.work()) == 1
    assert world.store.requests.rows == before
