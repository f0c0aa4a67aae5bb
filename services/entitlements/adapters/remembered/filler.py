"""Fills what is remembered: everybody from the start, and again whom checks ask about after a change (ENT-10)."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from typing import Final

import structlog

from chassis.bus.loop import Wakeup
from services.entitlements.adapters.remembered.freshness import moment, pause
from services.entitlements.adapters.remembered.memory import NEVER, Memory
from services.entitlements.adapters.remembered.whole import WholePeople, WholePractices

_PEOPLE_AT_ONCE: Final = 100
_PRACTICES_AT_ONCE: Final = 500
_MOST_WANTED: Final = 10_000
_NOT_BEGUN: Final = -1

log = structlog.get_logger(__name__)


class Filler:
    """Reads in small parts, with as much of a pause after each as it took; driven by a `Loop`.

    What is asked about goes ahead of those who have yet to come. Nothing is read while nobody listens for changes, and
    all anew once everything was forgotten.
    """

    def __init__(self, memory: Memory, people: WholePeople, practices: WholePractices) -> None:
        self._memory = memory
        self._people = people
        self._practices = practices
        self._lock = threading.Lock()
        self._wanted_users: set[str] = set()
        self._wanted_tins: set[str] = set()
        self._beginnings = _NOT_BEGUN
        self._parts: Iterator[None] = iter(())
        self.wakeup = Wakeup()

    def want(self, user_id: str, tin: str | None) -> None:
        """Somebody asks about these, who exist: what is lacking of them is read soon."""
        if not self._may_read:
            return
        if self._memory.lacks_user(user_id):
            self._add(self._wanted_users, user_id)
        if tin is not None and self._memory.lacks_tin(tin):
            self._add(self._wanted_tins, tin)

    def step(self) -> bool:
        """Read a part; False where there is nothing to read."""
        if not self._may_read:
            return False
        if self._beginnings != self._memory.beginnings:
            self._beginnings, self._parts = self._memory.beginnings, self._all()
        try:
            return self._read_wanted() or self._read_next()
        except Exception:
            self._beginnings = _NOT_BEGUN
            raise

    @property
    def _may_read(self) -> bool:
        return self._memory.true_as_of != NEVER and self._memory.has_room

    def _add(self, wanted: set[str], name: str) -> None:
        with self._lock:
            if len(wanted) < _MOST_WANTED:
                wanted.add(name)
        self.wakeup()

    def _read_wanted(self) -> bool:
        with self._lock:
            users, tins = list(self._wanted_users), list(self._wanted_tins)
            self._wanted_users.clear()
            self._wanted_tins.clear()
        if not users and not tins:
            return False
        with self._memory.reading() as reading:
            reading.users = self._people.of(users)
            reading.tins = self._practices.of(tins)
        return True

    def _read_next(self) -> bool:
        """False once everybody was read."""
        began = moment()
        for _ in self._parts:
            pause(moment() - began)
            return True
        return False

    def _all(self) -> Iterator[None]:
        began = moment()
        yield from self._all_practices()
        yield from self._all_people()
        gc.freeze()  # it stays for long, and looking it over for garbage would halt everybody for some 50 ms
        took = round(moment() - began, 1)
        log.info("checks_remembered", users=self._memory.users, places=self._memory.places, seconds=took)

    def _all_practices(self) -> Iterator[None]:
        after: str | None = ""
        while after is not None:
            with self._memory.reading() as reading:
                reading.tins = self._practices.after(after, _PRACTICES_AT_ONCE)
            after = max(reading.tins, default=None)
            yield

    def _all_people(self) -> Iterator[None]:
        after: str | None = ""
        while after is not None:
            user_ids: Sequence[str] = self._people.after(after, _PEOPLE_AT_ONCE)
            with self._memory.reading() as reading:
                reading.users = self._people.of(user_ids)
            after = user_ids[-1] if user_ids else None
            yield
