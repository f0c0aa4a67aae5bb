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
    wait_for,
)
from services.identity.application.device_desk import end_device
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.devices import Device, RevokeReason
from services.identity.domain.errors import SignInFailedError, TooManyAttemptsError
from services.identity.domain.events import AccountLocked, SignInFailed
from services.identity.domain.passwords import normalise
from services.identity.domain.throttle import NO_FAILURES, FailureCount
from services.identity.domain.user_ids import findable


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


def pass_gate(attempt: Attempt, work: UnitOfWork[Store], ports: Ports) -> Admitted:
    """Say whose password this is; a success forgets the failures of whoever succeeded, on a trusted device its own.

    Raises `SignInFailedError`, or `TooManyAttemptsError` for attempts that come too soon after failures: those are
    not looked at, but count. Attempts that run side by side are settled one after the other, so that no more of
    them are answered by what they found than if they had come in turn.
    """
    with work.reading() as store:
        now = ports.clock.now()
        device = attempt.device(store, ports)
        barriers = (own_barrier(attempt, device, ports), *barriers_around(attempt.whereabouts, device, ports))
        blocked = wait_for(barriers, store, ports)
        account = store.accounts.get(findable(attempt.folded))
    proof = _Proof() if blocked else _look_at(account, attempt.password, now, ports)
    return _settle(attempt, proof, work, ports)


def _look_at(account: Account | None, password: str, now: datetime, ports: Ports) -> _Proof:
    normal = normalise(password)
    if account is None or not account.exists_at(now):
        ports.hasher.verify_nobodys(normal)
        return _Proof()
    if not ports.hasher.verify(account.password_hash, normal):
        return _Proof()
    outdated = ports.hasher.needs_rehash(account.password_hash)
    return _Proof(account.password_hash, ports.hasher.hash(normal) if outdated else None)


def _settle(attempt: Attempt, proof: _Proof, work: UnitOfWork[Store], ports: Ports) -> Admitted:
    store, now = work.writing(), ports.clock.now()
    device = attempt.device(store, ports)
    own, around = own_barrier(attempt, device, ports), barriers_around(attempt.whereabouts, device, ports)
    count = own.locked(store, ports)
    account = store.accounts.for_update(findable(attempt.folded))
    if account is not None and not account.exists_at(now):
        account = None
    wait = count.blocked_for(now)
    if not wait:
        refuse_around(around, store, ports)
    if account is not None and not wait and proof.hash == account.password_hash and account.password_counts_at(now):
        failures = count.failures if device is None else _others(attempt, count, store, ports)
        store.failures.put(own.key, NO_FAILURES)
        return Admitted(_upgraded(account, proof, store), failures, device)
    failed = own.rules.failed(count, now)
    store.failures.put(own.key, failed)
    if account is not None and failed.failures > count.failures:  # attempts during a lock change nothing
        fact = SignInFailed(account.user_id, "too_soon" if wait else "password", failed.failures)
        _tell(fact, failed, device, work, ports)
    if wait:
        raise TooManyAttemptsError(failed.blocked_for(now))
    count_around(around, work, ports)
    raise SignInFailedError


def _others(attempt: Attempt, own: FailureCount, store: Store, ports: Ports) -> int:
    """On a trusted device the failures elsewhere are the account's, too: they say that somebody is after it."""
    return own.failures + account_barrier(attempt, ports).standing(store, ports).failures


def _upgraded(account: Account, proof: _Proof, store: Store) -> Account:
    if proof.upgraded is None:
        return account
    account = replace(account, password_hash=proof.upgraded)
    store.accounts.save(account)
    return account


def _tell(
    failed: SignInFailed, after: FailureCount, device: Device | None, work: UnitOfWork[Store], ports: Ports
) -> None:
    """What the owner and the history should hear of. A device on which too much failed is trusted no more."""
    work.record(failed)
    if not ports.rules.throttle.locks(after):
        return
    if device is not None:
        end_device(device, RevokeReason.FAILURES, work)
    elif after.blocked_until is not None:
        work.record(AccountLocked(failed.user_id, after.blocked_until, after.failures))
