"""What one process remembers of people and practices, and as of when it is known to be true (ENT-10)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from services.entitlements.adapters.remembered.freshness import moment
from services.entitlements.domain.access import Standing
from services.entitlements.domain.checking import Knowledge, Question
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Line

Places: TypeAlias = Mapping[str, Standing | None]
"""What stands open at each place of a user, by `place_key`; None where there was access before, and is none now."""

Remembered: TypeAlias = tuple[AccountState, Places]
"""All of a user that checks stand on."""

NEVER: Final = float("-inf")


def place_key(tin: str, line: str) -> str:
    """Names a place among those of a user: TINs are of one length."""
    return tin + line


@dataclass(eq=False, slots=True)
class Reading:
    """What is being read from the database, and of what of it word came that it has changed since that began."""

    users: Mapping[str, Remembered] = field(default_factory=dict)
    tins: Mapping[str, frozenset[Line]] = field(default_factory=dict)
    ended: float | None = None
    outdated: set[str] = field(default_factory=set)


class Memory:
    """Holds what was read, until word of a change comes; used by any thread.

    It is *true as of* a moment: whatever was committed before is either in it, or what it changed is not in it. What
    was read joins it only once it is true as of a later moment than the reading's end, so that all of it together is
    as the database was at that one moment.
    """

    def __init__(self, most: int, *, now: Callable[[], float] = moment) -> None:
        self._most = most
        self._now = now
        self._lock = threading.Lock()
        self._users: dict[str, Remembered] = {}
        self._tins: dict[str, frozenset[Line]] = {}
        self._readings: set[Reading] = set()
        self._places = 0
        self._true_as_of = NEVER
        self._beginnings = 0

    @property
    def true_as_of(self) -> float:
        """When all of it was true; `NEVER` while nobody listens for changes."""
        return self._true_as_of

    @property
    def beginnings(self) -> int:
        """How often everything was forgotten: what is to be remembered must be read anew from then on."""
        return self._beginnings

    @property
    def places(self) -> int:
        """How many places of users it holds."""
        return self._places

    @property
    def users(self) -> int:
        """How many users it holds."""
        return len(self._users)

    @property
    def has_room(self) -> bool:
        """Whether more is taken in."""
        return self._places + len(self._tins) < self._most

    def known(self, questions: Sequence[Question], since: float) -> list[Knowledge] | None:
        """What is known for all of the questions, if it is true as of `since` or later; None where any of it is not."""
        with self._lock:
            if self._true_as_of < since:
                return None
            return self._of_all(questions)

    def lacks_user(self, user_id: str) -> bool:
        """Whether nothing is held of this user."""
        return user_id not in self._users

    def lacks_tin(self, tin: str) -> bool:
        """Whether nothing is held of this practice."""
        return tin not in self._tins

    # What is taken in

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """To be entered before the database is asked, and left once it has answered."""
        reading = Reading()
        with self._lock:
            self._readings.add(reading)
        try:
            yield reading
        except BaseException:
            with self._lock:
                self._readings.discard(reading)
            raise
        reading.ended = self._now()

    # What changes

    def forget(self, users: Iterable[str], tins: Iterable[str]) -> None:
        """Word came that these have changed."""
        for user_id in users:
            with self._lock:
                self._drop(user_id)
                self._outdate(user_id)
        for tin in tins:
            with self._lock:
                self._tins.pop(tin, None)
                self._outdate(tin)

    def forget_all(self) -> None:
        """Word came that anything may have changed."""
        with self._lock:
            self._forget_all()

    def distrust(self) -> None:
        """Nobody listens any more: nothing is known to be true."""
        with self._lock:
            self._true_as_of = NEVER
            self._forget_all()

    def prove(self, as_of: float) -> None:
        """All words of what was committed before `as_of` have been passed on."""
        with self._lock:
            self._true_as_of = as_of
            for reading in [each for each in self._readings if each.ended is not None and each.ended <= as_of]:
                self._readings.remove(reading)
                self._take_in(reading)

    def _of_all(self, questions: Sequence[Question]) -> list[Knowledge] | None:
        found = []
        for question in questions:
            remembered = self._users.get(question.user_id)
            if remembered is None:
                return None
            account, places = remembered
            place = question.place
            if place is None:
                found.append(Knowledge(account, None, None, had_access=False))
                continue
            lines = self._tins.get(place.tin)
            if lines is None:
                return None
            key = place_key(place.tin, place.line)
            standing = places.get(key)
            found.append(Knowledge(account, lines, standing, standing is None and key in places))
        return found

    def _take_in(self, reading: Reading) -> None:
        for user_id, remembered in reading.users.items():
            if user_id not in reading.outdated and self.has_room:
                self._drop(user_id)
                self._users[user_id] = remembered
                self._places += len(remembered[1])
        for tin, lines in reading.tins.items():
            if tin not in reading.outdated and self.has_room:
                self._tins[tin] = lines

    def _drop(self, user_id: str) -> None:
        dropped = self._users.pop(user_id, None)
        if dropped is not None:
            self._places -= len(dropped[1])

    def _outdate(self, name: str) -> None:
        """User IDs and TINs may be alike: then both are read again, which is no harm."""
        for reading in self._readings:
            reading.outdated.add(name)

    def _forget_all(self) -> None:
        self._users, self._tins, self._places = {}, {}, 0
        self._beginnings += 1
        self._readings.clear()
