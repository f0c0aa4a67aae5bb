"""Spares a service that does not answer, and its callers the wait (a circuit breaker)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class BreakerOpenError(Exception):
    """The call was not made, since those before it failed; `retry_after` seconds from now one will be."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("the calls before this one failed")
        self.retry_after = retry_after


class Breaker:
    """Opens once `failures` calls in a row failed; every `pause` seconds one call alone tries whether that is over.

    Time is a monotonic clock's: setting the machine's clock neither holds it open nor closes it.
    """

    def __init__(self, failures: int = 5, pause: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._next_try = 0.0

    @contextmanager
    def calling(self, *counts: type[Exception]) -> Iterator[None]:
        """Make a call; it failed if one of these came of it, and any other outcome is an answer.

        Raises `BreakerOpenError` in place of the call.
        """
        self._enter()
        try:
            yield
        except counts:
            self._note_failure()
            raise
        except BaseException:
            self._note_answer()
            raise
        self._note_answer()

    def _enter(self) -> None:
        with self._lock:
            if self._failed < self._most:
                return
            now = self._clock()
            if now < self._next_try:
                raise BreakerOpenError(self._next_try - now)
            self._next_try = now + self._pause  # this call is the one that tries

    def _note_failure(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._next_try = self._clock() + self._pause

    def _note_answer(self) -> None:
        with self._lock:
            self._failed = 0
