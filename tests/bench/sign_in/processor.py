"""Whose processor time something took: the web process's, PostgreSQL's, or the client's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Measured:
    """Calls a second, milliseconds of processor time of each by whose they were, and the part of all cores' time that
    nobody of them took.
    """

    rate: float
    milliseconds: dict[str, float]
    left: float

    def __str__(self) -> str:
        each = ", ".join(f"{whose} {took:.2f}" for whose, took in self.milliseconds.items())
        return f"{self.rate:8.0f}/s  ms of processor: {each}; {self.left:3.0%} left over"


def measured(measure: Callable[[float], float], seconds: float) -> Measured:
    """What this measure found in so many seconds."""
    before, began = _spent(), time.perf_counter()
    rate = measure(seconds)
    took, after = time.perf_counter() - began, _spent()
    spent = {whose: after[whose] - before[whose] for whose in after}
    left = 1 - sum(spent.values()) / took / (os.cpu_count() or 1)
    return Measured(rate, {whose: 1000 * each / took / rate for whose, each in spent.items()}, left)


def _spent() -> dict[str, float]:
    """Seconds so far, of this process and of all that it has started."""
    own = psutil.Process()
    spent = {"web": 0.0, "PostgreSQL": 0.0, "client": _of(own)}
    for each in own.children(recursive=True):
        try:
            spent["PostgreSQL" if each.name() == "postgres" else "web"] += _of(each)
        except psutil.NoSuchProcess:
            continue
    return spent


def _of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
