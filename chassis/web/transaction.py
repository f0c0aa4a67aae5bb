"""One request, one transaction: the answer is built inside it, kept for repeats inside it, and given after it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final

from flask import Response
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from chassis.kernel.errors import ConflictError, WardenryError
from chassis.web import problems
from chassis.web.answers import KeptAnswer, is_worth_keeping
from chassis.web.exchange import Exchange
from chassis.web.idempotency import AlreadyAnsweredError, Memory
from chassis.web.operations import Operation

Respond = Callable[[], Response]

_log = logging.getLogger(__name__)
_DOUBLED: Final = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


class SimultaneousError(ConflictError):
    """Two calls made the same thing at the same moment, and the other one was first."""

    code: ClassVar[str] = "conflict"


class RequestTransaction:
    """Runs one view in its exchange's unit of work; with an operation, so that it has one effect (REG-9)."""

    def __init__(self, exchange: Exchange, operation: Operation | None) -> None:
        self._exchange = exchange
        self._operation = operation
        self._memory = Memory(exchange.definition)
        self._repeats = False

    def run(self, respond: Respond) -> Response:
        """The view's answer once its work is committed, or a refusal once it is undone, or an earlier answer.

        Whatever was committed by this call, or by the one that it repeats, has settled by then.
        """
        response = self._run(respond)
        work = self._exchange.work_begun
        if self._repeats or (work is not None and work.wrote):
            self._exchange.definition.settle()
        return response

    def _run(self, respond: Respond) -> Response:
        try:
            if self._operation is not None:
                earlier = self._memory.find(self._operation)
                if earlier is not None:
                    return self._repeated(earlier)
                self._exchange.operation_id = self._operation.id
                self._exchange.on_begin = partial(self._memory.claim, self._operation)
            return self._answered(respond)
        except AlreadyAnsweredError as repeat:
            return self._repeated(repeat.answer)
        finally:
            self._undo()

    def _answered(self, respond: Respond) -> Response:
        try:
            response = respond()
            self._keep(response)
            self._commit()
        except WardenryError as refusal:
            return self._refused(problems.of_refusal(refusal), keeps_work=refusal.keeps_work)
        except HTTPException as error:
            return self._refused(problems.of_http(error), keeps_work=False)
        except IntegrityError as error:
            if not _is_doubled(error):
                raise
            _log.warning("doubled", exc_info=error)
            doubled = SimultaneousError("Somebody did the same at this moment: read again, then repeat.")
            return self._refused(problems.of_refusal(doubled), keeps_work=False)
        return response

    def _refused(self, response: Response, *, keeps_work: bool) -> Response:
        if keeps_work and self._connection is not None:
            self._keep(response)
            self._commit()
            return response
        self._undo()
        if self._operation is None:
            return response
        return self._remembered(self._operation, response)

    def _repeated(self, earlier: KeptAnswer) -> Response:
        self._repeats = True
        return earlier.replayed()

    def _remembered(self, operation: Operation, response: Response) -> Response:
        """A refusal is kept like an answer, unless the same call was answered while this one ran."""
        earlier = self._memory.find(operation)
        if earlier is not None:
            return self._repeated(earlier)
        if is_worth_keeping(response.status_code):
            self._memory.remember(operation, KeptAnswer.of(response))
        return response

    def _keep(self, response: Response) -> None:
        if self._operation is None:
            return
        self._exchange.work.writing()
        connection = self._connection
        if connection is None:
            raise RuntimeError("a unit of work that writes has a connection")
        if is_worth_keeping(response.status_code):
            self._memory.keep(self._operation, connection, KeptAnswer.of(response))
        else:
            self._memory.release(self._operation, connection)

    @property
    def _connection(self) -> Connection | None:
        work = self._exchange.work_begun
        return None if work is None else work.connection

    def _commit(self) -> None:
        work = self._exchange.work_begun
        if work is not None:
            work.commit()

    def _undo(self) -> None:
        work = self._exchange.work_begun
        if work is not None:
            work.rollback()


def _is_doubled(error: IntegrityError) -> bool:
    cause: Any = error.orig
    return bool({getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)} & _DOUBLED)
