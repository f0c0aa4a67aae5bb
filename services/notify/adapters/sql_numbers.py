"""Numbers that want no texts, in SQL, and a provider that heeds them (NTF-5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from chassis.db.engine import upsert
from chassis.db.looking import brief_look
from services.notify.adapters.tables import heard_text, number
from services.notify.application.outside import Mail, Mailer, NumberOptedOutError
from services.notify.domain.numbers import Standing


class SqlNumbers:
    """`Numbers` in the open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hear(self, text_id: str, at: datetime) -> bool:
        statement = upsert(self._connection, heard_text).values(text_id=text_id, at=at)
        once = statement.on_conflict_do_nothing(index_elements=["text_id"]).returning(heard_text.c.text_id)
        return self._connection.execute(once).first() is not None

    def for_update(self, value: str, sender: str) -> Standing:
        """There is a row to lock in any case, since one is made where there is none."""
        statement = upsert(self._connection, number).values(value=value, sender=sender, opted_out=False)
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["value", "sender"]))
        here = select(number).where(number.c.value == value, number.c.sender == sender)
        row = self._connection.execute(here.with_for_update()).one()
        return Standing(row.value, row.sender, row.opted_out, row.since)

    def save(self, standing: Standing) -> None:
        here = (number.c.value == standing.number, number.c.sender == standing.sender)
        turned = update(number).where(*here).values(opted_out=standing.opted_out, since=standing.since)
        self._connection.execute(turned)


class HeedfulMailer:
    """A `Mailer` for texts that asks before each whether its number has opted out of what they come from."""

    def __init__(self, mailer: Mailer, engine: Engine, sender: str) -> None:
        self._mailer = mailer
        self._engine = engine
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """As `Mailer` promises; raises `NumberOptedOutError` as well."""
        out = select(number.c.opted_out).where(number.c.value == mail.to, number.c.sender == self._sender)
        with brief_look(self._engine) as connection:
            opted_out = connection.execute(out).scalar_one_or_none()
        if opted_out:
            raise NumberOptedOutError(mail.to)
        self._mailer.send(mail)

    def rest(self) -> None:
        self._mailer.rest()
