"""What an account can pass a second step by, besides its contacts, in one statement."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CompoundSelect, Connection, bindparam, func, literal_column, null, select, union_all

from chassis.db.within import StatementWithin
from services.identity.adapters.sql_passkeys import passkey_from
from services.identity.adapters.tables import authenticator as authenticators
from services.identity.adapters.tables import passkey as passkeys
from services.identity.adapters.tables import recovery_code as recovery_codes
from services.identity.application.second_step_repositories import App, Means
from services.identity.domain.authenticators import AuthenticatorKind

_PASSKEY, _APP, _ON_PAPER = "passkey", "app", "on_paper"


def _statement() -> CompoundSelect[Any]:
    """Rows in the form of a passkey's: what an app or a code has of it stands in the same place, the rest is empty."""

    def row(what: str, **known: Any) -> list[Any]:
        return [literal_column(f"'{what}'").label("what"), *(known.get(each.name, null()) for each in passkeys.c)]

    theirs: Any = bindparam("user_id")
    keys = select(*row(_PASSKEY, **dict(passkeys.c.items()))).where(passkeys.c.user_id == theirs)
    app = authenticators.c
    named = {"id": app.id, "user_id": app.user_id, "name": app.name, "user_handle": app.kind}
    apps = select(*row(_APP, created_at=app.created_at, **named)).where(
        app.user_id == theirs, app.confirmed_at.is_not(None)
    )
    good = recovery_codes.c.used_at.is_(None)
    on_paper = select(*row(_ON_PAPER, sign_count=func.count())).where(recovery_codes.c.user_id == theirs, good)
    return union_all(keys, apps, on_paper)


_MEANS: Final = StatementWithin(_statement())


class SqlSecondSteps:
    """`SecondSteps`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, user_id: str) -> Means:
        rows = _MEANS(self._connection, {"user_id": user_id})
        in_order = sorted((row for row in rows if row.what != _ON_PAPER), key=lambda row: (row.created_at, row.id))
        return Means(
            passkeys=[passkey_from(row) for row in in_order if row.what == _PASSKEY],
            apps=[App(row.id, AuthenticatorKind(row.user_handle), row.name) for row in in_order if row.what == _APP],
            recovery_codes=sum(row.sign_count for row in rows if row.what == _ON_PAPER),
        )
