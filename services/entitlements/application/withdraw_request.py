"""Take one's own request back (REG-12)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.items import RequestItem, request_item
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.events import RequestWithdrawn


@dataclass(frozen=True, slots=True)
class WithdrawRequest(Command):
    """`user_id` takes their request back."""

    user_id: str
    request_id: str


def withdraw_request(command: WithdrawRequest, work: UnitOfWork[Store], ports: Ports) -> RequestItem:
    """Raises `NotFoundError` for anybody else's, `RequestAlreadyDecidedError` for one that has ended."""
    now, store = ports.clock.now(), work.writing()
    request = store.requests.lock(command.request_id)
    if request is None or request.user_id != command.user_id:
        raise NotFoundError
    withdrawn = request.withdrawn(now)
    store.requests.save(withdrawn)
    person = store.people.of([request.user_id])[request.user_id]
    practice = store.practices.of([request.place.tin]).get(request.place.tin)
    work.record(RequestWithdrawn(withdrawn, practice.name if practice else None, person.profile))
    return request_item(withdrawn, person, practice, for_owner=True)
