"""Outreach cases in SQL; that only one is open for a TIN and line, a partial unique index says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true, update

from chassis.db.engine import upsert
from services.registration.adapters.case_work import attempts_of, proposals_of
from services.registration.adapters.nominations import nomination_in
from services.registration.adapters.tables import access_requests, outreach_cases, outreach_waiting
from services.registration.application.case_search import CaseSearch, Place
from services.registration.domain.lines import Line
from services.registration.domain.outreach import CaseState, Outcome, OutreachCase, Reason, Waiting, with_work

_is_open = outreach_cases.c.closed_at.is_(None)
_DUE_FIRST = (outreach_cases.c.due_at, outreach_cases.c.id)
_PERSONAL = ("first_name", "last_name", "email", "phone", "extension")
_LATEST_FIRST = (outreach_cases.c.closed_at.desc(), outreach_cases.c.id.desc())


class SqlOutreach:
    """`Outreach` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, case: OutreachCase) -> OutreachCase:
        """Open the case, or return the one that is open already; waits for a transaction that is opening the same."""
        statement = upsert(self._connection, outreach_cases).values(
            id=case.id,
            tin=case.tin,
            line=case.line.value,
            practice=case.practice,
            reason=case.reason.value,
            opened_at=case.opened_at,
            due_at=case.due_at,
        )
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=["tin", "line"], index_where=_is_open))
        own = and_(outreach_cases.c.tin == case.tin, outreach_cases.c.line == case.line.value, _is_open)
        (found,) = self._cases(own)
        return found

    def join(self, case_id: UUID, waiting: Waiting) -> None:
        """Put a request on the case's waiting list, or back on it."""
        values = {
            "user_id": waiting.user_id,
            "since": waiting.since,
            "waits": True,
            "first_name": waiting.first_name,
            "last_name": waiting.last_name,
            "email": waiting.email,
            "phone": waiting.phone,
            "extension": waiting.extension,
        }
        statement = upsert(self._connection, outreach_waiting)
        statement = statement.values(case_id=case_id, request_id=waiting.request_id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["case_id", "request_id"], set_=values))

    def leave(self, request_id: UUID) -> None:
        """Take a request off every waiting list."""
        statement = update(outreach_waiting).where(outreach_waiting.c.request_id == request_id)
        self._connection.execute(statement.values(waits=False))

    def forget(self, user_id: str) -> None:
        """Forget what is personal of somebody on any waiting list."""
        own = update(outreach_waiting).where(outreach_waiting.c.user_id == user_id)
        self._connection.execute(own.values(dict.fromkeys(_PERSONAL)))

    def of_tin(self, tin: str) -> Sequence[OutreachCase]:
        """Every case of the TIN, the open ones first, then the latest."""
        cases = self._cases(outreach_cases.c.tin == tin)
        latest_first = sorted(cases, key=lambda case: (case.opened_at, case.id), reverse=True)
        return sorted(latest_first, key=lambda case: case.closed_at is not None)

    def open_at(self, tin: str) -> Sequence[OutreachCase]:
        """The open cases of the TIN, locked; in the order of their lines."""
        own = and_(outreach_cases.c.tin == tin, _is_open)
        self._connection.execute(
            select(outreach_cases.c.id).where(own).order_by(outreach_cases.c.line).with_for_update()
        ).all()
        return sorted(self._cases(own), key=lambda case: list(Line).index(case.line))

    def close(self, case: OutreachCase) -> None:
        """Write down how a case ended."""
        own = update(outreach_cases).where(outreach_cases.c.id == case.id)
        outcome = case.outcome.value if case.outcome else None
        self._connection.execute(own.values(closed_at=case.closed_at, outcome=outcome, closing_note=case.closing_note))

    def page(self, search: CaseSearch, after: Place | None, limit: int) -> Sequence[OutreachCase]:
        """Cases by due date and id, closed ones the last closed first, from behind `after`."""
        condition = and_(_in_state(search), _found(search), _behind(search, after))
        closed = search.state is CaseState.CLOSED
        return self._cases(condition, limit, _LATEST_FIRST if closed else _DUE_FIRST)

    def take_overdue(self, as_of: datetime, limit: int) -> Sequence[OutreachCase]:
        """Some that are due by then, noted as told."""
        overdue = select(outreach_cases.c.id).where(_untold(as_of)).order_by(*_DUE_FIRST).limit(limit)
        taken = self._connection.execute(overdue.with_for_update()).scalars().all()
        own = outreach_cases.c.id.in_(taken)
        self._connection.execute(update(outreach_cases).where(own).values(overdue_told=True))
        return self._cases(own)

    def count_overdue(self, as_of: datetime) -> int:
        """How many there are."""
        counted = select(func.count()).select_from(outreach_cases).where(_untold(as_of))
        return int(self._connection.execute(counted).scalar_one())

    def _cases(
        self, condition: ColumnElement[bool], limit: int | None = None, order: Sequence[Any] = _DUE_FIRST
    ) -> list[OutreachCase]:
        rows = self._connection.execute(select(outreach_cases).where(condition).order_by(*order).limit(limit)).all()
        waiting = self._waiting([row.id for row in rows])
        tins = {row.tin for row in rows}
        attempts, proposals = attempts_of(self._connection, tins), proposals_of(self._connection, tins)
        return [
            with_work(
                replace(_case(row), waiting=tuple(waiting[row.id])),
                attempts.get(row.tin, ()),
                proposals.get(row.tin, ()),
            )
            for row in rows
        ]

    def _waiting(self, case_ids: list[UUID]) -> dict[UUID, list[Waiting]]:
        nominated = [column for column in access_requests.c if column.name.startswith("nomin")]
        statement = (
            select(outreach_waiting, *nominated)
            .outerjoin(access_requests, access_requests.c.id == outreach_waiting.c.request_id)
            .where(outreach_waiting.c.case_id.in_(case_ids), outreach_waiting.c.waits)
            .order_by(outreach_waiting.c.since, outreach_waiting.c.request_id)
        )
        found: dict[UUID, list[Waiting]] = defaultdict(list)
        for row in self._connection.execute(statement):
            found[row.case_id].append(_person(row))
        return found


