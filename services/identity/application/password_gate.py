"""The one way past a password: throttled, and blind to whether the account exists (IDN-1, IDN-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import (
    Attempt,
    account_barrier,
    barriers_around,
    count_around,
    own_barrier,
    refuse_around,
    wait_by,
    wait_for,
)
from services.identity.application.device_desk import end_device
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, KeptPassword
from services.identity.domain.devices import Device, RevokeReason
from services.identity.domain.errors import SignInFailedError, TooManyAttemptsError
from services.identity.domain.events import AccountLocked, SignInFailed
from services.identity.domain.passwords import normalise
from services.identity.domain.throttle import NO_FAILURES, FailureCount


@dataclass(frozen=True, slots=True)
class Admitted:
    """The account, locked, whose password it was; after how many failures, and on which of its trusted devices."""

    account: Account
    failures: int
    device: Device | None


@dataclass(frozen=True, slots=True)
class _Proof:
    """What came of looking at a password: whose hash it fits, and a new hash where the old one was too cheap."""

    hash: str | None = None
    upgraded: str | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an attempt was judged by before its password was looked at: on which trusted device, and how many seconds
    it has to wait.
    """

    password: KeptPassword | None
    device: Device | None
    wait: int


@dataclass(frozen=True, slots=True)
class _On:
    """The trusted device that the attempt is counted by, and what it is under the lock."""

    seen: Device | None
    device: Device | None

    @property
    def was_given_up(self) -> bool:
        """Whether it is trusted no more, so that the attempt is one from anywhere."""
        return self.seen is not None and self.device is None


def pass_gate(attempt: Attempt, work: UnitOfWork[Store], ports: Ports) -> Admitted:
    """Say whose password this is; a success forgets the failures of whoever succeeded, on a trusted device its own.

    Raises `SignInFailedError`, or `TooManyAttemptsError` for attempts that come too soon after failures: those are
    not looked at, but count. Attempts that run side by side are settled one after the other, so that no more of
    them are answered by what they found than if they had come in turn.
    """
    seen, now = _seen(attempt, work, ports), ports.clock.now()
    proof = _Proof() if seen.wait else _look_at(seen.password, attempt.password, now, ports)
    return _settle(attempt, seen.device, proof, work, ports)


def _seen(attempt: Attempt, work: UnitOfWork[Store], ports: Ports) -> _Seen:
    """All of it in one look, the same for everybody; a trusted device has its count looked up besides."""
    of_account, around = account_barrier(attempt, ports), barriers_around(attempt.whereabouts, None, ports)
    barriers = (of_account, *around)
    with work.reading() as store:
        digest = ports.digests.of_token(attempt.device_token or "")
        standing = store.standings.of(attempt.account, digest, [each.key for each in barriers])
        device = attempt.device_of(standing.device, ports)
        if device is None:
            return _Seen(standing.password, None, wait_by(barriers, standing.counts, ports))
        return _Seen(standing.password, device, wait_for([own_barrier(attempt, device, ports)], store, ports))


def _look_at(password: KeptPassword | None, typed: str, now: datetime, ports: Ports) -> _Proof:
    normal = normalise(typed)
    if password is None or not password.exists_at(now):
        ports.hasher.verify_nobodys(normal)
        return _Proof()
    if not ports.hasher.verify(password.hash, normal):
        return _Proof()
    outdated = ports.hasher.needs_rehash(password.hash)
    return _Proof(password.hash, ports.hasher.hash(normal) if outdated else None)


def _settle(attempt: Attempt, seen: Device | None, proof: _Proof, work: UnitOfWork[Store], ports: Ports) -> Admitted:
    """Judge anew, under the locks of the count and then of the account."""
    store, now = work.writing(), ports.clock.now()
    own = own_barrier(attempt, seen, ports)
    count = own.locked(store, ports)
    account = store.accounts.for_update(attempt.account)
    if account is not None and not account.exists_at(now):
        account = None
    on = _On(seen, _still_trusted(attempt, seen, store, ports))
    around = barriers_around(attempt.whereabouts, on.device, ports)
    wait = count.blocked_for(now)
    if not wait:
        refuse_around((account_barrier(attempt, ports), *around) if on.was_given_up else around, store, ports)
    if account is not None and not wait and proof.hash == account.password_hash and account.password_counts_at(now):
        failures = count.failures if seen is None else _others(attempt, count, store, ports)
        if count != NO_FAILURES:
            store.failures.put(own.key, NO_FAILURES)
        return Admitted(_upgraded(account, proof, store), failures, on.device)
    failed = own.rules.failed(count, now)
    store.failures.put(own.key, failed)
    if account is not None and failed.failures > count.failures:  # attempts during a lock change nothing
        work.record(SignInFailed(account.user_id, "too_soon" if wait else "password", failed.failures))
        if ports.rules.throttle.locks(failed):
            _tell_of_lock(account.user_id, failed, on, work)
    if wait:
        raise TooManyAttemptsError(failed.blocked_for(now))
    count_around(around, work, ports)
    raise SignInFailedError


def _still_trusted(attempt: Attempt, seen: Device | None, store: Store, ports: Ports) -> Device | None:
    """The device as it is under the lock of its account: it may have been given up while the password was looked at."""
    if seen is None:
        return None
    return attempt.device_of(store.devices.presented(seen.digest), ports)


def _others(attempt: Attempt, own: FailureCount, store: Store, ports: Ports) -> int:
    """On a trusted device the failures elsewhere are the account's, too: they say that somebody is after it."""
    return own.failures + account_barrier(attempt, ports).standing(store, ports).failures


def _upgraded(account: Account, proof: _Proof, store: Store) -> Account:
    if proof.upgraded is None:
        return account
    account = replace(account, password_hash=proof.upgraded)
    store.accounts.save(account)
    return account


def _tell_of_lock(user_id: str, after: FailureCount, on: _On, work: UnitOfWork[Store]) -> None:
    """What the owner should hear of. A device on which too much failed is trusted no more."""
    if on.device is not None:
        end_device(on.device, RevokeReason.FAILURES, work)
    elif on.seen is None and after.blocked_until is not None:
        work.record(AccountLocked(user_id, after.blocked_until, after.failures))
