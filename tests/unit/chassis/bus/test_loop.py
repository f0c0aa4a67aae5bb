"""How long a loop waits between its looks, whatever becomes of them (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable

from structlog.testing import capture_logs

from chassis.bus.loop import Loop, Wakeup

_QUARTER = 0.25


class Waits(Wakeup):
    """Notes how long the loop would wait, and spares it the wait; `told` are the waits that end by being woken."""

    def __init__(self, most: int, told: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.over: Callable[[], None] = lambda: None
        self._most = most
        self._told = told

    def wait(self, timeout: float) -> bool:
        self.waits.append(timeout)
        if len(self.waits) == self._most:
            self.over()
        return len(self.waits) - 1 in self._told


def waits_of(step: Callable[[], bool], waits: Waits, *, poll: float = _QUARTER) -> list[float]:
    loop = Loop("tried", step, waits, poll=poll)
    waits.over = loop.stop
    loop.start()
    assert loop.join(60)
    return waits.waits


def test_where_nothing_comes_it_looks_ever_more_rarely_down_to_once_a_second() -> None:
    assert waits_of(lambda: False, Waits(5)) == [0.25, 0.5, 1.0, 1.0, 1.0]


def test_whatever_wakes_it_has_it_look_often_again() -> None:
    assert waits_of(lambda: False, Waits(5, told=frozenset({2}))) == [0.25, 0.5, 1.0, 0.25, 0.5]


def test_what_looks_rarely_by_itself_keeps_its_pace() -> None:
    assert waits_of(lambda: False, Waits(3), poll=60.0) == [60.0, 60.0, 60.0]


def test_a_step_that_fails_for_hours_is_still_tried_every_two_seconds__OPS_8() -> None:
    def fail() -> bool:
        raise ConnectionError

    with capture_logs() as logged:
        waits = waits_of(fail, Waits(2_000))
    assert waits[:3] == [0.5, 1.0, 2.0]
    assert set(waits[3:]) == {2.0}
    assert len(logged) == 2_000
