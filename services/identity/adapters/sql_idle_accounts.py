"""Accounts by how long nobody has used them, in SQL (IDN-13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from services.identity.adapters.tables import account as accounts
from services.identity.domain.accounts import State
from services.identity.domain.inactivity import IdleSpan

_USES = (accounts.c.last_sign_in_at, accounts.c.confirmed_at, accounts.c.reactivated_at)


class SqlIdleAccounts:
    """`IdleAccounts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(
        self, states: Collection[State], span: IdleSpan, most: int, not_warned_of: int | None = None
    ) -> Sequence[str]:
        statement = select(accounts.c.user_id).where(_idle(states, span, not_warned_of))
        statement = statement.order_by(accounts.c.user_id).limit(most).with_for_update(skip_locked=True)
        return list(self._connection.execute(statement).scalars())

    def count(self, states: Collection[State], span: IdleSpan, not_warned_of: int | None = None) -> int:
        statement = select(func.count()).select_from(accounts).where(_idle(states, span, not_warned_of))
        return int(self._connection.execute(statement).scalar_one())


def _idle(states: Collection[State], span: IdleSpan, not_warned_of: int | None) -> ColumnElement[bool]:
    conditions = [
        accounts.c.state.in_(sorted(states)),
        accounts.c.created_at <= span.until,
        *(or_(each.is_(None), each <= span.until) for each in _USES),
    ]
    if span.after is not None:
        conditions.append(or_(*(each > span.after for each in (accounts.c.created_at, *_USES))))
    if not_warned_of is not None:
        conditions.append(or_(accounts.c.warned_days.is_(None), accounts.c.warned_days > not_warned_of))
    return and_(*conditions)
