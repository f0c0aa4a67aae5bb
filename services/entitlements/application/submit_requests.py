"""Keep the requests of a submitted registration; they open once the applicant's e-mail is confirmed (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.opening import open_requests
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.people import AccountState, Person, Profile
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request, RequestState


@dataclass(frozen=True, slots=True)
class SubmittedRequest:
    """One wish of a registration."""

    request_id: str
    place: Place


@dataclass(frozen=True, slots=True)
class SubmitRequests(Command):
    """A registration asks for access to these places."""

    registration_id: str
    user_id: str
    profile: Profile
    submitted_at: datetime
    requests: tuple[SubmittedRequest, ...]


def submit_requests(command: SubmitRequests, work: UnitOfWork[Store], ports: Ports) -> None:
    """Where the account of this very registration is confirmed already, the requests open at once; where it is gone
    already, there are none.
    """
    store = work.writing()
    person = store.people.lock(command.user_id)
    if person is None:
        person = Person(command.user_id, command.profile, registration_id=command.registration_id)
        store.people.put(person)
    if person.state is AccountState.REMOVED:
        return
    store.lines.lock({each.place.tin for each in command.requests})
    requests = [_request(command, each) for each in command.requests]
    for request in requests:
        store.requests.add(request)
    if person.is_confirmed and person.registration_id == command.registration_id:
        open_requests(requests, person, work, ports.clock.now())


def _request(command: SubmitRequests, submitted: SubmittedRequest) -> Request:
    return Request(
        request_id=submitted.request_id,
        user_id=command.user_id,
        place=submitted.place,
        state=RequestState.UNCONFIRMED,
        submitted_at=command.submitted_at,
        registration_id=command.registration_id,
    )
