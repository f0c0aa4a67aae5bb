"""Take over what identity tells of a person; a confirmed registration's requests open (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.opening import open_requests
from services.entitlements.application.ports import Ports, Store
from services.entitlements.domain.people import AccountState, Person, Profile


@dataclass(frozen=True, slots=True)
class LearnPerson(Command):
    """An account was made, or its e-mail address came back confirmed."""

    user_id: str
    profile: Profile
    state: AccountState
    registration_id: str | None


@dataclass(frozen=True, slots=True)
class LearnProfile(Command):
    """A person is called, reached or employed otherwise now."""

    user_id: str
    profile: Profile


def learn_person(command: LearnPerson, work: UnitOfWork[Store], ports: Ports) -> None:
    """Only the requests of the account's own registration open."""
    store = work.writing()
    known = store.people.lock(command.user_id)
    disabled = known is not None and known.disabled
    person = Person(command.user_id, command.profile, command.state, command.registration_id, disabled)
    store.people.put(person)
    if not person.is_confirmed or command.registration_id is None:
        return
    mine = [each for each in store.requests.open_of(command.user_id) if not each.is_waiting]
    requests = [each for each in mine if each.registration_id == command.registration_id]
    if requests:
        store.lines.lock({request.place.tin for request in requests})
        open_requests(requests, person, work, ports.clock.now())


def learn_profile(command: LearnProfile, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001
    """A profile of somebody not heard of before is kept until their account is."""
    store = work.writing()
    known = store.people.lock(command.user_id)
    store.people.put(replace(known, profile=command.profile) if known else Person(command.user_id, command.profile))
