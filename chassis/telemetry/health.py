"""`/livez` and `/readyz` (OPS-5): alive is whether a restart would help, ready is whether to send it calls."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.telemetry.bounded import Asking, Bounded
from chassis.telemetry.readings import Figure

Check = Callable[[], bool]

_LIMIT = 2.0

_log = logging.getLogger(__name__)


class Drain:
    """Set once, when the process is asked to end: from then on it is not ready, and finishes what it has.

    With `flag`, another process may set it by making that file.
    """

    def __init__(self, flag: Path | None = None) -> None:
        self._begun = threading.Event()
        self._flag = flag

    @property
    def has_begun(self) -> bool:
        """Whether new calls should go elsewhere."""
        return self._begun.is_set() or (self._flag is not None and self._flag.exists())

    def begin(self) -> None:
        """From now on."""
        self._begun.set()


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to a probe."""

    holds: bool
    document: Mapping[str, Any]


class Health:
    """The named checks of one process. All are asked at once, and one that does not answer in time does not hold."""

    def __init__(
        self,
        ready: Mapping[str, Check],
        drain: Drain,
        alive: Mapping[str, Check] | None = None,
        *,
        limit: float = _LIMIT,
    ) -> None:
        self._ready = {name: Bounded(f"check {name}", check) for name, check in ready.items()}
        self._alive = dict(alive or {})
        self._drain = drain
        self._limit = limit

    def livez(self) -> Verdict:
        """Whether it lives. These checks look at this process alone and wait for nothing."""
        dead = [name for name, check in self._alive.items() if not check()]
        return Verdict(not dead, {"alive": not dead, **({"dead": dead} if dead else {})})

    def readyz(self) -> Verdict:
        """Whether it is ready for what it is there for."""
        deadline = time.monotonic() + self._limit
        asked = {name: check.begin() for name, check in self._ready.items()}
        checks = {name: _holds(name, asking, deadline) for name, asking in asked.items()}
        draining = self._drain.has_begun
        ready = not draining and all(checks.values())
        return Verdict(ready, {"ready": ready, "draining": draining, "checks": checks})

    def figures(self) -> list[Figure]:
        """The same for the metrics."""
        return [Figure("wardenry_ready", "1 where the process is ready for its work", int(self.readyz().holds))]


def _holds(name: str, asking: Asking[bool], deadline: float) -> bool:
    try:
        return asking.answer(max(0.0, deadline - time.monotonic()))
    except Exception as error:  # noqa: BLE001 (a check that cannot be made does not hold)
        _log.warning("readiness_check_failed", extra={"check": name}, exc_info=error)
        return False
