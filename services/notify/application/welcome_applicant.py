"""Tell a new user what is open, what can be added and who can add it, once everything for that is there (REG-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell
from services.notify.domain.gathering import Gathering, OpenedRequest
from services.notify.domain.occasions import Occasion


@dataclass(frozen=True, slots=True)
class ExpectRequests(Command):
    """A registration was submitted, with these requests."""

    registration_id: str
    request_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConfirmRegistration(Command):
    """The applicant's e-mail address was confirmed."""

    registration_id: str
    user_id: str
    occasion: Occasion


def expect_requests(command: ExpectRequests, work: UnitOfWork[Store], ports: Ports) -> None:
    """Remember which requests the applicant's mail waits for."""
    gathering = work.writing().gatherings.for_update(command.registration_id)
    _go_on(gathering.with_submitted(command.request_ids), work, ports)


def confirm_registration(command: ConfirmRegistration, work: UnitOfWork[Store], ports: Ports) -> None:
    """Owe the applicant a mail: at once if everything is there, else within `House.gather_for`."""
    store = work.writing()
    gathering = store.gatherings.for_update(command.registration_id)
    tell_by = store.now() + ports.house.gather_for
    _go_on(gathering.with_confirmed(command.user_id, command.occasion, tell_by), work, ports)


def note_opened(registration_id: str, request: OpenedRequest, work: UnitOfWork[Store], ports: Ports) -> None:
    """Remember one of the registration's requests, now that it waits for its managers."""
    gathering = work.writing().gatherings.for_update(registration_id)
    _go_on(gathering.with_opened(request), work, ports)


def tell_overdue(work: UnitOfWork[Store], ports: Ports) -> bool:
    """Tell one applicant with what is there, where the rest has not come in time; False where nobody waits."""
    with work.reading() as store:
        if not store.gatherings.anything_overdue(store.now()):
            return False
    store = work.writing()
    gathering = store.gatherings.take_overdue(store.now())
    if gathering is not None:
        _tell(gathering, work, ports)
    return gathering is not None


def _go_on(gathering: Gathering, work: UnitOfWork[Store], ports: Ports) -> None:
    if gathering.told:
        return
    if gathering.is_ripe:
        _tell(gathering, work, ports)
    else:
        work.writing().gatherings.save(gathering)


def _tell(gathering: Gathering, work: UnitOfWork[Store], ports: Ports) -> None:
    store = work.writing()
    if gathering.user_id and gathering.confirmed:
        facts = {"practices": [_practice(gathering.opened[each], store) for each in sorted(gathering.opened)]}
        tell(News("registration_received", facts, gathering.confirmed), [gathering.user_id], work, ports)
    store.gatherings.save(gathering.closed())


def _practice(request: OpenedRequest, store: Store) -> dict[str, Any]:
    known = (store.recipients.get(user_id) for user_id in request.managers)
    names = sorted(each.name for each in known if each)
    return {"place": dict(request.place), "managers": names, "has_manager": bool(request.managers)}
