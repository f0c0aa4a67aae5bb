"""When a job is due, also on the two days of the year that have another length."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from chassis.jobs.calendar import Calendar, Daily, Hourly
from chassis.jobs.progress import Progress

NEW_YORK = ZoneInfo("America/New_York")
FORWARD = datetime(2026, 3, 8, tzinfo=NEW_YORK)
BACK = datetime(2026, 11, 1, tzinfo=NEW_YORK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def dues(calendar: Calendar, start: datetime, end: datetime) -> list[datetime]:
    """Every due time between two moments, looked for each minute as a worker would."""

    def looked() -> Iterator[datetime]:
        moment = start.astimezone(UTC)
        while moment < end:
            yield calendar.latest(moment)
            moment += timedelta(minutes=1)

    return [due for due in sorted(set(looked())) if start <= due < end]


@pytest.mark.parametrize("day", [FORWARD, BACK, datetime(2026, 6, 1, tzinfo=NEW_YORK)])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
def test_a_daily_job_is_due_once_on_each_day_however_long_it_is__REG_12(day: datetime, hour: int) -> None:
    calendar = Daily(time(hour, 30), NEW_YORK)
    found = dues(calendar, day - timedelta(days=1), day + timedelta(days=3))
    assert [due.astimezone(NEW_YORK).date() for due in found] == [
        (day + timedelta(days=number)).date() for number in (-1, 0, 1, 2)
    ]


def test_a_time_that_the_clock_leaps_over_comes_after_the_leap() -> None:
    calendar = Daily(time(2, 30), NEW_YORK)
    assert dues(calendar, FORWARD, FORWARD + timedelta(days=1)) == [at("2026-03-08T03:30:00-04:00")]


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    calendar = Daily(time(1, 30), NEW_YORK)
    assert dues(calendar, BACK, BACK + timedelta(days=1)) == [at("2026-11-01T01:30:00-04:00")]


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25)])
def test_an_hourly_job_is_due_in_every_hour_that_passes(day: datetime, hours: int) -> None:
    found = dues(Hourly(20, NEW_YORK), day, day + timedelta(days=1))
    assert len(found) == hours
    assert {after - before for before, after in pairwise(found)} == {timedelta(hours=1)}


def test_a_zone_whose_hours_are_not_everybody_elses_has_its_own_minutes() -> None:
    calendar = Hourly(20, ZoneInfo("Asia/Kathmandu"))  # 5:45 ahead
    assert calendar.latest(at("2026-06-01T10:00:00Z")) == at("2026-06-01T09:35:00Z")


def test_one_run_makes_up_for_all_that_were_missed() -> None:
    calendar, now = Daily(time(7), NEW_YORK), at("2026-06-10T12:00:00Z")
    long_ago = Progress(done_for=at("2026-06-01T11:00:00Z"))
    assert long_ago.calls_for_run(calendar, now)
    assert not long_ago.after_run(calendar, now).calls_for_run(calendar, now)
    assert not long_ago.after_run(calendar, now).calls_for_run(calendar, at("2026-06-11T10:59:59Z"))
    assert long_ago.after_run(calendar, now).calls_for_run(calendar, at("2026-06-11T11:00:00Z"))


def test_a_clock_that_jumped_ahead_and_back_stops_nothing() -> None:
    calendar, ahead = Daily(time(7), NEW_YORK), at("2031-01-01T12:00:00Z")
    left = Progress().after_run(calendar, ahead)
    assert left.calls_for_run(calendar, at("2026-06-10T12:00:00Z"))
    assert Progress().after_failure(ahead).calls_for_run(calendar, at("2026-06-10T12:00:00Z"))


def test_two_clocks_a_little_apart_do_not_run_it_twice() -> None:
    calendar, due = Daily(time(7), NEW_YORK), at("2026-06-10T11:00:00Z")
    done = Progress().after_run(calendar, due)
    assert not done.calls_for_run(calendar, due - timedelta(seconds=5))


def test_failures_make_pauses_that_grow_and_have_an_end() -> None:
    calendar, now = Daily(time(7), NEW_YORK), at("2026-06-10T12:00:00Z")
    once = Progress().after_failure(now)
    assert not once.calls_for_run(calendar, now + timedelta(seconds=29))
    assert once.calls_for_run(calendar, now + timedelta(seconds=30))
    often = once
    for _ in range(20):
        often = often.after_failure(now)
    assert often.failures == 21
    assert often.calls_for_run(calendar, now + timedelta(hours=1))
    assert often.after_batch(1).failures == 0
