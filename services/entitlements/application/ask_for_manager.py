"""A user of a TIN wishes that support look for an access manager (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import ManagerAskedFor
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class AskForManager(Command):
    """`user_id` asks for the place."""

    user_id: str
    place: Place


def ask_for_manager(command: AskForManager, work: UnitOfWork[Store], ports: Ports) -> None:
    """Raises `NotFoundError` to whoever has neither access nor a waiting request there."""
    now, store = ports.clock.now(), work.writing()
    standing = store.accesses.standing_of([command.user_id])
    has = any(access.place == command.place and not access.has_lapsed(now) for access in standing)
    waits = any(each.place == command.place and each.is_waiting for each in store.requests.open_of(command.user_id))
    if not has and not waits:
        raise NotFoundError
    practice = store.practices.of([command.place.tin]).get(command.place.tin)
    work.record(ManagerAskedFor(command.place, practice.name if practice else None, command.user_id, now))
