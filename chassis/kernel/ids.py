"""UUIDs of version 7 (RFC 9562, section 5.7): they sort by the time they were made, within one process strictly."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_COUNTER_BITS = 12
_TAIL_BITS = 62
_VERSION = 7
_VARIANT = 0b10


class Uuid7Source:
    """Makes UUIDv7s that never run backwards, even where the clock does (RFC 9562, section 6.2, method 1)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moment = 0
        self._counter = 0

    def __call__(self) -> UUID:
        """A new identifier, greater than every one this source made before."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._moment:
                self._moment, self._counter = now, secrets.randbits(_COUNTER_BITS - 1)
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._moment, self._counter = self._moment + 1, 0
            moment, counter = self._moment, self._counter
        value = moment << 80 | _VERSION << 76 | counter << 64 | _VARIANT << _TAIL_BITS | secrets.randbits(_TAIL_BITS)
        return UUID(int=value)


new_id = Uuid7Source()
