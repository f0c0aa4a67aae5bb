"""The practices and people to try things out with (`api.md`, Trying out); made once, and left alone afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from chassis.assembly import Service
from chassis.bus.quiet import is_quiet
from services.entitlements import bootstrap as entitlements
from services.entitlements.settings import Settings as EntitlementsSettings
from services.identity import bootstrap as identity
from services.identity.settings import Settings as IdentitySettings
from services.registration import bootstrap as registration

PASSWORD = "open-harbor-lantern-17"  # noqa: S105 (every demo user's, on loopback alone, and printed at each start)
_SETTLED_WITHIN = 120.0
_LOOK_EVERY = 0.1
_LOOKS = 10


class UnsettledError(Exception):
    """Events of the demo are not handled in time: the services' work processes do not run, or fail."""


class Seeded(Protocol):
    """The services that demo data go into."""

    @property
    def identity(self) -> Service: ...

    @property
    def registration(self) -> Service: ...

    @property
    def entitlements(self) -> Service: ...

    @property
    def identity_settings(self) -> IdentitySettings: ...

    @property
    def entitlements_settings(self) -> EntitlementsSettings: ...


@dataclass(frozen=True, slots=True)
class Apart:
    """`Seeded` over databases whose services run elsewhere."""

    identity: Service
    registration: Service
    entitlements: Service
    identity_settings: IdentitySettings
    entitlements_settings: EntitlementsSettings

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Apart:
        """As the environment has them; raises `SettingsError`."""
        return cls(
            identity.build_from_environment(environment),
            registration.build_from_environment(environment),
            entitlements.build_from_environment(environment),
            IdentitySettings.from_environment(environment),
            EntitlementsSettings.from_environment(environment),
        )

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Their databases."""
        return (self.identity.engine, self.registration.engine, self.entitlements.engine)


def seed(services: Seeded, settle: Callable[[], None]) -> None:
    """Practices first, then people, then what they may do: each once the others have heard of the one before."""
    registration.seed_demo(services.registration)
    identity.seed_demo(services.identity, services.identity_settings, PASSWORD)
    settle()
    entitlements.seed_demo(services.entitlements, services.entitlements_settings)


def wait_until_quiet(engines: Iterable[Engine]) -> None:
    """Wait until nothing has been left to do for a while: between two services events are on their way unseen.

    Raises `UnsettledError` after two minutes.
    """
    deadline, quiet, known = time.monotonic() + _SETTLED_WITHIN, 0, tuple(engines)
    while quiet < _LOOKS:
        if time.monotonic() > deadline:
            raise UnsettledError("events wait: do `wardenry work identity`, `registration` and `entitlements` run?")
        quiet = quiet + 1 if all(is_quiet(engine) for engine in known) else 0
        time.sleep(_LOOK_EVERY)
