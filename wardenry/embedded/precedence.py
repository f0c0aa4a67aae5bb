"""Who goes first in the one process: whoever waits for an answer, before what is done in the background.

Python runs one thread at a time, and shares its time alike among all that want to run. While thousands of invitations
are written, told and mailed, that would be half a dozen threads beside the one that answers (REG-16).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from wardenry.embedded.gateway import WsgiApp

_TIMES = 2
_LONGEST = 0.25


class Precedence:
    """Counts who is being answered, and holds up steps of the background meanwhile.

    A step waits at most twice as long as the one before it took, and never over a quarter of a second: however many ask
    without a pause, the background goes on at a third of its speed or faster.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answering = 0

    def of(self, app: WsgiApp) -> WsgiApp:
        """The application, whose callers go first."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self._count(1)
            try:
                return app(environ, start_response)
            finally:
                self._count(-1)

        return answer

    def after(self, step: Callable[[], bool]) -> Callable[[], bool]:
        """The step, which lets others go first."""
        took = 0.0

        def patient() -> bool:
            nonlocal took
            self._give_way(min(_TIMES * took, _LONGEST))
            begun = time.monotonic()
            try:
                return step()
            finally:
                took = time.monotonic() - begun

        return patient

    def _count(self, change: int) -> None:
        with self._changed:
            self._answering += change
            if not self._answering:
                self._changed.notify_all()

    def _give_way(self, at_most: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, timeout=at_most)
