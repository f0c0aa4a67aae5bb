"""How a process is told to end: by SIGTERM, or by SIGINT from a terminal."""

from __future__ import annotations

import signal
import threading
from typing import Final

_LOOK_EVERY: Final = 1.0


def told_to_end() -> threading.Event:
    """Set by the first SIGTERM or SIGINT from now on; another one changes nothing."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


def wait_for(told: threading.Event) -> None:
    """Wait in the main thread until it is set.

    Python runs handlers in the main thread alone, and a signal that the kernel gives to another one does not wake it:
    so it wakes by itself, once a second.
    """
    while not told.wait(_LOOK_EVERY):
        pass
