"""Waiting for a condition, with a limit; never a sleep and a hope."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def eventually(ask: Callable[[], Answer | None], *, within: float = 60.0, every: float = 0.02) -> Answer:
    """The first truthy answer of `ask`; raises `AssertionError` with the last one after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; the last answer was {answer!r}")
        time.sleep(every)
    return answer