def _in_state(search: CaseSearch) -> ColumnElement[bool]:
    match search.state:
        case CaseState.CLOSED:
            return outreach_cases.c.closed_at.is_not(None)
        case CaseState.OPEN:
            return and_(_is_open, outreach_cases.c.due_at > search.now)
        case CaseState.OVERDUE:
            return and_(_is_open, outreach_cases.c.due_at <= search.now)
    return _is_open


def _found(search: CaseSearch) -> ColumnElement[bool]:
    if search.tin is not None:
        return outreach_cases.c.tin == search.tin
    if not search.text:
        return true()
    return func.lower(outreach_cases.c.practice).contains(search.text.lower(), autoescape=True)


def _behind(search: CaseSearch, after: Place | None) -> ColumnElement[bool]:
    if after is None:
        return true()
    moment, case_id = after
    if search.state is CaseState.CLOSED:
        closed_at = outreach_cases.c.closed_at
        return or_(closed_at < moment, and_(closed_at == moment, outreach_cases.c.id < case_id))
    due_at = outreach_cases.c.due_at
    return or_(due_at > moment, and_(due_at == moment, outreach_cases.c.id > case_id))


def _untold(as_of: datetime) -> ColumnElement[bool]:
    return and_(_is_open, outreach_cases.c.due_at <= as_of, ~outreach_cases.c.overdue_told)


def _case(row: Row[Any]) -> OutreachCase:
    return OutreachCase(
        id=row.id,
        tin=row.tin,
        line=Line(row.line),
        practice=row.practice,
        reason=Reason(row.reason),
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        closing_note=row.closing_note,
    )


def _person(row: Row[Any]) -> Waiting:
    return Waiting(
        request_id=row.request_id,
        user_id=row.user_id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        extension=row.extension,
        since=row.since,
        nomination=nomination_in(row),
    )
