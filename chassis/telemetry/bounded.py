"""A question whose asker cannot be kept waiting, whatever happens to whoever should answer it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NoAnswerError(TimeoutError):
    """No answer came in time."""


class Asking(Generic[Answer]):
    """A question under way, in a thread of its own."""

    def __init__(self, name: str, ask: Callable[[], Answer]) -> None:
        self._name = name
        self._ask = ask
        self._over = threading.Event()
        self._answers: list[Answer] = []
        self._error: Exception | None = None
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether there is an answer, or an error."""
        return self._over.is_set()

    def answer(self, within: float) -> Answer:
        """The answer, or the error it ended with; raises `NoAnswerError` after `within` seconds."""
        if not self._over.wait(within):
            raise NoAnswerError(f"{self._name}: no answer in time")
        if self._error is not None:
            raise self._error
        return self._answers[0]

    def _run(self) -> None:
        try:
            self._answers.append(self._ask())
        except Exception as error:  # noqa: BLE001 (whoever asked gets it)
            self._error = error
        finally:
            self._over.set()


class Bounded(Generic[Answer]):
    """Asks at most once at a time: who asks meanwhile waits for the same answer, so that nothing piles up."""

    def __init__(self, name: str, ask: Callable[[], Answer]) -> None:
        self._name = name
        self._ask = ask
        self._lock = threading.Lock()
        self._asking: Asking[Answer] | None = None

    def begin(self) -> Asking[Answer]:
        """Ask, unless that is under way; returns at once."""
        with self._lock:
            if self._asking is None or self._asking.is_over:
                self._asking = Asking(self._name, self._ask)
            return self._asking
