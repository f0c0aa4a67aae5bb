"""Codes, and the challenges in which they are asked for, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select, update

from chassis.db.within import StatementWithin
from services.identity.adapters.risk_form import kept_risk, risk_kept
from services.identity.adapters.tables import challenge as challenges
from services.identity.adapters.tables import code as codes
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.codes import Channel, Code, CodeState, Purpose
from services.identity.domain.sessions import Strength

_ADDED: Final = StatementWithin(insert(challenges).values({each.name: bindparam(each.name) for each in challenges.c}))


class SqlCodes:
    """`Codes`; an index holds that at most one of an account and purpose is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code: Code) -> None:
        self._void(codes.c.user_id == code.user_id, codes.c.purpose == code.purpose)
        self._connection.execute(
            insert(codes).values(
                id=code.id,
                user_id=code.user_id,
                purpose=code.purpose,
                channel=code.channel,
                contact_id=code.contact_id,
                challenge_id=code.challenge_id,
                digest=code.digest,
                state=CodeState.OPEN,
                issued_at=code.issued_at,
                expires_at=code.expires_at,
            )
        )

    def open_one(self, user_id: str, purpose: Purpose) -> Code | None:
        statement = (
            select(codes)
            .where(codes.c.user_id == user_id, codes.c.purpose == purpose, codes.c.state == CodeState.OPEN)
            .with_for_update()
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _code(row)

    def redeem(self, code_id: str, now: datetime) -> None:
        statement = update(codes).where(codes.c.id == code_id)
        self._connection.execute(statement.values(state=CodeState.REDEEMED, redeemed_at=now))

    def void(self, user_id: str, purpose: Purpose | None = None) -> None:
        of_purpose = () if purpose is None else (codes.c.purpose == purpose,)
        self._void(codes.c.user_id == user_id, *of_purpose)

    def issued_since(self, user_id: str, purpose: Purpose, channel: Channel, since: datetime) -> Sequence[datetime]:
        statement = select(codes.c.issued_at).where(
            codes.c.user_id == user_id,
            codes.c.purpose == purpose,
            codes.c.channel == channel,
            codes.c.state != CodeState.REDEEMED,
            codes.c.issued_at > since,
        )
        return self._connection.execute(statement).scalars().all()

    def purge(self, issued_before: datetime) -> int:
        return self._connection.execute(delete(codes).where(codes.c.issued_at < issued_before)).rowcount

    def _void(self, *conditions: ColumnElement[bool]) -> None:
        statement = update(codes).where(*conditions, codes.c.state == CodeState.OPEN)
        self._connection.execute(statement.values(state=CodeState.VOID))


class SqlChallenges:
    """`Challenges`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, challenge: Challenge) -> None:
        _ADDED(
            self._connection,
            {
                "id": challenge.id,
                "kind": challenge.kind,
                "user_id": challenge.user_id,
                "secret_hash": challenge.secret_hash,
                "site": challenge.site,
                "reason": challenge.reason,
                "created_at": challenge.created_at,
                "expires_at": challenge.expires_at,
                "session_id": challenge.session_id,
                "device_id": challenge.device_id,
                "risk": kept_risk(challenge.risk),
                "acr": challenge.strength.acr if challenge.strength else None,
                "amr": list(challenge.strength.amr) if challenge.strength else None,
                "passkey_challenge": challenge.passkey_challenge,
                "passed_at": None,
            },
        )

    def get(self, challenge_id: str, kind: ChallengeKind) -> Challenge | None:
        statement = select(challenges).where(
            challenges.c.id == challenge_id, challenges.c.kind == kind, challenges.c.passed_at.is_(None)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _challenge(row)

    def pass_(self, challenge_id: str, now: datetime) -> bool:
        statement = update(challenges).where(challenges.c.id == challenge_id, challenges.c.passed_at.is_(None))
        return self._connection.execute(statement.values(passed_at=now)).rowcount == 1

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(challenges).where(challenges.c.expires_at < expired_before)).rowcount


def _code(row: Row[Any]) -> Code:
    return Code(
        id=row.id,
        user_id=row.user_id,
        purpose=Purpose(row.purpose),
        channel=Channel(row.channel),
        contact_id=row.contact_id,
        challenge_id=row.challenge_id,
        digest=row.digest,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
    )


def _challenge(row: Row[Any]) -> Challenge:
    return Challenge(
        id=row.id,
        kind=ChallengeKind(row.kind),
        user_id=row.user_id,
        secret_hash=row.secret_hash,
        site=row.site,
        reason=row.reason,
        created_at=row.created_at,
        expires_at=row.expires_at,
        session_id=row.session_id,
        device_id=row.device_id,
        risk=risk_kept(row.risk),
        strength=Strength(row.acr, tuple(row.amr)) if row.acr else None,
        passkey_challenge=row.passkey_challenge,
    )
