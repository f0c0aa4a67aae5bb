"""What must be done once before a service works, tried until it succeeds: its database may come later than it does."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

_PAUSE = 1.0

log = structlog.get_logger(__name__)


def prepared(prepare: Callable[[], None]) -> bool:
    """Whether it succeeded at the first attempt."""
    try:
        prepare()
    except Exception as error:  # noqa: BLE001 (whatever it is, the database may be there a second later)
        log.warning("not_prepared_yet", reason=type(error).__name__, error=str(error)[:300])
        return False
    return True


def keep_preparing(prepare: Callable[[], None], told: threading.Event) -> bool:
    """Try every second; False where the process was told to end before it succeeded."""
    while not prepared(prepare):
        if told.wait(_PAUSE):
            return False
    return True


def prepare_beside(prepare: Callable[[], None]) -> None:
    """Try, and where that fails go on in a thread of its own; whether it is done, the service's readiness tells."""
    if not prepared(prepare):
        arguments = (prepare, threading.Event())
        threading.Thread(target=keep_preparing, args=arguments, name="preparing", daemon=True).start()
