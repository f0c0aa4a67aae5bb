"""Who had access to a TIN at a moment, past or present (ENT-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.searching import narrowed
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.access import Access
from services.entitlements.domain.people import Person


@dataclass(frozen=True, slots=True)
class ReadAccessAt(Command):
    """`viewer` asks who had access to `tin` at `moment`, in the lines that they administer now; None is now."""

    viewer: str
    tin: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastAccess:
    """One interval that stood at the moment, with its holder; `person` is None for one no longer known."""

    access: Access
    person: Person | None


def read_access_at(command: ReadAccessAt, work: UnitOfWork[Store], ports: Ports) -> Sequence[PastAccess]:
    """Sorted by line and user; raises `NotFoundError` for a TIN that the viewer does not administer."""
    now = ports.clock.now()
    with work.reading() as store:
        places = narrowed(standing_giver(command.viewer, store, now).administered, command.tin)
        if not places:
            raise NotFoundError
        accesses = store.listings.access_at(places, min(command.moment or now, now))
        people: Mapping[str, Person] = store.people.of({access.user_id for access in accesses})
    return [PastAccess(access, people.get(access.user_id)) for access in accesses]
