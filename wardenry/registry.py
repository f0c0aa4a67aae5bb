"""The services by name. Each is imported when it is asked for, so that a process holds its own service alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from marshmallow import Schema

from chassis.assembly import Service
from chassis.bus.subscriptions import Subscription
from chassis.settings import ServiceSettings
from chassis.telemetry.telemetry import Telemetry

SERVICES = ("identity", "registration", "entitlements", "notify", "audit", "portal")

WITH_JOBS = ("identity", "registration", "entitlements")
"""Those of them that do something by the calendar, in the order in which their jobs build on each other."""


class Bootstrap(Protocol):
    """What every `services/<name>/bootstrap.py` offers."""

    def build_from_environment(self, environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
        """The service with settings from the environment; raises `SettingsError`."""


def bootstrap_of(service: str) -> Bootstrap:
    """The bootstrap of one of `SERVICES`."""
    return cast("Bootstrap", import_module(f"services.{service}.bootstrap"))


def settings_of(service: str) -> type[ServiceSettings]:
    """The settings class of one of `SERVICES`."""
    return cast("type[ServiceSettings]", import_module(f"services.{service}.settings").Settings)


def subscriptions_of(service: str) -> Sequence[Subscription[Any, Any]]:
    """What one of `SERVICES` does with what it listens to."""
    return cast(
        "Sequence[Subscription[Any, Any]]", import_module(f"services.{service}.events.subscribed").SUBSCRIPTIONS
    )


def published() -> dict[str, type[Schema]]:
    """Every type of event that any service publishes, with the schema of its data."""
    schemas: dict[str, type[Schema]] = {}
    for name in SERVICES:
        schemas |= import_module(f"services.{name}.events.published").SCHEMAS
    return schemas


def listeners() -> dict[str, tuple[str, ...]]:
    """Every service with the sources it listens to: what the broker's queues are bound to."""
    return {name: tuple(import_module(f"services.{name}.events.sources").SOURCES) for name in SERVICES}
