"""How long it takes until things are as before: measured on what was committed before, not on what is asked of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from tests.e2e.settling import Behind, behind, still

LONGEST = 120.0
"""Seconds after which something counts as stuck."""

GOAL = 10.0
"""Seconds within which things ought to be as before."""

_EVERY = 0.1


@dataclass
class Recoveries:
    """How long each kind of fault was felt, in seconds: to the first effect, and until all was as before.

    `late` tells of each that took longer than the goal what was waited for then, `stuck` of each that never ended.
    """

    first: dict[str, list[float]] = field(default_factory=dict)
    whole: dict[str, list[float]] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def table(self) -> Iterator[str]:
        """A line for each kind of fault."""
        yield f"{'fault':34} {'times':>6} {'first effect':>15} {'all as before':>16}   (s: median, worst)"
        for kind, whole in sorted(self.whole.items()):
            first = self.first.get(kind, [])
            yield f"{kind:34} {len(whole):6} {_told(first):>15} {_told(whole):>16}"


class Stopwatch:
    """Measures recoveries.

    Recovered is when all that had been committed when the fault was over is in effect everywhere, and `answers` holds.
    Of what is stuck, `ailment` tells what can be told.
    """

    def __init__(
        self, engines: Mapping[str, Engine], answers: Callable[[], bool], ailment: Callable[[], str] = str
    ) -> None:
        self.engines = engines
        self.recoveries = Recoveries()
        self._answers = answers
        self._ailment = ailment

    def measure(self, kind: str) -> None:
        """From now on things ought to recover from a fault of this kind: wait until they have, or are stuck."""
        began = time.monotonic()
        waiting = self._patiently(lambda: behind(self.engines), began)
        there = len(waiting)
        answers = self._answers()
        late = ""
        while (waiting or not answers) and time.monotonic() - began < LONGEST:
            time.sleep(_EVERY)
            waiting = self._patiently(lambda: still(self.engines, waiting), began)  # noqa: B023 (called at once)
            answers = answers or self._answers()
            if len(waiting) < there:
                self.recoveries.first.setdefault(kind, []).append(time.monotonic() - began)
                there = 0
            if not late and time.monotonic() - began > GOAL:
                late = _awaited(waiting, answers=answers)
        if waiting or not answers:
            what = _awaited(waiting, answers=answers)
            self.recoveries.stuck.append(f"after {kind}, {what} was not there within {LONGEST} s {self._ailment()}")
        elif late:
            self.recoveries.late.append(f"{time.monotonic() - began:.1f} s after {kind}; at {GOAL:.0f} s {late} lacked")
        self.recoveries.whole.setdefault(kind, []).append(time.monotonic() - began)

    def _patiently(self, ask: Callable[[], frozenset[Behind]], began: float) -> frozenset[Behind]:
        """Ask until the databases answer; they may be what has failed."""
        while True:
            try:
                return ask()
            except Exception:
                if time.monotonic() - began > LONGEST:
                    raise
                time.sleep(_EVERY)


def _awaited(waiting: frozenset[Behind], *, answers: bool) -> str:
    some = sorted(f"{each.source} to {each.listener}: {each.subject} {each.sequence}" for each in waiting)
    events = [f"{len(some)} such as {', '.join(some[:3])}"] if some else []
    return " and ".join(events if answers else [*events, "an answer"])


def _told(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {max(seconds):.1f}" if seconds else "-"
