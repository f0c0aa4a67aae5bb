"""Accounts with their contacts, and the hashed answers to their questions, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from chassis.db.engine import upsert
from chassis.db.within import StatementWithin
from services.identity.adapters.tables import account as accounts
from services.identity.adapters.tables import contact as contacts
from services.identity.adapters.tables import security_answer
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.people import Address, Profile
from services.identity.domain.security_questions import HashedAnswer
from services.identity.domain.support_acts import Sought

_MOST_OF_AN_EMAIL = 20
_BY_USER_ID: Final = select(accounts).where(accounts.c.user_id == bindparam("user_id"))
_ACCOUNT: Final = StatementWithin(_BY_USER_ID)
_LOCKED: Final = StatementWithin(_BY_USER_ID.with_for_update())
_OF_REGISTRATION: Final = StatementWithin(
    select(accounts).where(accounts.c.registration_id == bindparam("registration_id"))
)
_CONTACTS: Final = StatementWithin(
    select(contacts).where(contacts.c.user_id == bindparam("user_id")).order_by(contacts.c.id)
)


class SqlAccounts:
    """`Accounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str) -> Account | None:
        return self._found(_ACCOUNT, {"user_id": user_id})

    def for_update(self, user_id: str) -> Account | None:
        return self._found(_LOCKED, {"user_id": user_id})

    def of_registration(self, registration_id: str) -> Account | None:
        return self._found(_OF_REGISTRATION, {"registration_id": registration_id})

    def of_email(self, email: str, born: date) -> Sequence[Account]:
        has_it = exists().where(contacts.c.user_id == accounts.c.user_id, func.lower(contacts.c.value) == email)
        statement = select(accounts).where(accounts.c.date_of_birth == born, has_it)
        rows = self._connection.execute(statement.order_by(accounts.c.user_id).limit(_MOST_OF_AN_EMAIL)).all()
        theirs = select(contacts).where(contacts.c.user_id.in_([row.user_id for row in rows])).order_by(contacts.c.id)
        of_all = self._connection.execute(theirs).all()  # asked in any case: the same work for nobody (IDN-1)
        return [_account(row, [each for each in of_all if each.user_id == row.user_id]) for row in rows]

    def find(self, sought: Sought, after: str, limit: int) -> Sequence[Account]:
        is_theirs = contacts.c.user_id == accounts.c.user_id
        statement = select(accounts).where(
            or_(*_by_text(sought.text, is_theirs), *_by_digits(sought.digits, is_theirs)),
            accounts.c.user_id > after,
            accounts.c.state != State.REMOVED,
        )
        rows = self._connection.execute(statement.order_by(accounts.c.user_id).limit(limit)).all()
        theirs = select(contacts).where(contacts.c.user_id.in_([row.user_id for row in rows])).order_by(contacts.c.id)
        of_all = self._connection.execute(theirs).all()
        return [_account(row, [each for each in of_all if each.user_id == row.user_id]) for row in rows]

    def add(self, account: Account) -> None:
        self._connection.execute(insert(accounts).values(_values(account)))
        self._keep_contacts(account)

    def save(self, account: Account) -> None:
        statement = update(accounts).where(accounts.c.user_id == account.user_id)
        self._connection.execute(statement.values(_values(account)))
        self._keep_contacts(account)

    def _found(self, statement: StatementWithin, values: Mapping[str, Any]) -> Account | None:
        """Contacts are asked for once the account is locked, so that they are those that it has by then."""
        row = next(iter(statement(self._connection, values)), None)
        theirs = {"user_id": row.user_id if row else ""}
        rows = _CONTACTS(self._connection, theirs)  # asked in any case: the same work for nobody (IDN-1)
        return None if row is None else _account(row, rows)

    def _keep_contacts(self, account: Account) -> None:
        kept = [each.id for each in account.contacts]
        self._connection.execute(
            delete(contacts).where(contacts.c.user_id == account.user_id, contacts.c.id.not_in(kept))
        )
        for each in account.contacts:
            values = {"value": each.value, "verified_at": each.verified_at, "pending": each.pending}
            self._connection.execute(
                upsert(self._connection, contacts)
                .values(id=each.id, user_id=account.user_id, kind=each.kind, created_at=each.created_at, **values)
                .on_conflict_do_update(index_elements=["id"], set_=values)
            )


class SqlAnswers:
    """`Answers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str) -> Sequence[HashedAnswer]:
        statement = select(security_answer).where(security_answer.c.user_id == user_id)
        return [HashedAnswer(row.question, row.hash) for row in self._connection.execute(statement)]

    def replace(self, user_id: str, answers: Sequence[HashedAnswer]) -> None:
        self._connection.execute(delete(security_answer).where(security_answer.c.user_id == user_id))
        rows = [{"user_id": user_id, "question": each.question, "hash": each.hash} for each in answers]
        if rows:
            self._connection.execute(insert(security_answer), rows)


