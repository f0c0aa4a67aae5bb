"""What an attempt at a password is judged by, in one statement, which asks the same of everybody (IDN-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, literal_column, select

from chassis.db.within import StatementWithin
from services.identity.adapters.device_tables import device as devices
from services.identity.adapters.sql_devices import device_from
from services.identity.adapters.sql_limits import count_from
from services.identity.adapters.tables import account as accounts
from services.identity.adapters.tables import failure_count as failures
from services.identity.application.standing_repositories import MOST_COUNTS, Standing
from services.identity.domain.accounts import KeptPassword, State
from services.identity.domain.devices import Device
from services.identity.domain.throttle import FailureCount

_NO_KEY: Final = ""
_KEYS: Final = [f"key_{number}" for number in range(MOST_COUNTS)]
_OF_A_COUNT: Final = ("failures", "since", "last_at", "blocked_until")
_OF_A_PASSWORD: Final = (accounts.c.password_hash, accounts.c.state, accounts.c.confirm_before)


def _statement() -> Select[Any]:
    """One row in any case: beside nothing, whatever there is."""
    found: Any = select(literal_column("1").label("always")).subquery("always")
    found = found.outerjoin(accounts, accounts.c.user_id == bindparam("user_id"))
    found = found.outerjoin(devices, devices.c.digest == bindparam("digest"))
    counts = [failures.alias(f"of_{key}") for key in _KEYS]
    for key, count in zip(_KEYS, counts, strict=True):
        found = found.outerjoin(count, count.c.key == bindparam(key))
    of_counts = [count.c[name] for count in counts for name in _OF_A_COUNT]
    return select(*_OF_A_PASSWORD, *devices.c, *of_counts).select_from(found)


_STANDING: Final = StatementWithin(_statement())
_DEVICE_AT: Final = len(_OF_A_PASSWORD)
_COUNTS_AT: Final = _DEVICE_AT + len(devices.c)


class SqlStandings:
    """`Standings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str, device_digest: str, keys: Sequence[str]) -> Standing:
        asked = (*keys, *[_NO_KEY] * (MOST_COUNTS - len(keys)))
        values = {"user_id": user_id, "digest": device_digest, **dict(zip(_KEYS, asked, strict=True))}
        (row,) = _STANDING(self._connection, values)
        password, state, confirm_before = row[:_DEVICE_AT]
        return Standing(
            None if password is None else KeptPassword(password, State(state), confirm_before),
            _device(row[_DEVICE_AT:_COUNTS_AT]),
            dict(zip(keys, _counts(row[_COUNTS_AT:]), strict=False)),
        )


def _device(values: Sequence[Any]) -> Device | None:
    if not any(values):
        return None
    return device_from(dict(zip(devices.c.keys(), values, strict=True)))


def _counts(values: Sequence[Any]) -> list[FailureCount]:
    size = len(_OF_A_COUNT)
    return [count_from(*values[begin : begin + size]) for begin in range(0, len(values), size)]
