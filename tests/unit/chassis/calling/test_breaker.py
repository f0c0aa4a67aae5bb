"""The circuit breaker by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from chassis.calling.breaker import Breaker, BreakerOpenError


class LostError(Exception):
    pass


@dataclass
class Calls:
    now: float = 0.0
    made: int = 0
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(failures=2, pause=10, clock=lambda: self.now)

    def call(self, outcome: Exception | None = None) -> None:
        with self.breaker.calling(LostError):
            self.made += 1
            if outcome:
                raise outcome

    def fail(self, times: int) -> None:
        for _ in range(times):
            with suppress(LostError, BreakerOpenError):
                self.call(LostError())


def test_it_opens_after_failures_in_a_row_alone__OPS_8() -> None:
    calls = Calls()
    calls.fail(1)
    calls.call()
    calls.fail(1)
    calls.call()
    assert calls.made == 4
    calls.fail(5)
    assert calls.made == 6


def test_a_refusal_is_an_answer__OPS_8() -> None:
    calls = Calls()
    for _ in range(5):
        with pytest.raises(ValueError, match="no"):
            calls.call(ValueError("no"))
    assert calls.made == 5


def test_while_one_call_tries_the_others_are_refused__OPS_8() -> None:
    calls = Calls()
    calls.fail(2)
    calls.now = 10.0
    with calls.breaker.calling(LostError):
        with pytest.raises(BreakerOpenError) as refused:
            calls.call()
        assert refused.value.retry_after == 10
    calls.call()
    assert calls.made == 3


def test_a_try_that_fails_opens_it_for_another_pause__OPS_8() -> None:
    calls = Calls()
    calls.fail(2)
    calls.now = 10.0
    calls.fail(3)
    assert calls.made == 3
    calls.now = 19.0
    calls.fail(1)
    assert calls.made == 3
    calls.now = 20.0
    calls.call()
    calls.call()
    assert calls.made == 5
