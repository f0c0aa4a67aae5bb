"""Faults, one after the other, as the dice have it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.recovery import Stopwatch

SHORTEST_PAUSE = 0.05
SEVERAL = "several close together"


@dataclass(frozen=True, slots=True)
class Blow:
    """One kind of fault, and how often it comes relative to others.

    `strike` brings it about and returns once the way back is open (the process is started again, the server answers);
    it tells how many kills that were. Behind a `grave` one the storm waits until all is as before.
    """

    kind: str
    weight: float
    strike: Callable[[random.Random], int]
    grave: bool = False


class Storm:
    """Strikes until told; the same seed brings the same blows and pauses.

    It strikes once and waits until all is as before, strikes several times on end, `calm_every` blows in all unless a
    grave one is among them, waits again, and so on. What is felt of one blow is measured as its kind's, what is felt of
    several as theirs together. `longest_pause` is in seconds.
    """

    def __init__(
        self, blows: Sequence[Blow], seed: int, stopwatch: Stopwatch, *, longest_pause: float, calm_every: int
    ) -> None:
        self.kills = 0
        self.struck: Counter[str] = Counter()
        self._blows = blows
        self._weights = [blow.weight for blow in blows]
        self._dice = random.Random(seed)  # noqa: S311 (whom to strike, and when, is no secret)
        self._stopwatch = stopwatch
        self._longest_pause = longest_pause
        self._calm_every = calm_every

    def rage(self, going: Callable[[], bool]) -> None:
        """Strike as long as `going` says so."""
        while going():
            self._stopwatch.measure(self._strike().kind)
            for _ in range(self._calm_every - 1):
                if not going() or self._strike().grave:
                    break
            self._stopwatch.measure(SEVERAL)

    def _strike(self) -> Blow:
        time.sleep(self._dice.uniform(SHORTEST_PAUSE, self._longest_pause))
        (blow,) = self._dice.choices(self._blows, self._weights)
        self.kills += blow.strike(self._dice)
        self.struck[blow.kind] += 1
        return blow
