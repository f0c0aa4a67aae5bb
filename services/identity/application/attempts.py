"""By which counts an attempt at a proof is judged: its account's or trusted device's, and its surroundings' (IDN-9).

Counts stand under keyed hashes in the database, so that any number of processes judge by the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.devices import Device, Whereabouts
from services.identity.domain.errors import TooManyAttemptsError
from services.identity.domain.throttle import FailureCount, ThrottleRules
from services.identity.domain.user_ids import findable


@dataclass(frozen=True, slots=True)
class Attempt:
    """User ID and password as typed, from where they came, and the token of a device that is remembered."""

    user_id: str
    password: str
    whereabouts: Whereabouts | None = None
    device_token: str | None = None

    @property
    def folded(self) -> str:
        """The user ID as it is counted by, known or not."""
        return fold(self.user_id)

    @property
    def account(self) -> str:
        """The user ID as an account would have it."""
        return findable(self.folded)

    def device_of(self, presented: Device | None, ports: Ports) -> Device | None:
        """The device that its token names, if it is a trusted one of that account, browser family and time."""
        if presented is None or self.whereabouts is None:
            return None
        is_theirs = presented.is_of(self.account, self.whereabouts.browser, ports.clock.now())
        return presented if is_theirs else None


@dataclass(frozen=True, slots=True)
class Barrier:
    """One count, and the rules that it is read by."""

    key: str
    rules: ThrottleRules

    def standing(self, store: Store, ports: Ports) -> FailureCount:
        """As it is committed."""
        return self.rules.standing(store.failures.get(self.key), ports.clock.now())

    def locked(self, store: Store, ports: Ports) -> FailureCount:
        """The same, and nobody else changes it until the commit."""
        return self.rules.standing(store.failures.for_update(self.key), ports.clock.now())


def own_barrier(attempt: Attempt, device: Device | None, ports: Ports) -> Barrier:
    """What the attempt is held back by before all: its account's count, but on a trusted device that device's alone.

    So whoever is elsewhere locks nobody out of a device that they have not got.
    """
    if device is None:
        return account_barrier(attempt, ports)
    return Barrier(ports.digests.keyed("throttle:device", device.id), ports.rules.throttle)


def account_barrier(attempt: Attempt, ports: Ports) -> Barrier:
    """The count of everybody who tries that user ID, known or not."""
    return Barrier(ports.digests.keyed("throttle", attempt.folded), ports.rules.throttle)


def barriers_around(whereabouts: Whereabouts | None, device: Device | None, ports: Ports) -> tuple[Barrier, ...]:
    """The counts of address and network, whatever account is tried, and by which proof; a trusted device is held back
    by neither.
    """
    if whereabouts is None or device is not None or not ports.rules.by_address:
        return ()
    around = (
        ("throttle:address", whereabouts.address, ports.rules.address),
        ("throttle:network", whereabouts.network, ports.rules.network),
    )
    return tuple(Barrier(ports.digests.keyed(place, value), rules) for place, value, rules in around if value)


def wait_for(barriers: Sequence[Barrier], store: Store, ports: Ports) -> int:
    """Seconds until none of them holds an attempt back."""
    return wait_by(barriers, store.failures.of([each.key for each in barriers]), ports)


def wait_by(barriers: Sequence[Barrier], counts: Mapping[str, FailureCount], ports: Ports) -> int:
    """The same by counts that were looked up already."""
    now = ports.clock.now()
    return max((each.rules.standing(counts[each.key], now).blocked_for(now) for each in barriers), default=0)


def refuse_around(barriers: tuple[Barrier, ...], store: Store, ports: Ports) -> None:
    """Raises `TooManyAttemptsError` where one of them holds an attempt back."""
    if wait := wait_for(barriers, store, ports):
        raise TooManyAttemptsError(wait)


def count_around(barriers: tuple[Barrier, ...], work: UnitOfWork[Store], ports: Ports) -> None:
    """Count one more failure of an address and its network, always in this order."""
    failures, now = work.writing().failures, ports.clock.now()
    for each in barriers:
        failures.put(each.key, each.rules.failed(failures.for_update(each.key), now))
