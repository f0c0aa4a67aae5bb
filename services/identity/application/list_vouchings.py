"""Vouchings as support sees them, and managers their own (IDN-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.vouching_repositories import Wanted
from services.identity.domain.user_ids import findable
from services.identity.domain.vouchings import OPEN, Vouching, VouchingState

STATES = {
    "open": frozenset(OPEN),
    "ended": frozenset(VouchingState) - OPEN,
    "all": frozenset(VouchingState),
    **{each.value: frozenset({each}) for each in VouchingState},
}
"""What can be asked for, by a word."""


@dataclass(frozen=True, slots=True)
class ListVouchings(Command):
    """Those in that state, of `vouched_by` where that is set, about `user_id` (as typed) or anybody; at most `limit`,
    from behind the one that was made then with that identifier.
    """

    state: str
    limit: int
    vouched_by: str | None = None
    user_id: str | None = None
    after: tuple[datetime, str] | None = None


def list_vouchings(command: ListVouchings, work: UnitOfWork[Store], ports: Ports) -> Sequence[Vouching]:  # noqa: ARG001 (one signature)
    """The newest first."""
    whose = findable(fold(command.user_id)) if command.user_id is not None else None
    wanted = Wanted(STATES[command.state], command.vouched_by, whose)
    with work.reading() as store:
        return store.vouchings.list(wanted, command.after, command.limit)
