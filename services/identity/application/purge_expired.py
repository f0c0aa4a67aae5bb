"""Drop what nobody can use any more; what is past its time is refused at use, purged or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store

_KEPT_OVER = timedelta(days=1)
_HABITS_KEPT = timedelta(days=365)
_VOUCHINGS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many of each were dropped."""

    reservations: int
    failures: int
    codes: int
    contact_changes: int
    challenges: int
    enrolments: int
    recoveries: int
    sessions: int
    authorizations: int
    devices: int
    habits: int
    vouchings: int


def purge_expired(work: UnitOfWork[Store], ports: Ports) -> Purged:
    """Drop reservations after 7 days (REG-9), and all else a day after its end."""
    store, now, rules = work.writing(), ports.clock.now(), ports.rules
    over = now - _KEPT_OVER
    reserved_before = now - rules.registration.kept
    store.user_ids.purge(reserved_before + rules.registration.reserved)
    authorizations = store.sign_in_tickets.purge(over) + store.authorization_requests.purge(over)
    authorizations += store.authorization_codes.purge(over)
    return Purged(
        reservations=store.reservations.purge(reserved_before),
        failures=store.failures.purge(now - rules.throttle.forget),
        codes=store.codes.purge(over - rules.codes.period),
        contact_changes=store.contact_changes.purge(over),
        challenges=store.challenges.purge(over) + store.passkey_sign_ins.purge(over),
        enrolments=store.authenticators.purge(over) + store.passkeys.purge(over),
        recoveries=store.recoveries.purge(over),
        sessions=store.sessions.purge(over),
        authorizations=authorizations,
        devices=store.devices.purge(over),
        habits=store.habits.purge(now - _HABITS_KEPT),
        vouchings=store.vouchings.purge(now - _VOUCHINGS_KEPT),
    )
