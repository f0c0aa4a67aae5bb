"""The errand that has access follow the lines of business, some of it each step; any number may run (REG-17)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.follow_lines import DIRECTORY, FollowLines, follow_lines
from services.entitlements.application.ports import Ports, Store

Begin = Callable[[Cause], AbstractContextManager[UnitOfWork[Store]]]
"""Begins a transaction that its block's end commits."""


class LineFollower:
    """Takes turns among the practices, so that one that another is at, or where it fails, holds up no other."""

    def __init__(self, begin: Begin, ports: Ports) -> None:
        self._begin = begin
        self._ports = ports
        self._latest: str | None = None

    def step(self) -> bool:
        """Do some of what has to follow at the next practice, in the name of what changed it; False where nothing could
        be done.
        """
        with self._begin(Cause(DIRECTORY, str(new_id()))) as work, work.reading() as store:
            found = store.relinings.next(self._latest)
        if found is None:
            return False
        self._latest = found.tin
        with self._begin(found.cause) as work:
            return follow_lines(FollowLines(found.tin), work, self._ports)
