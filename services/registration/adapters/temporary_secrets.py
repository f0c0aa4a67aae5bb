"""Temporary IDs and passwords: random, and kept as cheap Argon2id hashes (REG-15; ADR 0027)."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from chassis.security.hashing import Argon2Hasher, Argon2Parameters, HashingSlots
from chassis.security.random import SystemRandomness
from services.registration.application.ports import TemporaryPassword
from services.registration.domain.invitations import ID_LENGTH, PASSWORD_LENGTH

CHEAP = Argon2Parameters(passes=1, memory_kib=7 * 1024, lanes=1)
"""A password of ten random letters has 58 bits, and holds for 30 days: it needs no more."""

_WORTH_THREADS = 8
_LAST = 19


class Argon2TemporarySecrets:
    """`TemporarySecrets` by Argon2id; `at_once` hashes run side by side, each outside of Python's lock."""

    def __init__(self, slots: HashingSlots, at_once: int) -> None:
        self._hasher = Argon2Hasher(CHEAP, slots)
        self._randomness = SystemRandomness()
        self._at_once = at_once

    def identifier(self) -> str:
        """A temporary ID."""
        return self._randomness.word(ID_LENGTH)

    def passwords(self, count: int) -> Sequence[TemporaryPassword]:
        """So many temporary passwords; many of them by as many threads as there are slots."""
        if count < _WORTH_THREADS:
            return [self._password(None) for _ in range(count)]
        with ThreadPoolExecutor(self._at_once, initializer=_go_last) as threads:
            return list(threads.map(self._password, [None] * count))

    def matches(self, hashed: str | None, plain: str) -> bool:
        """Whether this is the password that was hashed."""
        if hashed is None:
            return self._hasher.verify_nobodys(plain)
        return self._hasher.verify(hashed, plain)

    def _password(self, _: None) -> TemporaryPassword:
        plain = self._randomness.word(PASSWORD_LENGTH)
        return TemporaryPassword(plain, self._hasher.hash(plain))


def _go_last() -> None:
    """Let this thread hash in what time of the processors nobody else wants: somebody may be signing in (REG-16).

    That a niceness is each thread's own is Linux' way; elsewhere it would be the whole process's, and is left alone.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LAST)
