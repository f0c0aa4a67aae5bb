"""What was acknowledged to clients, written down as they heard of it: every line of it must stand when all is over."""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum


class Step(StrEnum):
    """A change that a client asked for and that was acknowledged."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    DECLINED = "declined"
    CHANGED = "changed"
    REMOVED = "removed"


class Ledger:
    """Who took which step; each person takes each step once. Many threads may write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[Step, set[str]] = {step: set() for step in Step}
        self._repeats: Counter[str] = Counter()

    def acknowledged(self, step: Step, user_id: str) -> None:
        """The step's answer has arrived: from now on it must never be lost."""
        with self._lock:
            self._taken[step].add(user_id)

    def repeated(self, why: str) -> None:
        """A call had to be made again: nobody answered, or the answer said to come again."""
        with self._lock:
            self._repeats[why] += 1

    def who(self, step: Step) -> frozenset[str]:
        """Everybody to whom this step was acknowledged."""
        with self._lock:
            return frozenset(self._taken[step])

    @property
    def changes(self) -> int:
        """How many changes were acknowledged in all."""
        with self._lock:
            return sum(map(len, self._taken.values()))

    @property
    def repeats(self) -> int:
        """How many calls had to be made again."""
        with self._lock:
            return self._repeats.total()
