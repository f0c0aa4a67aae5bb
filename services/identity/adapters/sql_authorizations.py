"""The steps from a site to a session and back, in SQL; each is taken by deleting it, so that one taker gets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, exists, insert, select

from services.identity.adapters.openid_tables import authorization_code as codes
from services.identity.adapters.openid_tables import authorization_request as requests
from services.identity.adapters.openid_tables import redeemed_code as redeemed
from services.identity.adapters.openid_tables import sign_in_ticket as tickets
from services.identity.adapters.risk_form import kept_risk, risk_kept
from services.identity.domain.authorizations import (
    AuthorizationCode,
    AuthorizationRequest,
    RedeemedCode,
    SignInTicket,
)
from services.identity.domain.sessions import Strength


class SqlAuthorizationRequests:
    """`AuthorizationRequests`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: AuthorizationRequest) -> None:
        self._connection.execute(
            insert(requests).values(
                digest=request.digest,
                browser_digest=request.browser_digest,
                client_id=request.client_id,
                parameters=dict(request.parameters),
                created_at=request.created_at,
                expires_at=request.expires_at,
            )
        )

    def get(self, digest: str) -> AuthorizationRequest | None:
        row = self._connection.execute(select(requests).where(requests.c.digest == digest)).one_or_none()
        return None if row is None else _request(row)

    def take(self, digest: str) -> AuthorizationRequest | None:
        row = _taken(self._connection, requests, requests.c.digest == digest)
        return None if row is None else _request(row)

    def knows_browser(self, browser_digest: str, now: datetime) -> bool:
        is_open = exists().where(requests.c.browser_digest == browser_digest, requests.c.expires_at > now)
        return bool(self._connection.execute(select(is_open)).scalar_one())

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(requests).where(requests.c.expires_at < expired_before)).rowcount


class SqlSignInTickets:
    """`SignInTickets`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, ticket: SignInTicket) -> None:
        self._connection.execute(
            insert(tickets).values(
                digest=ticket.digest,
                request_digest=ticket.request_digest,
                user_id=ticket.user_id,
                acr=ticket.strength.acr,
                amr=list(ticket.strength.amr),
                authenticated_at=ticket.authenticated_at,
                expires_at=ticket.expires_at,
                risk=kept_risk(ticket.risk),
            )
        )

    def take(self, digest: str) -> SignInTicket | None:
        row = _taken(self._connection, tickets, tickets.c.digest == digest)
        return None if row is None else _ticket(row)

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(tickets).where(tickets.c.expires_at < expired_before)).rowcount


class SqlAuthorizationCodes:
    """`AuthorizationCodes`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code: AuthorizationCode) -> None:
        self._connection.execute(
            insert(codes).values(
                digest=code.digest,
                client_id=code.client_id,
                session_id=code.session_id,
                redirect_uri=code.redirect_uri,
                scopes=list(code.scopes),
                nonce=code.nonce,
                code_challenge=code.code_challenge,
                issued_at=code.issued_at,
                expires_at=code.expires_at,
            )
        )

    def get(self, digest: str, client_id: str) -> AuthorizationCode | None:
        statement = select(codes).where(codes.c.digest == digest, codes.c.client_id == client_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _code(row)

    def take(self, digest: str, client_id: str) -> AuthorizationCode | None:
        row = _taken(self._connection, codes, codes.c.digest == digest, codes.c.client_id == client_id)
        return None if row is None else _code(row)

    def remember(self, code: RedeemedCode) -> None:
        self._connection.execute(
            insert(redeemed).values(
                digest=code.digest, client_id=code.client_id, session_id=code.session_id, forget_at=code.forget_at
            )
        )

    def redeemed(self, digest: str, client_id: str) -> RedeemedCode | None:
        statement = select(redeemed).where(redeemed.c.digest == digest, redeemed.c.client_id == client_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else RedeemedCode(row.digest, row.client_id, row.session_id, row.forget_at)

    def void_of_client(self, client_id: str) -> None:
        self._connection.execute(delete(codes).where(codes.c.client_id == client_id))

    def purge(self, over_before: datetime) -> int:
        over = self._connection.execute(delete(codes).where(codes.c.expires_at < over_before)).rowcount
        return over + self._connection.execute(delete(redeemed).where(redeemed.c.forget_at < over_before)).rowcount


def _taken(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> Row[Any] | None:
    return connection.execute(delete(table).where(*conditions).returning(*table.c)).one_or_none()


def _request(row: Row[Any]) -> AuthorizationRequest:
    return AuthorizationRequest(
        digest=row.digest,
        browser_digest=row.browser_digest,
        client_id=row.client_id,
        parameters=row.parameters,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _ticket(row: Row[Any]) -> SignInTicket:
    return SignInTicket(
        digest=row.digest,
        request_digest=row.request_digest,
        user_id=row.user_id,
        strength=Strength(row.acr, tuple(row.amr)),
        authenticated_at=row.authenticated_at,
        expires_at=row.expires_at,
        risk=risk_kept(row.risk),
    )


def _code(row: Row[Any]) -> AuthorizationCode:
    return AuthorizationCode(
        digest=row.digest,
        client_id=row.client_id,
        session_id=row.session_id,
        redirect_uri=row.redirect_uri,
        scopes=tuple(row.scopes),
        nonce=row.nonce,
        code_challenge=row.code_challenge,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
    )
