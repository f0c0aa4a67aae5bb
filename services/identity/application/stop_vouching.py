"""Whoever is reached at an old contact stops the way to a new one (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass, field

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.vouching_desk import vouching_locked
from services.identity.domain.vouching_events import VouchingStopped
from services.identity.domain.vouchings import OPEN, VouchingState


@dataclass(frozen=True, slots=True)
class StopVouching(Command):
    """The token of the message."""

    token: str = field(repr=False)


def stop_vouching(command: StopVouching, work: UnitOfWork[Store], ports: Ports) -> None:
    """Until the new address works it comes to nothing by this; raises `NotFoundError` for any other token, and once it
    has ended.
    """
    store = work.writing()
    stop = store.vouchings.stop_of(ports.digests.of_token(command.token.strip()))
    if stop is None:
        raise NotFoundError
    vouching, account = vouching_locked(stop.vouching_id, store)
    if vouching.state not in OPEN:
        raise NotFoundError
    stopped = vouching.ended(VouchingState.STOPPED, ports.clock.now())
    store.vouchings.save(stopped)
    work.acting_as(account.actor)
    work.record(VouchingStopped(stopped, stop.contact_id))
