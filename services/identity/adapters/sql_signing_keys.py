"""The keys that sign tokens, in SQL; an index holds that one of each algorithm has no successor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from chassis.db.engine import upsert
from chassis.db.sessions import remember_verification_key
from services.identity.adapters.tables import signing_key as signing_keys
from services.identity.domain.signing_keys import Algorithm, SigningKey, signing_at


class SqlSigningKeys:
    """`SigningKeys`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, algorithm: Algorithm, now: datetime) -> SigningKey | None:
        return signing_at([key for key in self.published(now) if key.algorithm is algorithm], now)

    def newest(self, algorithm: Algorithm) -> SigningKey | None:
        statement = select(signing_keys).where(signing_keys.c.current, signing_keys.c.algorithm == algorithm)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _key(row)

    def published(self, now: datetime) -> Sequence[SigningKey]:
        alive = or_(signing_keys.c.expires_at.is_(None), signing_keys.c.expires_at > now)
        rows = self._connection.execute(select(signing_keys).where(alive).order_by(signing_keys.c.not_before)).all()
        return [_key(row) for row in rows]

    def add_first(self, key: SigningKey) -> bool:
        statement = upsert(self._connection, signing_keys).values(
            kid=key.kid,
            algorithm=key.algorithm,
            sealed_private=key.sealed_private,
            public_key=dict(key.public_key),
            current=True,
            not_before=key.not_before,
            expires_at=key.expires_at,
        )
        added = self._connection.execute(statement.on_conflict_do_nothing().returning(signing_keys.c.kid))
        if added.one_or_none() is None:
            return False
        self._verify_with(key)
        return True

    def succeed(self, former: SigningKey, key: SigningKey) -> bool:
        statement = update(signing_keys).where(signing_keys.c.kid == former.kid, signing_keys.c.current)
        ended = self._connection.execute(statement.values(current=False, expires_at=former.expires_at))
        if ended.rowcount != 1 or not self.add_first(key):
            return False
        self._verify_with(former)
        return True

    def _verify_with(self, key: SigningKey) -> None:
        if key.algorithm is Algorithm.EDDSA:  # access tokens are signed with nothing else
            remember_verification_key(self._connection, key.kid, key.public_key, key.expires_at)


def _key(row: Row[Any]) -> SigningKey:
    return SigningKey(
        kid=row.kid,
        algorithm=Algorithm(row.algorithm),
        sealed_private=row.sealed_private,
        public_key=row.public_key,
        not_before=row.not_before,
        expires_at=row.expires_at,
    )
