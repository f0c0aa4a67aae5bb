"""Authenticators and recovery codes in SQL; the lock of the account holds off whoever else would change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from services.identity.adapters.tables import authenticator as authenticators
from services.identity.adapters.tables import recovery_code as recovery_codes
from services.identity.domain.authenticators import Authenticator, AuthenticatorKind
from services.identity.domain.recovery_codes import RecoveryCode


class SqlAuthenticators:
    """`Authenticators`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str, authenticator_id: str) -> Authenticator | None:
        statement = select(authenticators).where(
            authenticators.c.id == authenticator_id, authenticators.c.user_id == user_id
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _authenticator(row)

    def of(self, user_id: str) -> Sequence[Authenticator]:
        statement = select(authenticators).where(
            authenticators.c.user_id == user_id, authenticators.c.confirmed_at.is_not(None)
        )
        rows = self._connection.execute(statement.order_by(authenticators.c.created_at, authenticators.c.id)).all()
        return [_authenticator(row) for row in rows]

    def begin(self, authenticator: Authenticator) -> None:
        unconfirmed = authenticators.c.confirmed_at.is_(None)
        self._connection.execute(
            delete(authenticators).where(authenticators.c.user_id == authenticator.user_id, unconfirmed)
        )
        self._connection.execute(
            insert(authenticators).values(
                id=authenticator.id,
                user_id=authenticator.user_id,
                kind=authenticator.kind,
                sealed_secret=authenticator.sealed_secret,
                created_at=authenticator.created_at,
                **_changing(authenticator),
            )
        )

    def save(self, authenticator: Authenticator) -> None:
        statement = update(authenticators).where(authenticators.c.id == authenticator.id)
        self._connection.execute(statement.values(_changing(authenticator)))

    def remove(self, user_id: str, authenticator_id: str) -> None:
        self._connection.execute(
            delete(authenticators).where(authenticators.c.id == authenticator_id, authenticators.c.user_id == user_id)
        )

    def purge(self, begun_before: datetime) -> int:
        over = (authenticators.c.confirmed_at.is_(None), authenticators.c.created_at < begun_before)
        return self._connection.execute(delete(authenticators).where(*over)).rowcount


class SqlRecoveryCodes:
    """`RecoveryCodes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str) -> Sequence[RecoveryCode]:
        statement = select(recovery_codes).where(recovery_codes.c.user_id == user_id)
        rows = self._connection.execute(statement.order_by(recovery_codes.c.number)).all()
        return [RecoveryCode(row.number, row.hash, row.made_at, row.used_at) for row in rows]

    def replace(self, user_id: str, codes: Sequence[RecoveryCode]) -> None:
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        rows = [
            {"user_id": user_id, "number": each.number, "hash": each.hash, "made_at": each.made_at} for each in codes
        ]
        if rows:
            self._connection.execute(insert(recovery_codes), rows)

    def use(self, user_id: str, number: int, now: datetime) -> bool:
        statement = update(recovery_codes).where(
            recovery_codes.c.user_id == user_id,
            recovery_codes.c.number == number,
            recovery_codes.c.used_at.is_(None),
        )
        return self._connection.execute(statement.values(used_at=now)).rowcount == 1


def _changing(authenticator: Authenticator) -> dict[str, Any]:
    return {
        "name": authenticator.name,
        "confirmed_at": authenticator.confirmed_at,
        "used_at": authenticator.used_at,
        "used_step": authenticator.used_step,
    }


def _authenticator(row: Row[Any]) -> Authenticator:
    return Authenticator(
        id=row.id,
        user_id=row.user_id,
        kind=AuthenticatorKind(row.kind),
        name=row.name,
        sealed_secret=row.sealed_secret,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        used_at=row.used_at,
        used_step=row.used_step,
    )
