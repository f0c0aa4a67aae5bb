"""Turn the reservation of a submitted registration into an account that waits for its e-mail code (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_desk import Order, send_code
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.codes import Purpose
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import ReservationGoneError
from services.identity.domain.events import AccountCreated
from services.identity.domain.people import Person
from services.identity.domain.reservations import Reservation


@dataclass(frozen=True, slots=True)
class CreateAccount(Command):
    """A registration was submitted under this user ID."""

    registration_id: str
    user_id: str


def create_account(command: CreateAccount, work: UnitOfWork[Store], ports: Ports) -> None:
    """Make the account and send its code; does nothing where it was done before.

    Raises `ReservationGoneError` where there is nothing to make it of.
    """
    store, now = work.writing(), ports.clock.now()
    if store.accounts.of_registration(command.registration_id) is not None:
        return
    reservation = store.reservations.get(command.registration_id)
    if reservation is None or reservation.user_id != command.user_id:
        raise ReservationGoneError("The registration's reservation has lapsed, or never was.")
    if not store.user_ids.keep(reservation.user_id, reservation.registration_id):
        raise ReservationGoneError("The registration's user ID went to somebody else.")
    account = _account_of(reservation, now, ports.rules.registration.confirm)
    store.accounts.add(account)
    store.answers.replace(account.user_id, reservation.answers)
    store.reservations.remove(reservation.registration_id)
    work.record(AccountCreated(account))
    send_code(Order(account, account.email, Purpose.CONFIRM_EMAIL, account.site), work, ports)


def contacts_of(person: Person, now: datetime, verified_at: datetime | None = None) -> tuple[Contact, ...]:
    """The contacts of a new account; the e-mail address alone may count as verified."""
    email = Contact(str(new_id()), ContactKind.EMAIL, person.email, verified_at, now)
    if person.mobile is None:
        return (email,)
    return (email, Contact(str(new_id()), ContactKind.MOBILE, person.mobile, None, now))


def _account_of(reservation: Reservation, now: datetime, confirm_within: timedelta) -> Account:
    return Account(
        user_id=reservation.user_id,
        kind=Kind.USER,
        state=State.UNCONFIRMED,
        site=reservation.site,
        profile=reservation.person.profile,
        contacts=contacts_of(reservation.person, now),
        password_hash=reservation.password_hash,
        created_at=now,
        registration_id=reservation.registration_id,
        date_of_birth=reservation.date_of_birth,
        confirm_before=now + confirm_within,
    )
