"""`Idempotency-Key`: the same call again gives the same answer and no second effect (`api.md`, Manner; REG-9).

The key's row is the first thing written in the request's own transaction, and its answer the last: a second call at
the same time waits for the first one's commit, and a call that was killed has left neither an effect nor a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import Connection, Row, delete, select, update

from chassis.db.engine import upsert
from chassis.db.tables import idempotency
from chassis.kernel.errors import Category, ConflictError, WardenryError
from chassis.web.answers import KeptAnswer
from chassis.web.definition import ServiceApp
from chassis.web.operations import Operation

View = TypeVar("View", bound=Callable[..., Any])

_SECRET_MARK: Final = "_wardenry_shows_secret"  # noqa: S105 -- the name of a mark


class KeyReusedError(WardenryError):
    """The key belongs to a call with another body."""

    category: ClassVar[Category] = Category.INVALID
    code: ClassVar[str] = "idempotency_key_reused"


class AlreadyShownError(ConflictError):
    """The answer held a secret, and is not shown any more."""

    code: ClassVar[str] = "already_shown"


class AlreadyAnsweredError(Exception):
    """The same call was answered before; no refusal, but the way out of the use case that has just begun."""

    def __init__(self, answer: KeptAnswer) -> None:
        super().__init__("answered before")
        self.answer = answer


def shows_secret_once(view: View) -> View:
    """The answer shows a secret: it is repeated for five minutes only, then 409 `already_shown`."""
    setattr(view, _SECRET_MARK, True)
    return view


def shows_secret(view: Callable[..., Any]) -> bool:
    """Whether the view bears the mark of `shows_secret_once`."""
    return bool(getattr(view, _SECRET_MARK, False))


@dataclass(frozen=True, slots=True)
class Memory:
    """The answers that a service keeps, sealed: they may hold tokens (IDN-16)."""

    definition: ServiceApp[Any, Any]

    def find(self, operation: Operation) -> KeptAnswer | None:
        """The answer to an earlier such call; raises `KeyReusedError`, `AlreadyShownError`."""
        with self.definition.engine.connect().execution_options(write=False) as connection, connection.begin():
            row = connection.execute(_select(operation)).one_or_none()
        if row is None or row.at <= self._oldest():
            return None
        if row.answer is not None and self._is_over(row):
            self._erase(operation)
        return self._answer(operation, row)

    def claim(self, operation: Operation, connection: Connection) -> None:
        """Take the key inside the writing transaction; waits for whoever holds it.

        Raises `AlreadyAnsweredError` if they answered, and whatever `find` raises.
        """
        fresh = {"body": operation.body, "at": self._now(), "status": None, "answer": None, "shown_until": None}
        statement = (
            upsert(connection, idempotency)
            .values(scope=operation.scope, **fresh)
            .on_conflict_do_update(index_elements=["scope"], set_=fresh, where=idempotency.c.at <= self._oldest())
            .returning(idempotency.c.scope)
        )
        if connection.execute(statement).one_or_none() is None:
            answer = self._answer(operation, connection.execute(_select(operation)).one())
            raise AlreadyAnsweredError(answer)

    def keep(self, operation: Operation, connection: Connection, answer: KeptAnswer) -> None:
        """Write the answer beside its effect, in the transaction that claimed the key."""
        values = self._answered(operation, answer)
        connection.execute(update(idempotency).where(idempotency.c.scope == operation.scope).values(values))

    def release(self, operation: Operation, connection: Connection) -> None:
        """Give the key back, in the transaction that claimed it: a repeat is to be tried anew."""
        connection.execute(delete(idempotency).where(idempotency.c.scope == operation.scope))

    def remember(self, operation: Operation, answer: KeptAnswer) -> None:
        """Keep a refusal whose transaction was rolled back; whoever answered meanwhile is left alone."""
        with self.definition.engine.begin() as connection:
            statement = delete(idempotency).where(
                idempotency.c.scope == operation.scope, idempotency.c.at <= self._oldest()
            )
            connection.execute(statement)
            values = {"scope": operation.scope, "body": operation.body, "at": self._now()}
            row = values | self._answered(operation, answer)
            connection.execute(upsert(connection, idempotency).values(**row).on_conflict_do_nothing())

    def _answer(self, operation: Operation, row: Row[Any]) -> KeptAnswer:
        if row.body != operation.body:
            raise KeyReusedError("This Idempotency-Key came with another body before: take a new key.")
        if row.answer is None or self._is_over(row):
            raise AlreadyShownError("This was shown once and is not shown again.")
        sealed: bytes = row.answer
        return KeptAnswer.from_bytes(self.definition.keys.answers.unseal(sealed.decode(), operation.scope))

    def _is_over(self, row: Row[Any]) -> bool:
        return row.shown_until is not None and row.shown_until <= self._now()

    def _erase(self, operation: Operation) -> None:
        with self.definition.engine.begin() as connection:
            over = update(idempotency).where(
                idempotency.c.scope == operation.scope, idempotency.c.shown_until <= self._now()
            )
            connection.execute(over.values(answer=None))

    def _answered(self, operation: Operation, answer: KeptAnswer) -> dict[str, Any]:
        sealed = self.definition.keys.answers.seal(answer.to_bytes(), operation.scope)
        secret = operation.shows_secret and answer.status < 400  # noqa: PLR2004 -- refusals show no secret
        until = self._now() + self.definition.limits.shown_secret if secret else None
        return {"status": answer.status, "answer": sealed.encode(), "shown_until": until}

    def _now(self) -> datetime:
        return self.definition.clock.now()

    def _oldest(self) -> datetime:
        return self._now() - self.definition.limits.idempotency


def _select(operation: Operation) -> Any:
    return select(idempotency).where(idempotency.c.scope == operation.scope)


def forget_answers(connection: Connection, now: datetime, older_than: datetime) -> int:
    """Erase secrets whose time is over and drop rows kept since `older_than`; for the scheduled job. Tells how many
    rows went.
    """
    over = update(idempotency).where(idempotency.c.shown_until <= now, idempotency.c.answer.is_not(None))
    connection.execute(over.values(answer=None))
    return connection.execute(delete(idempotency).where(idempotency.c.at <= older_than)).rowcount
