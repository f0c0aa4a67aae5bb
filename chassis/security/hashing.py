"""Passwords and answers by Argon2id, in bounded slots, so that a rush of sign-ins cannot starve the rest (IDN-16)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from chassis.kernel.errors import UnavailableError

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """How dear a guess is: passes, memory in KiB, lanes. The defaults are OWASP's for Argon2id."""

    passes: int = 2
    memory_kib: int = 19 * 1024
    lanes: int = 1


class SlotsMeter(Protocol):
    """Is told how busy the slots are."""

    def offered(self, count: int) -> None:
        """So many hashes run at once at most."""

    def waits(self, change: int) -> None:
        """One more (1) or one fewer (-1) waits."""

    def runs(self, change: int) -> None:
        """One more (1) or one fewer (-1) runs."""

    def refused(self) -> None:
        """One was refused."""


class HashingSlots:
    """At most `at_once` hashes run, at most `queue` wait, and nobody longer than `wait` seconds (OPS-8).

    They run in threads of their own, as many as there are slots: whichever thread asks, a hash gets the memory of the
    one before, which is still mapped and mostly in the processor's caches (ADR 0041).
    """

    def __init__(self, at_once: int, queue: int, wait: float, meter: SlotsMeter | None = None) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + queue)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="hashing")
        self._wait = wait
        self._lock = threading.Lock()
        self._waiting = 0
        self._meter = meter or _Untold()
        self._meter.offered(at_once)

    @property
    def waiting(self) -> int:
        """How many wait at this moment; for the metrics."""
        return self._waiting

    def run(self, work: Callable[[], Outcome]) -> Outcome:
        """What this comes to in a slot; raises as `taken` does, and what the work raises."""
        with self.taken():
            return self._threads.submit(work).result()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a slot; raises `UnavailableError` where the queue is full or the wait too long."""
        if not self._places.acquire(blocking=False):
            raise self._refusal()
        try:
            self._take()
            self._meter.runs(1)
            try:
                yield
            finally:
                self._meter.runs(-1)
                self._free.release()
        finally:
            self._places.release()

    def _take(self) -> None:
        if self._free.acquire(blocking=False):
            return
        self._waits(1)
        try:
            if not self._free.acquire(timeout=self._wait):
                raise self._refusal()
        finally:
            self._waits(-1)

    def _waits(self, change: int) -> None:
        with self._lock:
            self._waiting += change
        self._meter.waits(change)

    def _refusal(self) -> UnavailableError:
        self._meter.refused()
        return _busy(self._wait)


class _Untold:
    def offered(self, count: int) -> None:
        pass

    def waits(self, change: int) -> None:
        pass

    def runs(self, change: int) -> None:
        pass

    def refused(self) -> None:
        pass


class Argon2Hasher:
    """Hashes and verifies; call it outside of the writing transaction only."""

    def __init__(self, parameters: Argon2Parameters, slots: HashingSlots) -> None:
        self._slots = slots
        self._hasher = PasswordHasher(
            time_cost=parameters.passes,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
            type=Type.ID,
        )
        self._nobodys = self._hasher.hash("nobody's")

    def hash(self, secret: str) -> str:
        """A salted hash in PHC form, with its parameters in it."""
        return self._slots.run(lambda: self._hasher.hash(secret))

    def verify(self, hashed: str, secret: str) -> bool:
        """Whether `secret` is what was hashed; raises `ValueError` for a hash that is none."""
        try:
            return self._slots.run(lambda: self._hasher.verify(hashed, secret))
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            raise ValueError("not an Argon2 hash") from error

    def verify_nobodys(self, secret: str) -> bool:
        """Takes as long as `verify` and is always false: for accounts that do not exist (IDN-1)."""
        self.verify(self._nobodys, secret)
        return False

    def needs_rehash(self, hashed: str) -> bool:
        """Whether it was made with other parameters than today's (IDN-16: upgraded at the next sign-in)."""
        return self._hasher.check_needs_rehash(hashed)


def _busy(wait: float) -> UnavailableError:
    return UnavailableError(
        "Too many people are signing in at this moment; try again.", retry_after=max(1, round(wait))
    )
