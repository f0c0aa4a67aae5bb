"""How old what is remembered may be, and what a change therefore waits for before it is answered (ENT-10).

Every process has the same two numbers: they are no settings, since one process with other ones would make all wrong.
"""

from __future__ import annotations

import threading
import time
from typing import Final

TRUSTED_FOR: Final = 0.040
"""Seconds after it was known to be true for which what is remembered is answered from."""

SETTLES_IN: Final = 0.045
"""Seconds from a commit after which nobody answers from before it: `TRUSTED_FOR`, and more than two clocks that count
the same span could differ by.
"""

_SINCE_BOOT: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_NOTHING: Final = threading.Event()


def moment() -> float:
    """Seconds by a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(_SINCE_BOOT)


def pause(seconds: float) -> None:
    """Wait about so long, as loops do: by a lock, which minds no change of the machine's time."""
    _NOTHING.wait(max(0.0, seconds))


def settle() -> None:
    """Wait until what was committed before shows in every check, whichever process answers it."""
    until = moment() + SETTLES_IN
    while (left := until - moment()) > 0:
        pause(left)
