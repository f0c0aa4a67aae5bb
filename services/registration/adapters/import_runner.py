"""The errand that carries imports out, a piece each step; any number may run, in any number of processes (REG-16)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.application.run_import import RunImport, run_import

ACTOR: Final = "system:imports"

Begin = Callable[[Cause], AbstractContextManager[UnitOfWork[Store]]]
"""Begins a transaction that its block's end commits."""


class ImportRunner:
    """Takes turns among the imports that run, so that one which cannot go on holds up no other."""

    def __init__(self, begin: Begin, ports: Ports) -> None:
        self._begin = begin
        self._ports = ports
        self._latest: UUID | None = None

    def step(self) -> bool:
        """Do a piece of the next import, in the name of whoever uploaded it; False where none runs."""
        with self._begin(Cause(ACTOR, str(new_id()))) as work, work.reading() as store:
            found = store.imports.next_running(self._latest)
        if found is None:
            return False
        self._latest = found.id
        origin = found.origin
        with self._begin(Cause(origin.actor, origin.correlation_id, site=origin.site, address=origin.address)) as work:
            run_import(RunImport(found), work, self._ports)
        return True
