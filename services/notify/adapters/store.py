"""Notify's store: its repositories on one connection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from chassis.db.engine import database_now
from services.notify.adapters.local_mailbox import SqlDevMailbox
from services.notify.adapters.sql_gatherings import SqlGatherings
from services.notify.adapters.sql_messages import SqlMessages
from services.notify.adapters.sql_numbers import SqlNumbers
from services.notify.adapters.sql_portal_inbox import SqlPortalInbox
from services.notify.adapters.sql_practices import SqlManagers, SqlPractices
from services.notify.adapters.sql_recipients import SqlContacts, SqlRecipients
from services.notify.adapters.tables import sending


class SqlStore:
    """`Store` on a connection whose transaction somebody else begins and ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.recipients = SqlRecipients(connection)
        self.contacts = SqlContacts(connection)
        self.managers = SqlManagers(connection)
        self.practices = SqlPractices(connection)
        self.messages = SqlMessages(connection)
        self.portal_inbox = SqlPortalInbox(connection)
        self.gatherings = SqlGatherings(connection)
        self.numbers = SqlNumbers(connection)
        self.mailbox = SqlDevMailbox(connection)

    def now(self) -> datetime:
        return database_now(self._connection)

    def sends_since(self) -> datetime:
        since: datetime = self._connection.execute(select(sending.c.since)).scalar_one()
        return since
