"""Limits by network address, kept in the service's database so that they hold over any number of processes (IDN-9).

Counts are of fixed windows. Addresses are kept as keyed hashes, and a restart forgets none of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, case, delete

from chassis.db.engine import upsert
from chassis.db.tables import rate_limit
from chassis.kernel.errors import TooManyError
from chassis.web.addresses import counted_as, network_of
from chassis.web.exchange import Exchange

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "_wardenry_rate"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls of one kind in each window: by one address, and by one network (IPv4 /24, IPv6 /48)."""

    name: str
    times: int
    per: timedelta
    by_network: int


def limited_by_address(
    name: str, *, times: int, per: timedelta = timedelta(minutes=1), by_network: int | None = None
) -> Callable[[View], View]:
    """More than `times` calls from an address (`by_network`: from its network; ten times that unless said) in a
    window give 429 `too_many_attempts`. Views with one `name` count together. Off where the setting says so.
    """
    rate = Rate(name, times, per, by_network or 10 * times)

    def decorate(view: View) -> View:
        setattr(view, _MARK, rate)
        return view

    return decorate


def rate_of(view: Callable[..., Any]) -> Rate | None:
    """The limit that the view bears, if any."""
    rate: Rate | None = getattr(view, _MARK, None)
    return rate


def count_call(rate: Rate, exchange: Exchange) -> None:
    """Count this call, in a transaction of its own; raises `TooManyError` once the window's number is used up."""
    definition = exchange.definition
    if not definition.address_limits or exchange.address is None:
        return
    now = definition.clock.now()
    buckets = {
        _bucket(definition.keys.addresses, rate.name, counted_as(exchange.address)): rate.times,
        _bucket(definition.keys.addresses, rate.name, network_of(exchange.address)): rate.by_network,
    }
    with definition.engine.begin() as connection:
        windows = [(*_count(connection, bucket, rate.per, now), most) for bucket, most in sorted(buckets.items())]
    waits = [start + rate.per - now for start, used, most in windows if used > most]
    if waits:
        raise TooManyError(
            "Too many calls from your network; wait, then try again.", retry_after=round(max(waits).total_seconds())
        )


def forget_counts(connection: Connection, started_before: datetime) -> int:
    """Drop the counts of old windows; for the scheduled job. Tells how many went."""
    return connection.execute(delete(rate_limit).where(rate_limit.c.window_start < started_before)).rowcount


def _count(connection: Connection, bucket: str, per: timedelta, now: datetime) -> tuple[datetime, int]:
    over = rate_limit.c.window_start <= now - per
    statement = (
        upsert(connection, rate_limit)
        .values(bucket=bucket, window_start=now, used=1)
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "window_start": case((over, now), else_=rate_limit.c.window_start),
                "used": case((over, 1), else_=rate_limit.c.used + 1),
            },
        )
        .returning(rate_limit.c.window_start, rate_limit.c.used)
    )
    start, used = connection.execute(statement).one()
    return start, used


def _bucket(key: bytes, name: str, source: str) -> str:
    return f"{name}:{hmac.digest(key, source.encode(), hashlib.sha256)[:16].hex()}"
