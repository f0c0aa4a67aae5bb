"""A thread that steps as long as there is work, and otherwise sleeps until it is woken or a pause is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from chassis.telemetry.meters import LoopMeter

_LONGEST_PAUSE = 2.0
_LONGEST_REST = 1.0
_MOST_DOUBLINGS = 10
_FAILURES = 2

log = structlog.get_logger(__name__)


class Wakeup:
    """Tells a loop that there may be work; telling twice is telling once."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> None:
        """There may be work."""
        self._event.set()

    def wait(self, timeout: float) -> bool:
        """Return True when told, False after `timeout` seconds."""
        told = self._event.wait(timeout)
        self._event.clear()
        return told


class Loop:
    """Calls `step` again and again: at once while it returns True, else when woken or after `poll` seconds.

    Where nothing comes, its looks grow rarer, down to one a second; whatever wakes it brings it back to `poll`.
    A step that raises is logged and tried again after a growing pause; nothing but `stop` ends the loop.
    """

    def __init__(
        self, name: str, step: Callable[[], bool], wakeup: Wakeup, *, poll: float = 0.25, meter: LoopMeter | None = None
    ) -> None:
        self.name = name
        self._step = step
        self._wakeup = wakeup
        self._poll = poll
        self._meter = meter or LoopMeter()
        self._stopping = threading.Event()
        self._failures = 0
        self._has_stepped = False
        self._stepping_since: float | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def runs(self) -> bool:
        """Whether its thread does."""
        return self._thread.is_alive()

    @property
    def has_died(self) -> bool:
        """Whether its thread has ended without being told to."""
        return self._thread.ident is not None and not self.runs and not self._stopping.is_set()

    @property
    def has_stepped(self) -> bool:
        """Whether a step has ever come to its end."""
        return self._has_stepped

    @property
    def fails(self) -> bool:
        """Whether steps raise, one after the other."""
        return self._failures >= _FAILURES

    def hangs(self, after: float) -> bool:
        """Whether a step has lasted for over `after` seconds."""
        since = self._stepping_since
        return since is not None and time.monotonic() - since > after

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the loop to end after the step under way."""
        self._stopping.set()
        self._wakeup()

    def join(self, timeout: float) -> bool:
        """Wait for the end; False where it did not come within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        in_vain = 0
        while not self._stopping.is_set():
            if self._stepped():
                in_vain = 0
            elif not self._stopping.is_set():
                woken = self._wakeup.wait(self._pause(in_vain))
                in_vain = 0 if woken else in_vain + 1

    def _stepped(self) -> bool:
        self._stepping_since = time.monotonic()
        try:
            busy = self._step()
        except Exception:
            self._failures += 1
            self._meter.failed(self.name)
            log.exception("loop_step_failed", loop=self.name, failures=self._failures)
            return False
        finally:
            self._stepping_since = None
        self._failures = 0
        self._has_stepped = True
        self._meter.stepped(self.name)
        return busy

    def _pause(self, in_vain: int) -> float:
        times, longest = (self._failures, _LONGEST_PAUSE) if self._failures else (in_vain, _LONGEST_REST)
        return float(min(max(longest, self._poll), self._poll * 2 ** min(times, _MOST_DOUBLINGS)))
