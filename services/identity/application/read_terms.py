"""How long what holds, and how often may be tried, as this deployment is set: for frontends that say so to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.identity.application.ports import Rules

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole minutes, hours and days; `lock_failures` wrong passwords lock an account for `lock_minutes` (IDN-9)."""

    code_minutes: int
    sign_in_minutes: int
    lock_failures: int
    lock_minutes: int
    device_days: int
    contact_undo_hours: int
    vouching_hours: int


def read_terms(rules: Rules) -> Terms:
    """The terms that these rules come to."""
    return Terms(
        code_minutes=rules.codes.lifetime // _MINUTE,
        sign_in_minutes=rules.challenge // _MINUTE,
        lock_failures=rules.throttle.most,
        lock_minutes=rules.throttle.lock // _MINUTE,
        device_days=rules.device // _DAY,
        contact_undo_hours=rules.contact_undo // _HOUR,
        vouching_hours=rules.vouching.pause // _HOUR,
    )
