"""A claim lives as long as its sender: prolonged while a provider takes its time, lost soon after a kill."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog

log = structlog.get_logger(__name__)


class Hold:
    """Calls `prolong` every so often, in a thread of its own, until the block ends or it answers False.

    What `prolong` raises is logged, and it is called again: only the claim's own end counts.
    """

    def __init__(self, prolong: Callable[[], bool], *, every: timedelta) -> None:
        self._prolong = prolong
        self._every = every.total_seconds()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="hold of a message", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(self._every):
            try:
                if not self._prolong():
                    return
            except Exception:
                log.exception("message_claim_not_prolonged")
