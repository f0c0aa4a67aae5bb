"""A service put together: what its `bootstrap` hands to whatever runs it, in one process or in several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from chassis.bus.inbox import Appetite
from chassis.bus.loop import Wakeup
from chassis.jobs.scheduler import Jobs
from chassis.telemetry.health import Check
from chassis.telemetry.telemetry import Telemetry


def _nothing() -> None:
    """Does nothing: there are no claims to take back."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Work of a service besides relay and inbox, such as sending mail: `step` returns True while there is more."""

    name: str
    step: Callable[[], bool]
    wakeup: Wakeup
    poll: float = 0.25


@dataclass(frozen=True, slots=True)
class Service:
    """One service, wired and idle: nothing is connected, and no thread runs, before its runner starts it.

    `sources` are the services whose events it takes, and `appetite` says what it keeps of them; `events_kept` is
    how long its own stay in its outbox.
    `outbox_wakeup` is told after each commit that recorded events, `inbox_wakeup` after something arrived. `prepare`
    is called once the database is migrated, before the first request (a signing key, say); it may be called again.
    `errands` are run by its working process, `beside` by each of its web processes, beside its answers.
    `jobs` are those that fall due by the calendar, None where there are none; one of the errands runs them.
    `ready` are the checks that hold where its database can be worked with, `telemetry` is what it is seen by.
    `release_claims` takes back what errands of a killed process had claimed, where no other process is left.
    """

    name: str
    engine: Engine
    app: Flask
    sources: tuple[str, ...]
    appetite: Appetite
    events_kept: timedelta
    inbox_step: Callable[[], bool]
    inbox_wakeup: Wakeup
    outbox_wakeup: Wakeup
    migrate: Callable[[], None]
    prepare: Callable[[], None]
    errands: tuple[Errand, ...] = ()
    beside: tuple[Errand, ...] = ()
    jobs: Jobs[Any] | None = None
    release_claims: Callable[[], None] = _nothing
    ready: Mapping[str, Check] = field(default_factory=dict)
    telemetry: Telemetry = field(default_factory=Telemetry)
