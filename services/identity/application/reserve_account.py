"""Reserve an account for a registration that is about to be submitted (REG-6, REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.errors import InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.check_reservation import CheckReservation, Findings, check_reservation
from services.identity.application.choosing_user_ids import suggest
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.drafts import Draft
from services.identity.domain.errors import RegistrationTakenError, UserIdTakenError
from services.identity.domain.passwords import normalise
from services.identity.domain.people import Person
from services.identity.domain.reservations import Reservation
from services.identity.domain.security_questions import Answer, HashedAnswer
from services.identity.domain.user_ids import UserIdProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveAccount(Command):
    """Everything that an account will need; the user ID is folded."""

    registration_id: str
    user_id: str
    password: str
    date_of_birth: date
    answers: tuple[Answer, ...]
    site: str
    person: Person

    @property
    def draft(self) -> Draft:
        """What of it is judged here."""
        profile = self.person.profile
        return Draft(
            user_id=self.user_id,
            password=self.password,
            date_of_birth=self.date_of_birth,
            answers=self.answers,
            names=(profile.first_name, profile.last_name),
            email=self.person.email,
        )


@dataclass(frozen=True, slots=True)
class Reserved:
    """The user ID is kept for the registration until `lapses_at`."""

    reservation_id: str
    user_id: str
    lapses_at: datetime


def reserve_account(command: ReserveAccount, work: UnitOfWork[Store], ports: Ports) -> Reserved:
    """Keep the user ID and the hashes, invisible to everybody; again for the same registration replaces them.

    Raises `InvalidError` for what the rules refuse, `UserIdTakenError`, and `RegistrationTakenError` where the
    registration has become an account under another user ID.
    """
    with work.reading() as store:
        account = store.accounts.of_registration(command.registration_id)
    if account is not None:
        return _already_done(account, command, ports)
    _refuse(check_reservation(CheckReservation(command.draft, command.registration_id), work, ports))
    password_hash = ports.hasher.hash(normalise(command.password))
    answers = tuple(HashedAnswer(each.question, ports.hasher.hash(each.folded)) for each in command.answers)
    return _reserve(command, password_hash, answers, work, ports)


def _reserve(
    command: ReserveAccount,
    password_hash: str,
    answers: tuple[HashedAnswer, ...],
    work: UnitOfWork[Store],
    ports: Ports,
) -> Reserved:
    store, now = work.writing(), ports.clock.now()
    lapses_at = now + ports.rules.registration.reserved
    if not store.user_ids.claim(command.user_id, command.registration_id, lapses_at, now):
        account = store.accounts.of_registration(command.registration_id)
        if account is not None:
            return _already_done(account, command, ports)
        raise UserIdTakenError(suggest(command.user_id, store.user_ids, ports, now))
    store.user_ids.release_others(command.registration_id, command.user_id)
    store.reservations.put(
        Reservation(
            registration_id=command.registration_id,
            user_id=command.user_id,
            password_hash=password_hash,
            date_of_birth=command.date_of_birth,
            answers=answers,
            site=command.site,
            person=command.person,
            reserved_at=now,
            lapses_at=lapses_at,
        )
    )
    return Reserved(command.registration_id, command.user_id, lapses_at)


def _refuse(findings: Findings) -> None:
    if [fault.code for fault in findings.faults] == [UserIdProblem.TAKEN]:
        raise UserIdTakenError(findings.suggestions)
    if findings.faults:
        members = {"suggestions": findings.suggestions} if findings.suggestions else None
        raise InvalidError(findings.faults, members=members)


def _already_done(account: Account, command: ReserveAccount, ports: Ports) -> Reserved:
    if account.user_id != command.user_id:
        raise RegistrationTakenError
    return Reserved(command.registration_id, account.user_id, account.created_at + ports.rules.registration.reserved)
