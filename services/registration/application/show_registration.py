"""Show applicants what they submitted, and where each request stands now (REG-10)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.registrations import OPEN_TODAY, AccessRequest, Registration
from services.registration.domain.review import Managers


@dataclass(frozen=True, slots=True)
class ShowRegistration(Command):
    """`user_id` is who asks."""

    registration_id: UUID
    user_id: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request, and how many managers could decide it now; their names are told once the e-mail is confirmed."""

    request: AccessRequest
    manager_count: int


@dataclass(frozen=True, slots=True)
class ShownRegistration:
    """A registration as its applicant sees it."""

    registration: Registration
    requests: tuple[ShownRequest, ...]
    open_today: tuple[str, ...] = OPEN_TODAY


def show_registration(command: ShowRegistration, work: UnitOfWork[Store], _: Ports) -> ShownRegistration:
    """The caller's own registration; raises `NotFoundError` for every other."""
    with work.reading() as store:
        registration = store.registrations.get(command.registration_id)
        if registration is None or registration.user_id != command.user_id:
            raise NotFoundError
        managers = store.managers.of({request.tin for request in registration.requests})
    return shown(registration, managers)


def shown(registration: Registration, managers: Managers) -> ShownRegistration:
    """The registration with the number of managers beside each request."""
    requests = tuple(
        ShownRequest(request, len(managers.get((request.tin, request.line), ()))) for request in registration.requests
    )
    return ShownRegistration(registration, requests)