def _by_text(text: str, is_theirs: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    names = (
        accounts.c.user_id,
        func.lower(accounts.c.last_name),
        func.lower(accounts.c.first_name + " " + accounts.c.last_name),
    )
    return [
        *(each.startswith(text, autoescape=True) for each in names),
        exists().where(is_theirs, func.lower(contacts.c.value) == text),
    ]


def _by_digits(digits: str, is_theirs: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    if not digits:
        return []
    return [
        accounts.c.phone.endswith(digits, autoescape=True),
        exists().where(is_theirs, contacts.c.kind == ContactKind.MOBILE, contacts.c.value.endswith(digits)),
    ]


def _values(account: Account) -> dict[str, Any]:
    profile = account.profile
    return {
        "user_id": account.user_id,
        "kind": account.kind,
        "state": account.state,
        "site": account.site,
        "registration_id": account.registration_id,
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "job_role": profile.job_role,
        "address": asdict(profile.address) if profile.address else None,
        "phone": profile.phone,
        "extension": profile.extension,
        "language": profile.language,
        "date_of_birth": account.date_of_birth,
        "password_hash": account.password_hash,
        "created_at": account.created_at,
        "confirm_before": account.confirm_before,
        "confirmed_at": account.confirmed_at,
        "last_sign_in_at": account.last_sign_in_at,
        "password_changed_at": account.password_changed_at,
        "contacts_changed_at": account.contacts_changed_at,
        "temporary_until": account.temporary_until,
        "reactivated_at": account.reactivated_at,
        "warned_days": account.warned_days,
    }


def _account(row: Any, rows: Sequence[Any]) -> Account:
    return Account(
        user_id=row.user_id,
        kind=Kind(row.kind),
        state=State(row.state),
        site=row.site,
        registration_id=row.registration_id,
        profile=_profile(row),
        contacts=tuple(_contact(each) for each in rows),
        date_of_birth=row.date_of_birth,
        password_hash=row.password_hash,
        created_at=row.created_at,
        confirm_before=row.confirm_before,
        confirmed_at=row.confirmed_at,
        last_sign_in_at=row.last_sign_in_at,
        password_changed_at=row.password_changed_at,
        contacts_changed_at=row.contacts_changed_at,
        temporary_until=row.temporary_until,
        reactivated_at=row.reactivated_at,
        warned_days=row.warned_days,
    )


def _profile(row: Any) -> Profile:
    return Profile(
        first_name=row.first_name,
        middle_initial=row.middle_initial,
        last_name=row.last_name,
        job_role=row.job_role,
        address=Address(**row.address) if row.address else None,
        phone=row.phone,
        extension=row.extension,
        language=row.language,
    )


def _contact(row: Any) -> Contact:
    return Contact(row.id, ContactKind(row.kind), row.value, row.verified_at, row.created_at, row.pending)
