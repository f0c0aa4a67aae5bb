"""What of an account stands beside it and is personal or secret, in SQL: gone with it (IDN-13)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, delete, update

from services.identity.adapters.access_tables import held_access
from services.identity.adapters.contact_tables import contact_change
from services.identity.adapters.device_tables import device, habit
from services.identity.adapters.support_tables import erasure_proposal
from services.identity.adapters.tables import (
    authenticator,
    challenge,
    code,
    passkey,
    passkey_enrolment,
    recovery,
    recovery_code,
    session,
)
from services.identity.adapters.vouching_tables import vouching, vouching_stop

_OF_THE_ACCOUNT: Final[tuple[Table, ...]] = (
    authenticator,
    challenge,
    code,
    contact_change,
    passkey,
    passkey_enrolment,
    recovery,
    recovery_code,
    device,
    habit,
    held_access,
    erasure_proposal,
    vouching_stop,
    vouching,
)


class SqlErasure:
    """`Erasure`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, user_id: str) -> None:
        for table in _OF_THE_ACCOUNT:
            self._connection.execute(delete(table).where(table.c.user_id == user_id))
        self._connection.execute(update(session).where(session.c.user_id == user_id).values(address=None))
