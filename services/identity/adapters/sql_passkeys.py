"""Passkeys and what is under way with them in SQL; the lock of the account holds off whoever else would change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from chassis.db.engine import upsert
from services.identity.adapters.tables import passkey as passkeys
from services.identity.adapters.tables import passkey_enrolment as enrolments
from services.identity.adapters.tables import passkey_sign_in as sign_ins
from services.identity.domain.passkeys import Credential, Enrolment, Passkey, PasskeySignIn


class SqlPasskeys:
    """`Passkeys`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str, passkey_id: str) -> Passkey | None:
        statement = select(passkeys).where(passkeys.c.id == passkey_id, passkeys.c.user_id == user_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else passkey_from(row)

    def of(self, user_id: str) -> Sequence[Passkey]:
        statement = select(passkeys).where(passkeys.c.user_id == user_id)
        rows = self._connection.execute(statement.order_by(passkeys.c.created_at, passkeys.c.id)).all()
        return [passkey_from(row) for row in rows]

    def of_credential(self, credential_id: str) -> Passkey | None:
        row = self._connection.execute(select(passkeys).where(passkeys.c.credential_id == credential_id)).one_or_none()
        return None if row is None else passkey_from(row)

    def begin(self, enrolment: Enrolment) -> None:
        self._connection.execute(delete(enrolments).where(enrolments.c.user_id == enrolment.user_id))
        self._connection.execute(
            insert(enrolments).values(
                id=enrolment.id,
                user_id=enrolment.user_id,
                name=enrolment.name,
                user_handle=enrolment.user_handle,
                challenge=enrolment.challenge,
                created_at=enrolment.created_at,
            )
        )

    def begun(self, user_id: str, passkey_id: str) -> Enrolment | None:
        statement = select(enrolments).where(enrolments.c.id == passkey_id, enrolments.c.user_id == user_id)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            return None
        return Enrolment(row.id, row.user_id, row.name, row.user_handle, row.challenge, row.created_at)

    def add(self, passkey: Passkey) -> bool:
        statement = upsert(self._connection, passkeys).values(
            id=passkey.id,
            user_id=passkey.user_id,
            user_handle=passkey.user_handle,
            credential_id=passkey.credential.id,
            public_key=passkey.credential.public_key,
            transports=list(passkey.credential.transports),
            created_at=passkey.created_at,
            **_changing(passkey),
        )
        added = self._connection.execute(statement.on_conflict_do_nothing().returning(passkeys.c.id)).one_or_none()
        self._connection.execute(delete(enrolments).where(enrolments.c.id == passkey.id))
        return added is not None

    def save(self, passkey: Passkey) -> None:
        self._connection.execute(update(passkeys).where(passkeys.c.id == passkey.id).values(_changing(passkey)))

    def remove(self, user_id: str, passkey_id: str) -> None:
        self._connection.execute(delete(passkeys).where(passkeys.c.id == passkey_id, passkeys.c.user_id == user_id))

    def purge(self, begun_before: datetime) -> int:
        return self._connection.execute(delete(enrolments).where(enrolments.c.created_at < begun_before)).rowcount


class SqlPasskeySignIns:
    """`PasskeySignIns`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sign_in: PasskeySignIn) -> None:
        self._connection.execute(
            insert(sign_ins).values(
                id=sign_in.id,
                secret_hash=sign_in.secret_hash,
                site=sign_in.site,
                challenge=sign_in.challenge,
                created_at=sign_in.created_at,
                expires_at=sign_in.expires_at,
            )
        )

    def get(self, sign_in_id: str) -> PasskeySignIn | None:
        row = self._connection.execute(select(sign_ins).where(sign_ins.c.id == sign_in_id)).one_or_none()
        if row is None:
            return None
        return PasskeySignIn(row.id, row.secret_hash, row.site, row.challenge, row.created_at, row.expires_at)

    def spend(self, sign_in_id: str) -> bool:
        return self._connection.execute(delete(sign_ins).where(sign_ins.c.id == sign_in_id)).rowcount == 1

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < expired_before)).rowcount


def _changing(passkey: Passkey) -> dict[str, Any]:
    return {
        "name": passkey.name,
        "sign_count": passkey.credential.sign_count,
        "verifies_user": passkey.credential.verifies_user,
        "used_at": passkey.used_at,
        "suspended_at": passkey.suspended_at,
    }


def passkey_from(row: Any) -> Passkey:
    """From a row that has its columns."""
    return Passkey(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        user_handle=row.user_handle,
        credential=Credential(
            row.credential_id, row.public_key, row.sign_count, row.verifies_user, tuple(row.transports)
        ),
        created_at=row.created_at,
        used_at=row.used_at,
        suspended_at=row.suspended_at,
    )
