"""Several senders in one process, of which one idle one watches for all what is due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from chassis.bus.loop import Wakeup

Look = Callable[[Callable[[], None]], bool]
"""Looks for something to send and sends it; between the two it calls what it is handed. False: nothing was due."""


class Watch:
    """Whoever watches looks; as soon as it has found something, the watch is another idle one's.

    So an idle process asks the database in one place, a busy one sends as many messages at once as it has senders,
    and one whose provider is slow holds nobody up.
    """

    def __init__(self, look: Look, senders: int) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._watching: int | None = None
        self.wakeups: Sequence[Wakeup] = tuple(Wakeup() for _ in range(senders))

    def step(self, sender: int) -> bool:
        """A sender's turn, by its number from 0; nothing where another watches."""
        with self._lock:
            if self._watching not in {None, sender}:
                return False
            self._watching = sender
        return self._look(self._hand_over)

    def wake(self) -> None:
        """Something may be due."""
        for wakeup in self.wakeups:
            wakeup()

    def _hand_over(self) -> None:
        with self._lock:
            self._watching = None
        self.wake()
