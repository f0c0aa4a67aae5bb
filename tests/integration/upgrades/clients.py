"""Applicants who register all the while, as a browser behind a gateway would: at whichever process is ready."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from chassis.testing.waiting import eventually
from tests.contract.registration.world import PATH, form

_RETRIED = {502, 503, 504}
_PATIENCE = 300.0


@dataclass
class Applicants:
    """`servers` says, by name, where a gateway would send calls now; each call goes to the next of them.

    `made` has the registrations by what was acknowledged, `by_server` how many each server acknowledged, `failed` what
    no repeat helped with.
    """

    servers: Callable[[], Sequence[tuple[str, str]]]
    made: list[str] = field(default_factory=list)
    by_server: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    failed: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _turns: itertools.count[int] = field(default_factory=itertools.count)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, count: int) -> None:
        """So many register at once, one after another."""
        self._threads = [threading.Thread(target=self._register_on) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Whoever is at it comes to an end."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, server: str, more: int) -> None:
        """Until this server has acknowledged so many more."""
        goal = self.by_server[server] + more
        eventually(lambda: self.by_server[server] >= goal or self.failed, within=300, every=0.1)

    def _register_on(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self._over.is_set():
                self._register(client, f"applicant{next(self._numbers)}")

    def _register(self, client: httpx.Client, user_id: str) -> None:
        answers: list[str] = []

        def acknowledged() -> bool:
            server, url = self._next()
            try:
                answer = client.post(
                    f"{url}{PATH}/registrations", json=_form(user_id), headers={"Idempotency-Key": user_id}
                )
            except httpx.TransportError as error:
                answers.append(f"{server}: {error!r}")
                return False
            if answer.status_code == httpx.codes.CREATED:
                self.made.append(answer.json()["id"])
                self.by_server[server] += 1
                return True
            answers.append(f"{server}: {answer.status_code} {answer.text}")
            if answer.status_code not in _RETRIED:
                raise AssertionError(answers[-1])
            return False

        try:
            eventually(acknowledged, within=_PATIENCE, every=0.2)
        except AssertionError:
            self.failed.append(f"{user_id}: {answers}")
            self._over.set()
        self.repeats += len(answers)

    def _next(self) -> tuple[str, str]:
        servers = self.servers()
        return servers[next(self._turns) % len(servers)]


def _form(user_id: str) -> dict[str, Any]:
    return form(user_id, tins=[{"tin": "112233445"}])
