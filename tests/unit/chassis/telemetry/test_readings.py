"""Figures that are looked up cost a scrape little, and a scrape gets the others where one cannot be had (OPS-5)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from chassis.telemetry.readings import Figure, Readings


def _values(readings: Readings) -> dict[str, float]:
    return {"".join((figure.name, *(figure.label or ()))): figure.value for figure in readings.figures()}


def test_they_are_looked_up_once_in_a_while__OPS_5() -> None:
    asked = []

    def look() -> Sequence[Figure]:
        asked.append(1)
        return [Figure("wardenry_outbox_waiting", "waiting", len(asked))]

    kept, fresh = Readings(kept=3600), Readings(kept=0)
    for readings in (kept, fresh):
        readings.add("bus", look)
    assert [_values(kept)["wardenry_outbox_waiting"] for _ in range(3)] == [1, 1, 1]
    assert [_values(fresh)["wardenry_outbox_waiting"] for _ in range(2)] == [2, 3]


def test_one_that_hangs_or_fails_leaves_the_others__OPS_8() -> None:
    hang = threading.Event()

    def hanging() -> Sequence[Figure]:
        hang.wait(60)
        return []

    def failing() -> Sequence[Figure]:
        raise OSError("refused")

    readings = Readings(limit=0.2)
    readings.add("hanging", hanging)
    readings.add("failing", failing)
    readings.add("well", lambda: [Figure("wardenry_x", "x", 5, ("state", "queued"))])
    assert _values(readings) == {
        "wardenry_xstatequeued": 5,
        "wardenry_reading_failedreadinghanging": 1,
        "wardenry_reading_failedreadingfailing": 1,
        "wardenry_reading_failedreadingwell": 0,
    }
    hang.set()


def test_a_later_look_takes_the_place_of_an_earlier_one__OPS_5() -> None:
    readings = Readings()
    readings.add("ready", lambda: [Figure("wardenry_ready", "ready", 1)])
    readings.add("ready", lambda: [Figure("wardenry_ready", "ready", 0)])
    assert [figure.value for figure in readings.figures() if figure.name == "wardenry_ready"] == [0]
