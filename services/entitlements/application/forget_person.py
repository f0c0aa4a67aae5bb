"""Forget a person whose account was removed: before it was ever confirmed, or after years (REG-9, IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.carrying_out import Affair, carry_out
from services.entitlements.application.manager_news import tell_of_managers
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import RequestWithdrawn
from services.entitlements.domain.judgement import Effect
from services.entitlements.domain.people import NOBODY, AccountState, Person

BY: Final = "system:identity"


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """This registration's account is gone."""

    user_id: str
    registration_id: str | None


def forget_person(command: ForgetPerson, work: UnitOfWork[Store], ports: Ports) -> None:
    """Their access ends, told without a name; so do their requests, of which nobody hears who never heard of them. That
    the account is gone stays known, should its registration be heard of later.
    """
    now, store = ports.clock.now(), work.writing()
    store.people.lock(command.user_id)
    gone = Person(command.user_id, NOBODY, AccountState.REMOVED, command.registration_id)
    store.people.put(gone)
    _end_requests(command.user_id, work, now)
    _end_access(gone, work, now)


def _end_requests(user_id: str, work: UnitOfWork[Store], now: datetime) -> None:
    store = work.writing()
    requests = store.requests.open_of(user_id)
    practices = store.practices.of({request.place.tin for request in requests})
    for request in requests:
        if not request.is_waiting:
            store.requests.save(request.expired(now))
            continue
        withdrawn, practice = request.withdrawn(now), practices.get(request.place.tin)
        store.requests.save(withdrawn)
        work.record(RequestWithdrawn(withdrawn, practice.name if practice else None, NOBODY))


def _end_access(gone: Person, work: UnitOfWork[Store], now: datetime) -> None:
    """Even that of a last manager: nobody is left who could use it."""
    store = work.writing()
    standing = store.accesses.standing_of([gone.user_id])
    if not standing:
        return
    tins = {access.place.tin for access in standing}
    store.lines.lock(tins)
    affair = Affair(gone, BY, now, store.practices.of(tins))
    effects = [Effect(gone.user_id, access.place, access.grant, None) for access in standing]
    moves = carry_out(affair, effects, standing, {}, work)
    tell_of_managers(work, moves, BY, now)
