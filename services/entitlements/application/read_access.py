"""What a user may do, as they see it themselves and as a manager sees it (ENT-6, ENT-9)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import AccessItem, access_items, version_of
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import look_at


@dataclass(frozen=True, slots=True)
class ReadAccess(Command):
    """`viewer` looks at the access of `user_id`; people see all of their own."""

    viewer: str
    user_id: str


@dataclass(frozen=True, slots=True)
class AccessRead:
    """The items, and the version that a change of them has to name."""

    items: tuple[AccessItem, ...]
    version: str


def read_access(command: ReadAccess, work: UnitOfWork[Store], ports: Ports) -> AccessRead:
    """Raises `NotFoundError` for a user whom the viewer may not see."""
    now = ports.clock.now()
    with work.reading() as store:
        sight = look_at(command.user_id, command.viewer, store, now)
        practices = store.practices.of({access.place.tin for access in sight.visible})
    return AccessRead(access_items(sight.visible, practices, now), version_of(sight.visible, now))
