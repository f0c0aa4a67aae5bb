"""Wrong second steps that no message limits: they slow the account's next ones down, then lock them (IDN-9)."""

from __future__ import annotations

from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_device
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.challenges import Challenge
from services.identity.domain.devices import Device, RevokeReason
from services.identity.domain.errors import CodeWrongError, TooManyAttemptsError
from services.identity.domain.events import AccountLocked
from services.identity.domain.throttle import NO_FAILURES


class Tries:
    """The tries of one account, whose row is locked, over all its challenges and sessions; but on a trusted device that
    device's alone, so that whoever is elsewhere locks nobody out of it.

    While they are locked no second step is looked at, whatever it is made by: no other way leads around the lock.
    """

    def __init__(
        self, account: Account, work: UnitOfWork[Store], ports: Ports, challenge: Challenge | None = None
    ) -> None:
        self._user_id = account.user_id
        self._work = work
        self._rules = ports.rules.throttle
        self._now = ports.clock.now()
        self._device = device_behind(challenge, work.writing())
        self._key = _key(account.user_id, self._device, ports)
        count = work.writing().failures.for_update(self._key)
        self._count = self._rules.standing(count, self._now)

    @staticmethod
    def blocked(challenge: Challenge, store: Store, ports: Ports) -> int:
        """Seconds until the next one is looked at, as it is committed."""
        key = _key(challenge.user_id, device_behind(challenge, store), ports)
        count, now = store.failures.get(key), ports.clock.now()
        return ports.rules.throttle.standing(count, now).blocked_for(now)

    def open(self) -> None:
        """Raise `TooManyAttemptsError` while none is looked at."""
        if wait := self._count.blocked_for(self._now):
            raise TooManyAttemptsError(wait)

    def succeeded(self) -> None:
        """Forget the failures."""
        self._work.writing().failures.put(self._key, NO_FAILURES)

    def failed(self, detail: str, at: str = "/code") -> CodeWrongError:
        """Count one more, tell the owner where it locks, and give the refusal, which points `at` what was wrong; a
        device is then trusted no more.
        """
        after = self._rules.failed(self._count, self._now)
        self._work.writing().failures.put(self._key, after)
        if self._rules.locks(after) and self._device is not None:
            end_device(self._device, RevokeReason.FAILURES, self._work)
        elif self._rules.locks(after) and after.blocked_until is not None:
            self._work.record(AccountLocked(self._user_id, after.blocked_until, after.failures))
        return CodeWrongError(after.failures, detail, at)


def device_behind(challenge: Challenge | None, store: Store) -> Device | None:
    """The trusted device that a challenge was begun on, if it was."""
    if challenge is None or challenge.device_id is None:
        return None
    return store.devices.get(challenge.user_id, challenge.device_id)


def _key(user_id: str, device: Device | None, ports: Ports) -> str:
    if device is not None:
        return ports.digests.keyed("throttle:second_step:device", device.id)
    return ports.digests.keyed("throttle:second_step", user_id)
