"""Refuse a request, for a reason that its owner is told (REG-12)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import RequestItem, request_item
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import find_request, standing_giver
from services.entitlements.domain.errors import NotYoursToDecideError, OwnRequestError
from services.entitlements.domain.events import RequestDeclined


@dataclass(frozen=True, slots=True)
class DeclineRequest(Command):
    """`decider` refuses the request because of `reason`."""

    decider: str
    request_id: str
    reason: str


def decline_request(command: DeclineRequest, work: UnitOfWork[Store], ports: Ports) -> RequestItem:
    """Only a primary administrator of the place declines (`delegation.md`, column requests), and never their own.

    Raises `NotFoundError`, `OwnRequestError`, `NotYoursToDecideError`, `RequestAlreadyDecidedError`.
    """
    now, store = ports.clock.now(), work.writing()
    place = find_request(command.request_id, command.decider, store, now).place
    store.lines.lock({place.tin})
    request = store.requests.lock(command.request_id)
    if request is None:
        raise NotFoundError
    if request.user_id == command.decider:
        raise OwnRequestError("Nobody decides their own request: withdraw it, if that is meant.")
    if not standing_giver(command.decider, store, now).powers_at(place).declines:
        raise NotYoursToDecideError("Only a primary administrator of the TIN and line declines requests.")
    declined = request.declined(command.decider, now, command.reason)
    store.requests.save(declined)
    person = store.people.of([request.user_id])[request.user_id]
    practice = store.practices.of([place.tin]).get(place.tin)
    work.record(RequestDeclined(declined, practice.name if practice else None, person.profile))
    return request_item(declined, person, practice)
