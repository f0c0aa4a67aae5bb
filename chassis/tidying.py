"""What every service clears away once an hour: kept answers, counts, notes and events whose time is over."""

from __future__ import annotations

from datetime import timedelta

from chassis.assembly import Errand, Service
from chassis.bus.loop import Wakeup
from chassis.bus.pruning import prune
from chassis.db.engine import database_now
from chassis.db.sessions import forget_ended_sessions
from chassis.web.idempotency import forget_answers
from chassis.web.rates import forget_counts

_EVERY = 3600.0
_ANSWERS_KEPT = timedelta(hours=24)
_COUNTS_KEPT = timedelta(hours=24)


def tidying(service: Service) -> Errand:
    """The errand, for whatever runs the service; that nothing is used past its time never depends on it."""

    def step() -> bool:
        with service.engine.begin() as connection:
            now = database_now(connection)
            forget_answers(connection, now, now - _ANSWERS_KEPT)
            forget_counts(connection, now - _COUNTS_KEPT)
            forget_ended_sessions(connection, now)
        prune(service.engine, service.events_kept)
        return False

    return Errand("tidying", step, Wakeup(), poll=_EVERY)
