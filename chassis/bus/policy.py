"""How patient a worker is with an event that fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Pauses in seconds: they double from `first` to `longest`; after `attempts` failures the event is parked.

    An event that refers to something not yet known is asked again every `unknown_pause`, and counts as failing only
    after `unknown_for`.
    """

    first: float = 0.25
    longest: float = 60.0
    attempts: int = 10
    unknown_pause: float = 0.1
    unknown_for: float = 60.0

    def pause(self, attempt: int) -> float:
        """How long to wait after the `attempt`-th failure, counted from 1."""
        return float(min(self.longest, self.first * 2 ** (attempt - 1)))
