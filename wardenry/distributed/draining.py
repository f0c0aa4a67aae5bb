"""The end of a web process: it says that it is not ready, goes on for a moment, finishes what it has, and is gone.

The server's main process gets the signal and the workers answer the probes: a file that all of them look at joins
them. All of it together takes no longer than a process may take to end (`GRACE`).
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

from granian.server.mp import MPServer

GRACE: Final = 10.0
"""Seconds from the signal to the end, at most."""

FLAG: Final = "draining"


class DrainingServer(MPServer):
    """Granian that drains first: `drain` seconds pass between the first signal and the workers' end, no second signal
    shortens or repeats anything, and workers that have not ended in time are killed.
    """

    def __init__(self, target: str, folder: Path, drain: float, **options: Any) -> None:
        super().__init__(target, workers_kill_timeout=max(1, int(GRACE - drain)), **options)
        self._flag = folder / FLAG
        self._drain = drain
        self._begun = False

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """SIGTERM or SIGINT: begin to drain; the workers are told once the drain is over."""
        if self._begun:
            return
        self._begun = True
        self._flag.touch()
        waiting = threading.Timer(self._drain, super().signal_handler_interrupt, args, kwargs)
        waiting.daemon = True
        waiting.start()
