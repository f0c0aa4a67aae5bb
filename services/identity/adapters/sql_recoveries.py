"""Recoveries of passwords in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from services.identity.adapters.tables import recovery as recoveries
from services.identity.domain.codes import Channel
from services.identity.domain.recoveries import Recovery, Send, Step


class SqlRecoveries:
    """`Recoveries`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, recovery: Recovery) -> None:
        self._connection.execute(
            insert(recoveries).values(
                id=recovery.id,
                key=recovery.key,
                user_id=recovery.user_id,
                secret_hash=recovery.secret_hash,
                site=recovery.site,
                created_at=recovery.created_at,
                expires_at=recovery.expires_at,
                **_progress(recovery),
            )
        )

    def get(self, recovery_id: str) -> Recovery | None:
        row = self._connection.execute(select(recoveries).where(recoveries.c.id == recovery_id)).one_or_none()
        return None if row is None else _recovery(row)

    def save(self, recovery: Recovery) -> None:
        self._connection.execute(update(recoveries).where(recoveries.c.id == recovery.id).values(_progress(recovery)))

    def sent_since(self, key: str, channel: Channel, since: datetime) -> Sequence[datetime]:
        statement = select(recoveries).where(recoveries.c.key == key, recoveries.c.created_at > since)
        sends = (send for row in self._connection.execute(statement) for send in _recovery(row).sends)
        return [send.at for send in sends if send.channel is channel]

    def purge(self, expired_before: datetime) -> int:
        return self._connection.execute(delete(recoveries).where(recoveries.c.expires_at < expired_before)).rowcount


def _progress(recovery: Recovery) -> dict[str, Any]:
    return {"step": recovery.step, "sends": [f"{send.at.isoformat()} {send.channel}" for send in recovery.sends]}


def _recovery(row: Row[Any]) -> Recovery:
    return Recovery(
        id=row.id,
        key=row.key,
        user_id=row.user_id,
        secret_hash=row.secret_hash,
        site=row.site,
        step=Step(row.step),
        created_at=row.created_at,
        expires_at=row.expires_at,
        sends=tuple(map(_send, row.sends)),
    )


def _send(kept: str) -> Send:
    """What a version without text messages wrote has no channel."""
    moment, _, channel = kept.partition(" ")
    return Send(datetime.fromisoformat(moment), Channel(channel or Channel.EMAIL))
