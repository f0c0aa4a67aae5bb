"""Keeps true what is remembered: passes words of changes on, and knows as of when none is missing (ENT-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import structlog

from chassis.bus.loop import Wakeup
from services.entitlements.adapters.remembered.freshness import moment, pause
from services.entitlements.adapters.remembered.line import Line
from services.entitlements.adapters.remembered.memory import NEVER, Memory

EVERYTHING: Final = "*"
OF_USER: Final = "u"
OF_TIN: Final = "t"
"""With what a word begins: anything may have changed, or this user, or this practice."""

_EVERY: Final = 0.010
_ASKED_LATELY: Final = 1.0
_LOOKS_AGAIN_AFTER: Final = 1.0

log = structlog.get_logger(__name__)


class Keeper:
    """Makes a round trip every ten milliseconds while checks are asked, one a second else; driven by a `Loop`."""

    def __init__(
        self, memory: Memory, connect: Callable[[], Line], *, now: Callable[[], float] = moment, every: float = _EVERY
    ) -> None:
        self._memory = memory
        self._connect = connect
        self._now = now
        self._every = every
        self._line: Line | None = None
        self._looked_at = NEVER
        self._asked_at = NEVER
        self._rests = False
        self.wakeup = Wakeup()

    def asked(self, at: float) -> None:
        """A check was asked at this moment."""
        self._asked_at = at
        if self._rests:
            self.wakeup()

    def step(self) -> bool:
        """Make a round trip; False where it can wait. Where the database is lost everything is forgotten, and it
        raises.
        """
        self._rests = False
        try:
            began = self._now()
            if self._line is None:
                self._begin_to_listen()
            elif self._make_round_trip(self._line, began):
                self._memory.prove(as_of=began)
        except Exception:
            self.close()
            raise
        return self._is_wanted(began)

    def close(self) -> None:
        """Trust nothing any more, and let the connection go."""
        self._memory.distrust()
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _begin_to_listen(self) -> None:
        """What was read before somebody listened is not kept."""
        self._line = self._connect()
        self._looked_at = NEVER
        self._memory.distrust()

    def _make_round_trip(self, line: Line, began: float) -> bool:
        """Whether all words of what was committed before it began have been passed on; once a second it is looked
        whether there are words at all.
        """
        if began - self._looked_at < _LOOKS_AGAIN_AFTER:
            line.round_trip()
        else:
            if not line.tells():
                log.warning("checks_not_remembered", reason="the database does not tell of changes: is it migrated?")
                self.close()
                return False
            self._looked_at = began
        self._pass_on(set(line.words()))
        return True

    def _pass_on(self, words: Iterable[str]) -> None:
        users, tins = [], []
        for word in words:
            if word.startswith(OF_USER):
                users.append(word[1:])
            elif word.startswith(OF_TIN):
                tins.append(word[1:])
            else:
                self._memory.forget_all()
        if users or tins:
            self._memory.forget(users, tins)

    def _is_wanted(self, began: float) -> bool:
        if self._line is None:
            return False
        if began - self._asked_at > _ASKED_LATELY:
            self._rests = True
            return False
        pause(began + self._every - self._now())
        return True
