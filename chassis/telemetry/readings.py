"""Figures that must be looked up (in a database, say) when somebody asks for them: within bounds, and not too often."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from chassis.telemetry.bounded import Bounded

_LIMIT = 2.0
_KEPT = 3.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a gauge; `label` is its name and value, such as `("state", "queued")`."""

    name: str
    meaning: str
    value: float
    label: tuple[str, str] | None = None


Look = Callable[[], Sequence[Figure]]


class Readings:
    """All looks of one service. An answer is kept for some seconds, and a look that takes too long is left out."""

    def __init__(self, *, limit: float = _LIMIT, kept: float = _KEPT) -> None:
        self._looks: dict[str, Bounded[Sequence[Figure]]] = {}
        self._limit = limit
        self._kept = kept
        self._read_at = float("-inf")
        self._figures: list[Figure] = []

    def add(self, name: str, look: Look) -> None:
        """Have `look` asked, too; in place of the one of that name, if there is one."""
        self._looks[name] = Bounded(f"reading {name}", look)

    def figures(self) -> list[Figure]:
        """What the looks say now, or said some seconds ago; missing is what could not be had."""
        if time.monotonic() - self._read_at >= self._kept:
            self._figures = self._look()
            self._read_at = time.monotonic()
        return self._figures

    def _look(self) -> list[Figure]:
        deadline = time.monotonic() + self._limit
        asked = [(name, look.begin()) for name, look in self._looks.items()]
        found: list[Figure] = []
        for name, asking in asked:
            try:
                found.extend(asking.answer(max(0.0, deadline - time.monotonic())))
                failed = 0
            except Exception as error:  # noqa: BLE001 (whatever it is, the other figures are still worth having)
                log.warning("figures_not_read", reading=name, reason=type(error).__name__)
                failed = 1
            meaning = "1 where a group of figures could not be looked up, and so is missing here"
            found.append(Figure("wardenry_reading_failed", meaning, failed, ("reading", name)))
        return found
