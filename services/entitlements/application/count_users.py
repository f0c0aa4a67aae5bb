"""How many users each view has (ENT-6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.listings import View
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.searching import narrowed, shown_by_lines
from services.entitlements.application.seeing import standing_giver
from services.entitlements.domain.places import Line


@dataclass(frozen=True, slots=True)
class CountUsers(Command):
    """`viewer` counts users at the places that they administer, at `tin` alone where it is named.

    Where `lines` are named, only at TINs that have one of them (ENT-15).
    """

    viewer: str
    tin: str | None = None
    lines: frozenset[Line] = frozenset()


def count_users(command: CountUsers, work: UnitOfWork[Store], ports: Ports) -> Mapping[View, int]:
    """The number of each view."""
    now = ports.clock.now()
    with work.reading() as store:
        administered = narrowed(standing_giver(command.viewer, store, now).administered, command.tin)
        practices = store.practices.of({place.tin for place in administered})
        places = shown_by_lines(administered, command.lines, practices)
        return store.listings.count_users(places, now)
