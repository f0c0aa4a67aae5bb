"""Sessions and their refresh tokens in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from chassis.db.sessions import remember_ended_session
from services.identity.adapters.tables import refresh_token as refresh_tokens
from services.identity.adapters.tables import session as sessions
from services.identity.domain.sessions import EndReason, RefreshToken, Session, Strength


class SqlSessions:
    """`Sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: Session) -> None:
        self._connection.execute(
            insert(sessions).values(
                id=session.id,
                user_id=session.user_id,
                site=session.site,
                acr=session.strength.acr,
                amr=list(session.strength.amr),
                address=session.address,
                started_at=session.started_at,
                authenticated_at=session.authenticated_at,
                used_at=session.used_at,
                ends_at=session.ends_at,
            )
        )

    def get(self, session_id: str) -> Session | None:
        return self._find(session_id, lock=False)

    def for_update(self, session_id: str) -> Session | None:
        return self._find(session_id, lock=True)

    def of_account(self, user_id: str) -> Sequence[Session]:
        statement = select(sessions).where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None))
        rows = self._connection.execute(statement.order_by(sessions.c.started_at.desc(), sessions.c.id)).all()
        return [_session(row) for row in rows]

    def of_browser(self, digest: str) -> Session | None:
        row = self._connection.execute(select(sessions).where(sessions.c.browser_digest == digest)).one_or_none()
        return None if row is None else _session(row)

    def bind(self, session_id: str, digest: str) -> None:
        statement = update(sessions).where(sessions.c.id == session_id)
        self._connection.execute(statement.values(browser_digest=digest))

    def renew(self, session: Session) -> None:
        self._connection.execute(
            update(sessions)
            .where(sessions.c.id == session.id)
            .values(
                acr=session.strength.acr,
                amr=list(session.strength.amr),
                authenticated_at=session.authenticated_at,
                used_at=session.used_at,
                ends_at=session.ends_at,
            )
        )

    def use(self, session_id: str, now: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.id == session_id).values(used_at=now))

    def end(self, session_id: str, reason: EndReason, now: datetime) -> bool:
        statement = update(sessions).where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
        return self._connection.execute(statement.values(ended_at=now, ended_because=reason)).rowcount == 1

    def purge(self, over_before: datetime) -> int:
        over = select(sessions.c.id).where(sessions.c.ends_at < over_before)
        self._connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(over)))
        return self._connection.execute(delete(sessions).where(sessions.c.ends_at < over_before)).rowcount

    def _find(self, session_id: str, *, lock: bool) -> Session | None:
        statement = select(sessions).where(sessions.c.id == session_id)
        row = self._connection.execute(statement.with_for_update() if lock else statement).one_or_none()
        return None if row is None else _session(row)


class SqlRefreshTokens:
    """`RefreshTokens`; of two who use one at the same moment the update lets one through."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: RefreshToken) -> None:
        self._connection.execute(
            insert(refresh_tokens).values(
                digest=token.digest,
                family_id=token.family_id,
                session_id=token.session_id,
                client_id=token.client_id,
                issued_at=token.issued_at,
                expires_at=token.expires_at,
                scopes=list(token.scopes),
            )
        )

    def get(self, digest: str) -> RefreshToken | None:
        row = self._connection.execute(select(refresh_tokens).where(refresh_tokens.c.digest == digest)).one_or_none()
        if row is None:
            return None
        return RefreshToken(
            digest=row.digest,
            family_id=row.family_id,
            session_id=row.session_id,
            client_id=row.client_id,
            issued_at=row.issued_at,
            expires_at=row.expires_at,
            scopes=tuple(row.scopes or ()),
            used_at=row.used_at,
        )

    def use(self, digest: str, now: datetime) -> bool:
        statement = update(refresh_tokens).where(refresh_tokens.c.digest == digest, refresh_tokens.c.used_at.is_(None))
        return self._connection.execute(statement.values(used_at=now)).rowcount == 1

    def void(self, session_id: str, now: datetime) -> None:
        unused = refresh_tokens.c.used_at.is_(None)
        statement = update(refresh_tokens).where(refresh_tokens.c.session_id == session_id, unused)
        self._connection.execute(statement.values(used_at=now))

    def void_of_client(self, client_id: str, now: datetime) -> None:
        unused = refresh_tokens.c.used_at.is_(None)
        statement = update(refresh_tokens).where(refresh_tokens.c.client_id == client_id, unused)
        self._connection.execute(statement.values(used_at=now))

    def clients_of(self, session_id: str) -> Sequence[str]:
        statement = select(refresh_tokens.c.client_id).where(refresh_tokens.c.session_id == session_id).distinct()
        return list(self._connection.execute(statement.order_by(refresh_tokens.c.client_id)).scalars())

    def drop_family(self, token: RefreshToken) -> None:
        of_session, of_family = refresh_tokens.c.session_id, refresh_tokens.c.family_id
        together = (of_session == token.session_id, of_family == token.family_id)
        self._connection.execute(delete(refresh_tokens).where(*together))


class SqlEndedSessions:
    """`EndedSessions`: the chassis' table in this service's own database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def remember(self, session_id: str, until: datetime) -> None:
        remember_ended_session(self._connection, session_id, until)


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        user_id=row.user_id,
        site=row.site,
        strength=Strength(row.acr, tuple(row.amr)),
        started_at=row.started_at,
        authenticated_at=row.authenticated_at,
        used_at=row.used_at,
        ends_at=row.ends_at,
        address=row.address,
        ended_at=row.ended_at,
        ended_because=EndReason(row.ended_because) if row.ended_because else None,
    )
