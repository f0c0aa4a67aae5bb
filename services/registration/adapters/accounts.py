"""What is known of accounts, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from chassis.db.engine import upsert
from services.registration.adapters.choosing import among
from services.registration.adapters.tables import accounts
from services.registration.domain.accounts import Account, AccountKind, AccountState

_KEPT = frozenset({"user_id", "signed_in_at"})


class SqlKnownAccounts:
    """`KnownAccounts` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_ids: Collection[str]) -> Mapping[str, Account]:
        """Those of these accounts that are known."""
        rows = self._connection.execute(select(accounts).where(among(self._connection, accounts.c.user_id, user_ids)))
        return {row.user_id: _account(row) for row in rows}

    def put(self, account: Account) -> None:
        """Keep it in place of what was known; when they last signed in stays."""
        values = {**asdict(account), "kind": account.kind.value, "state": account.state.value}
        anew = {name: value for name, value in values.items() if name not in _KEPT}
        statement = upsert(self._connection, accounts).values(values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=anew))

    def state_is(self, user_id: str, state: AccountState) -> None:
        """Note how far the account is now."""
        own = update(accounts).where(accounts.c.user_id == user_id)
        self._connection.execute(own.values(state=state.value))

    def signed_in(self, user_id: str, at: datetime) -> None:
        """Note that its person signed in."""
        own = update(accounts).where(accounts.c.user_id == user_id)
        self._connection.execute(own.values(signed_in_at=at))

    def forget(self, user_id: str) -> None:
        """Drop what is known."""
        self._connection.execute(delete(accounts).where(accounts.c.user_id == user_id))


def _account(row: Row[Any]) -> Account:
    return Account(
        user_id=row.user_id,
        kind=AccountKind(row.kind),
        state=AccountState(row.state),
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        extension=row.extension,
        signed_in_at=row.signed_in_at,
    )
