"""Jobs over a real database: in batches, by any number of workers, killed at any moment, and never doubled."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chassis.jobs.breadth import TooBroadError
from chassis.jobs.figures import job_figures
from chassis.jobs.scheduler import Jobs
from chassis.kernel.work import UnitOfWork
from tests.integration.chassis.jobs.world import BATCH, DAY, Things, World, cross_off

ROOT = Path(__file__).parents[4]


def work_off(jobs: Jobs[Things]) -> int:
    """Step until nothing is left; how many steps had something."""
    steps = 0
    while jobs.step():
        steps += 1
    return steps


def test_a_run_goes_in_batches_of_a_transaction_each__OPS_8(world: World) -> None:
    world.make(7)
    jobs = world.jobs()
    assert jobs.step()
    assert sum(world.crossed_off()) == world.told() == BATCH
    assert jobs.progress()["crossing"].done_for is None
    assert work_off(jobs) == 2
    assert world.crossed_off() == [1] * 7
    assert world.told() == 7
    ended = jobs.progress()["crossing"]
    assert (ended.touched, ended.done_for, ended.ended_at) == (7, DAY.latest(world.clock.now()), world.clock.now())


def test_a_day_has_one_run_and_missed_days_have_one_together__OPS_3(world: World) -> None:
    world.make(2)
    runs: list[datetime] = []

    def noted(work: UnitOfWork[Things], as_of: datetime) -> int:
        runs.append(as_of)
        return 0

    first = world.jobs(world.job(batch=noted))
    for jobs in (first, first, world.jobs(world.job(batch=noted))):
        work_off(jobs)
    assert len(runs) == 1
    world.clock.advance(days=5)
    for _ in range(3):
        work_off(world.jobs(world.job(batch=noted)))
    assert runs[1:] == [world.clock.now()]


def test_many_workers_do_everything_once__OPS_3(world: World) -> None:
    world.make(40)
    start = threading.Barrier(6)

    def worker() -> None:
        jobs = world.jobs()
        start.wait(60)
        for _ in range(200):
            jobs.step()
            if jobs.progress()["crossing"].done_for is not None:
                return

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    work_off(world.jobs())
    assert world.crossed_off() == [1] * 40
    assert world.told() == 40
    assert world.jobs().progress()["crossing"].touched == 40


def test_what_a_killed_worker_had_under_way_is_the_next_ones_at_once__OPS_3(world: World) -> None:
    world.make(7)
    url = world.engine.url.render_as_string(hide_password=False)
    killed = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.chassis.jobs.world", url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert killed.stdout is not None
    assert killed.stdout.readline() == "claimed\n"
    killed.kill()
    killed.wait(60)
    killed.stdout.close()
    _take_over(world)
    assert world.crossed_off() == [1] * 7
    assert world.told() == 7


def _take_over(world: World) -> None:
    """The server may need a moment to miss the killed one's connection."""
    jobs = world.jobs()
    for _ in range(2000):
        jobs.step()
        if jobs.progress()["crossing"].done_for is not None:
            return
        threading.Event().wait(0.01)
    raise AssertionError("nobody took over")


def test_a_job_that_fails_stops_no_other_and_is_tried_again_after_a_pause__OPS_3(world: World) -> None:
    world.make(4)
    faults = [RuntimeError("full"), None]

    def failing(work: UnitOfWork[Things], as_of: datetime) -> int:
        done = cross_off(work, as_of)
        if done and (fault := faults.pop(0)):
            raise fault
        return done

    def nothing(work: UnitOfWork[Things], as_of: datetime) -> int:
        return 0

    jobs = world.jobs(world.job("failing", failing), world.job("fine", nothing))
    work_off(jobs)
    assert jobs.progress()["fine"].done_for is not None
    assert jobs.progress()["failing"].failures == 1
    assert world.crossed_off() == [0] * 4
    assert world.told() == 0
    figures = {(each.name, each.label): each.value for each in job_figures(world.engine, ["failing", "fine"])}
    assert figures["wardenry_job_failures", ("job", "failing")] == 1
    assert figures["wardenry_job_ended_timestamp_seconds", ("job", "failing")] == 0
    assert figures["wardenry_job_ended_timestamp_seconds", ("job", "fine")] == world.clock.now().timestamp()
    world.clock.advance(seconds=31)
    faults.append(None)
    work_off(jobs)
    assert world.crossed_off() == [1] * 4
    assert jobs.progress()["failing"].failures == 0


def test_an_operator_runs_it_as_of_a_day_without_moving_the_calendar__OPS_7(world: World) -> None:
    world.make(7)
    seen: list[datetime] = []

    def noted(work: UnitOfWork[Things], as_of: datetime) -> int:
        seen.append(as_of)
        return cross_off(work, as_of)

    jobs, day = world.jobs(world.job(batch=noted)), world.clock.now() + timedelta(days=30)
    assert jobs.forecast("crossing", day) == 7
    assert world.crossed_off() == [0] * 7
    assert jobs.run("crossing", day) == 7
    assert set(seen) == {day}
    assert jobs.progress()["crossing"].done_for is None
    assert jobs.run("crossing", day) == 0
    assert world.crossed_off() == [1] * 7


def test_a_run_that_would_touch_very_many_accounts_touches_none_until_it_is_told_to__GO_7(world: World) -> None:
    world.make(101)
    jobs = world.jobs(world.broad_job(accounts=2019))
    assert not jobs.step()
    assert world.crossed_off() == [0] * 101
    assert jobs.progress()["crossing"].failures == 1, "an alert goes off while nobody looks after it"
    with pytest.raises(TooBroadError) as refused:
        jobs.run("crossing")
    assert (refused.value.touched, refused.value.whole) == (101, 2019)
    assert world.crossed_off() == [0] * 101
    assert jobs.run("crossing", however_many=True) == 101
    assert world.crossed_off() == [1] * 101
    world.clock.advance(hours=1)
    assert not jobs.step()
    assert jobs.progress()["crossing"].failures == 0, "the calendar's own run has nothing left to ask about"


@pytest.mark.parametrize(("things", "accounts"), [(100, 100), (101, 2020)])
def test_a_hundred_accounts_or_a_twentieth_are_touched_unasked__GO_7(world: World, things: int, accounts: int) -> None:
    world.make(things)
    assert world.jobs(world.broad_job(accounts)).run("crossing") == things


def test_a_run_under_way_is_not_asked_about_again__GO_7(world: World) -> None:
    world.make(101)
    jobs, whole = world.jobs(world.broad_job(2020)), world.jobs(world.broad_job(0))
    assert jobs.step()
    assert work_off(whole) > 1
    assert world.crossed_off() == [1] * 101
