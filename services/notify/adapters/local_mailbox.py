"""The mailbox that stands in for every provider in embedded mode: a table, shown at `/dev/mailbox` (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, desc, select

from chassis.db.engine import database_now, upsert
from services.notify.adapters.tables import mailbox
from services.notify.application.outside import Mail, MailTooLateError
from services.notify.domain.notices import Channel


class LocalMailbox:
    """`Mailer` into the table, in a transaction of its own, as a provider would be; the same Message-ID comes once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def send(self, mail: Mail) -> None:
        with self._engine.begin() as connection:
            now = database_now(connection)
            if mail.not_after and now >= mail.not_after:
                raise MailTooLateError
            SqlDevMailbox(connection).put(mail, now)

    def rest(self) -> None:
        """Nothing is held open."""


class SqlDevMailbox:
    """`DevMailbox`: what `LocalMailbox` took in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, to: str | None, channel: str | None, limit: int) -> Sequence[tuple[Mail, datetime]]:
        statement = select(mailbox)
        if to is not None:
            statement = statement.where(mailbox.c.recipient == to)
        if channel is not None:
            statement = statement.where(mailbox.c.channel == channel)
        newest = statement.order_by(desc(mailbox.c.sent_at), desc(mailbox.c.id)).limit(limit)
        return [(_mail(row), row.sent_at) for row in self._connection.execute(newest)]

    def get(self, mail_id: str) -> Mail | None:
        row = self._connection.execute(select(mailbox).where(mailbox.c.id == mail_id)).first()
        return _mail(row) if row else None

    def put(self, mail: Mail, at: datetime) -> None:
        statement = upsert(self._connection, mailbox).values(
            message_id=mail.message_id,
            id=mail.id,
            notice=mail.notice,
            channel=mail.channel.value,
            recipient=mail.to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            language=mail.language,
            sent_at=at,
        )
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["message_id"]))


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        message_id=row.message_id,
        notice=row.notice,
        channel=Channel(row.channel),
        to=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        language=row.language,
    )
