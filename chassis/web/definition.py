"""What makes one service's web application: `services/<name>/bootstrap.py` fills it in and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Generic, TypeVar

import flask
from sqlalchemy import Engine

from chassis.kernel.cause import Cause
from chassis.kernel.clock import Clock, SystemClock
from chassis.security.callers import Bearer, ServiceCaller
from chassis.security.sealing import Sealer, derived_key
from chassis.telemetry.telemetry import Telemetry
from chassis.web.blueprints import Blueprint
from chassis.web.exchange import OnBegin, RequestWork
from chassis.web.ways import FormShortcut, Shortcut

Store = TypeVar("Store")
Ports = TypeVar("Ports")

Settle = Callable[[], None]
"""Returns once what was committed before it was called shows wherever anybody asks."""

Begin = Callable[[Cause, OnBegin | None], RequestWork[Store]]
"""Makes the unit of work of one request: `SqlUnitOfWork(engine, SqlStore, outlet, cause, clock, on_begin=on_begin)`."""


def _nothing() -> None:
    """Does nothing: what is committed shows at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a request may be (OPS-8), and how long answers are kept for repeats."""

    body: int = 1024 * 1024
    idempotency: timedelta = timedelta(hours=24)
    shown_secret: timedelta = timedelta(minutes=5)


class EdgeKeys:
    """The keys of one service's edge, each derived from the one root secret for its own purpose."""

    def __init__(self, root: bytes) -> None:
        self.scopes = derived_key(root, "idempotency scopes")
        self.bodies = derived_key(root, "idempotency bodies")
        self.operations = derived_key(root, "operation identifiers")
        self.cursors = derived_key(root, "cursors")
        self.addresses = derived_key(root, "addresses")
        self.answers = Sealer({"edge": derived_key(root, "kept answers")})


@dataclass(frozen=True, kw_only=True)
class ServiceApp(Generic[Store, Ports]):
    """One service as its edge sees it.

    `blueprints` stand under `/api/<name>/v1`, `internal_blueprints` under `/internal/v1`, `root_blueprints` (for
    protocols with routes of their own) as they are; `shortcuts` answer plain calls of views of the first, by path, and
    `root_shortcuts` plain forms that views of the last take.
    `edge_secret` is the root of `keys`. `ready` are named checks for `/readyz`: true, or it is not ready. `engine` is
    the one that `begin` uses. `settle` is called before the answer to whatever may have written.
    """

    name: str
    title: str
    description: str
    blueprints: Sequence[Blueprint]
    engine: Engine
    begin: Begin[Store]
    ports: Ports
    verify_token: Callable[[str], Bearer]
    edge_secret: bytes = field(repr=False)
    internal_blueprints: Sequence[Blueprint] = ()
    root_blueprints: Sequence[flask.Blueprint] = ()
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    root_shortcuts: Mapping[str, FormShortcut] = field(default_factory=dict)
    verify_service: Callable[[str], ServiceCaller] | None = None
    ready: Mapping[str, Callable[[], bool]] = field(default_factory=dict)
    settle: Settle = _nothing
    default_site: str = "medical"
    trust_gateway: bool = False
    address_limits: bool = False
    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=SystemClock)
    telemetry: Telemetry = field(default_factory=Telemetry)

    @cached_property
    def keys(self) -> EdgeKeys:
        """The keys of this edge."""
        return EdgeKeys(self.edge_secret)

    @cached_property
    def root_names(self) -> frozenset[str]:
        """The names of the blueprints whose protocols have their own manner."""
        return frozenset(blueprint.name for blueprint in self.root_blueprints)

    @property
    def prefix(self) -> str:
        """Where the public API stands."""
        return f"/api/{self.name}/v1"
