"""Many people on their way at once, while things break around them."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

from tests.faults.clients import Manager, PatientClient
from tests.faults.journeys import Journey

PREFIX = "person"
"""How the user IDs of all people begin who come with a campaign."""


class Campaign:
    """So many people, a few at a time, and their manager; without a number they come until `enough`."""

    def __init__(
        self,
        manager: Manager,
        people: int | None,
        *,
        at_once: int = 4,
        name: str = "",
    ) -> None:
        self.ledger = manager.ledger
        self.failures: list[str] = []
        self._name = name
        self._manager = manager
        self._numbers: Iterator[int] = iter(range(people)) if people is not None else itertools.count()
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(at_once)]

    def start(self) -> None:
        """Sign the manager in, and let the first people come."""
        self._manager.headers()
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        """Whether anybody is still on their way."""
        return any(thread.is_alive() for thread in self._threads)

    def enough(self) -> None:
        """Let nobody new come; who is on their way goes on to the end."""
        self._enough.set()

    def join(self) -> None:
        """Wait until everybody has arrived, or has given up."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        client = PatientClient(self._manager.deployment, self.ledger)
        while (number := self._next()) is not None:
            user_id = f"{PREFIX}{self._name}{number:06d}"
            try:
                Journey(client, self._manager, self.ledger, user_id).go(number)
            except Exception as error:  # noqa: BLE001 (told at the end, with the person's name)
                self.failures.append(f"{user_id}: {error}")
        client.close()

    def _next(self) -> int | None:
        with self._lock:
            return None if self._enough.is_set() else next(self._numbers, None)
