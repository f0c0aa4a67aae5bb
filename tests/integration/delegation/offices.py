"""Entitlements and registration side by side, as they are wired for real: what one tells reaches the other at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from chassis.db.tables import outbox
from services.entitlements.adapters.tables import access, request, review_item, suspension
from tests.integration.delegation.books import Asked, Held, Key
from tests.integration.entitlements.test_waiting import jobs
from tests.integration.entitlements.world import World as Entitlements
from tests.integration.registration.practices_with_imports import Practices

REDEEMED = "registration.invitation.redeemed.v1"
MANAGERS = ("entitlements.manager.added.v1", "entitlements.manager.removed.v1")


def _be_patient(connection: Any, _: Any) -> None:
    """A walk is long, and its machine busy: whoever waits within a transaction is waited for."""
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    connection.commit()


class Offices:
    """Both services, with one clock between them."""

    def __init__(self, entitlements_url: str, registration_url: str, most_managers: int) -> None:
        self.entitlements = Entitlements(entitlements_url, managers_per_tin=most_managers)
        self.registration = Practices(registration_url, self.entitlements, address_limits=False)
        for each in (self.entitlements.service.engine, self.registration.service.engine):
            if each.dialect.name == "postgresql":
                each.dispose()
                event.listen(each, "connect", _be_patient)
        self._heard = {"entitlements": 0, "registration": 0}

    def close(self) -> None:
        self.entitlements.service.engine.dispose()
        self.registration.service.engine.dispose()

    def advance(self, **span: float) -> None:
        self.entitlements.clock.advance(**span)
        self.registration.clock.moment = self.entitlements.clock.moment

    def call(
        self, method: str, path: str, who: str, body: Any = None, *, matching: bool = False, support: bool = False
    ) -> TestResponse:
        """A call to entitlements, and all that it leads to."""
        headers = {"If-Match": "*"} if matching else {}
        answer = self.entitlements.call(method, path, who, body, headers, support=support)
        self.settle()
        return answer

    def act(self, method: str, path: str, who: str, body: Any = None) -> TestResponse:
        """A call to registration, and all that it leads to."""
        answer = self.registration.call(method, path, who, body)
        self.settle()
        return answer

    def hear(self, event_type: str, subject: str, data: dict[str, Any]) -> None:
        """An event reaches entitlements' inbox."""
        self.entitlements.deliver(self.entitlements.event(event_type, subject, data))
        self.settle()

    def run(self, job: str) -> None:
        """A job of entitlements, as `wardenry jobs run` does it."""
        jobs(self.entitlements).run(job)
        self.settle()

    def settle(self) -> None:
        """What registration tells may lead to managers who come and go, of whom it hears again."""
        for event_type, subject, data in self._news("registration", self.registration.service.engine, (REDEEMED,)):
            self.entitlements.deliver(self.entitlements.event(event_type, subject, data))
        for event_type, subject, data in self._news("entitlements", self.entitlements.service.engine, MANAGERS):
            self.registration.hear(event_type, subject, data)

    def _news(self, service: str, engine: Engine, types: Collection[str]) -> Iterator[tuple[str, str, Any]]:
        statement = select(outbox).where(outbox.c.position > self._heard[service]).order_by(outbox.c.position)
        with engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(statement).all()
        self._heard[service] = rows[-1].position if rows else self._heard[service]
        return ((row.type, row.subject, row.data) for row in rows if row.type in types)

    # The tables

    def held(self, tins: Collection[str]) -> dict[Key, Held]:
        """What nobody has closed yet at these TINs."""
        open_access = select(access).where(access.c.tin.in_(tins), access.c.ended_at.is_(None))
        suspends = select(suspension).where(suspension.c.tin.in_(tins), suspension.c.ended_at.is_(None))
        with self.entitlements.service.engine.connect().execution_options(write=False) as connection:
            rows, reasons = connection.execute(open_access).all(), connection.execute(suspends).all()
        held = {}
        for row in rows:
            key = (row.user_id, (row.tin, row.line))
            mine = [each for each in reasons if (each.user_id, (each.tin, each.line)) == key]
            causes = frozenset(each.cause for each in mine if each.functions is None)
            withheld = frozenset(code for each in mine for code in each.functions or ())
            held[key] = Held(row.level, frozenset(row.functions), row.until, causes, withheld, row.given_by)
        return held

    def requests(self, tins: Collection[str]) -> dict[str, Asked]:
        statement = select(request).where(request.c.tin.in_(tins))
        with self.entitlements.service.engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(statement).all()
        return {
            row.request_id: Asked(
                row.user_id,
                (row.tin, row.line),
                "waiting" if row.state in {"awaiting", "no_manager"} else row.state,
                row.decided_by if row.state == "approved" else None,
            )
            for row in rows
        }

    def review_items(self, review_id: str) -> dict[Key, str]:
        """The IDs of a review's items."""
        statement = select(review_item).where(review_item.c.review_id == review_id)
        with self.entitlements.service.engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(statement).all()
        return {(row.user_id, (row.tin, row.line)): row.item_id for row in rows}
