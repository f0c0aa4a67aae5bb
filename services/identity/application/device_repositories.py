"""Where trusted devices are kept, and what is known of how somebody signs in (IDN-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.identity.domain.devices import Device
from services.identity.domain.risk import Trait


class Devices(Protocol):
    """Trusted devices, expired or not; whoever changes one holds the lock of its account."""

    def presented(self, digest: str) -> Device | None:
        """The device whose token has this digest."""

    def get(self, user_id: str, device_id: str) -> Device | None:
        """That account's device."""

    def of(self, user_id: str) -> Sequence[Device]:
        """The account's, the one that was used last first."""

    def add(self, device: Device) -> None:
        """Keep a new one."""

    def save(self, device: Device) -> None:
        """Keep its token's digest, its times, and where it was used."""

    def remove(self, user_id: str, device_id: str) -> None:
        """Forget it."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""


class Habits(Protocol):
    """Browsers, networks and countries that an account's sign-ins came from."""

    def of(self, user_id: str) -> Mapping[Trait, frozenset[str]]:
        """All that are known."""

    def note(self, user_id: str, trait: Trait, value: str, now: datetime) -> bool:
        """Remember one, or that it was met again; whether it is a new one."""

    def purge(self, met_before: datetime) -> int:
        """Drop what was last met before; returns how many."""
