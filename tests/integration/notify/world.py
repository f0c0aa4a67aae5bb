"""Notify as it is wired for real, with its own mailbox: events into its inbox, calls of people with tokens."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine, Table, select, update
from werkzeug.test import TestResponse

from chassis.bus.envelope import Envelope, rfc3339
from chassis.bus.inbox import receive
from chassis.db.outbox import Outlet
from chassis.db.sessions import remember_verification_key
from chassis.db.tables import inbox_subject
from chassis.db.work import SqlUnitOfWork
from chassis.kernel.cause import Cause
from chassis.kernel.clock import SystemClock
from chassis.kernel.ids import new_id
from chassis.security.callers import Caller
from chassis.security.sealing import make_recipient_key, seal_for
from chassis.security.signing import SigningKey
from chassis.security.tokens import claims_of
from chassis.testing.waiting import eventually
from services.notify.adapters.deliveries import Deliveries
from services.notify.adapters.store import SqlStore
from services.notify.adapters.tables import message
from services.notify.application.outside import Mailer
from services.notify.bootstrap import build, make_ports
from services.notify.domain.notices import Channel
from services.notify.events.published import SOURCE, publish
from services.notify.settings import Settings
from tests.unit.notify.world import TIN, person

ISSUER = "https://id.example.test"
PATH = "/api/notify/v1"
KEY = make_recipient_key()


def settings(url: str, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "issuer": ISSUER,
        "edge_secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        "service_secret": "00112233445566778899aabbccddeeff00112233",
        "sealing_keys": "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "private_keys": json.dumps(KEY.as_dict(private=True)),
        "support_queue": "support@plan.example",
        "portal_urls": {"medical": "http://localhost:8080", "behavioral": "http://localhost:8081"},
        "local_mailbox": True,
    }
    return Settings(**given | changes)


class World:
    def __init__(self, url: str, **changes: Any) -> None:
        self.settings = settings(url, **changes)
        self.service = build(self.settings)
        self.service.migrate()
        self._key = SigningKey.make()
        self._sequences: dict[str, itertools.count[int]] = {}
        with self.service.engine.begin() as connection:
            remember_verification_key(connection, self._key.kid, self._key.public_jwk(), None)

    def event(self, event_type: str, subject: str, data: dict[str, Any], **changes: Any) -> Envelope:
        given: dict[str, Any] = {
            "id": str(new_id()),
            "source": event_type.partition(".")[0],
            "type": event_type,
            "subject": subject,
            "sequence": next(self._sequences.setdefault(subject, itertools.count(1))),
            "time": datetime.now(UTC),
            "data": data,
            "cause": Cause(actor="user:zoe", correlation_id="c-1"),
        }
        return Envelope(**given | changes)

    def account(self, user_id: str, **changes: Any) -> Envelope:
        data = {
            "user_id": user_id,
            "kind": "user",
            "registration_id": None,
            "site": "medical",
            "language": "en",
            "confirmed_at": rfc3339(datetime.now(UTC)),
            "person": person(user_id),
        }
        return self.event("identity.account.confirmed.v1", f"account/{user_id}", data | changes)

    def code(self, user_id: str, code: str, *, minutes: float = 10, to: str | None = None, **changes: Any) -> Envelope:
        code_id = str(new_id())
        address = to or f"{user_id}@example.com"
        content = orjson.dumps({"code": code, "to": address, "first_name": "Mary"})
        data = {
            "code_id": code_id,
            "user_id": user_id,
            "purpose": "sign_in",
            "channel": "email",
            "language": "en",
            "site": "medical",
            "expires_at": rfc3339(datetime.now(UTC) + timedelta(minutes=minutes)),
            "sealed": seal_for(KEY, content, f"identity.code.requested.v1:{code_id}"),
        }
        return self.event("identity.code.requested.v1", f"account/{user_id}", data | changes)

    def reuse(self, user_id: str) -> Envelope:
        data = {"user_id": user_id, "session_id": "s"}
        return self.event("identity.refresh_token.reused.v1", f"account/{user_id}", data)

    def request(self, request_id: str, managers: list[str]) -> Envelope:
        data = {
            "request_id": request_id,
            "registration_id": None,
            "user_id": "zoe",
            "tin": TIN,
            "line": "medical",
            "practice": "State Medical Center",
            "state": "awaiting",
            "since": rfc3339(datetime.now(UTC)),
            "managers": managers,
            "person": person("zoe", first_name="Zoë\r\nBcc: all@example.com"),
        }
        return self.event("entitlements.request.opened.v1", f"request/{request_id}", data)

    def hear(self, *envelopes: Envelope) -> None:
        """Into the inbox, and worked off."""
        with self.service.engine.begin() as connection:
            receive(connection, envelopes, self.service.appetite)
        eventually(lambda: not self.service.inbox_step() and not self.waits())

    def waits(self) -> bool:
        """Whether anything in the inbox is still to be worked off."""
        return any(row.due_at for row in self.rows(inbox_subject))

    def send(self) -> None:
        """Let one sender run until nothing is due."""
        while self.service.errands[0].step():
            pass

    def sender(self, mailer: Callable[[Engine], Mailer], *, lease: timedelta = timedelta(minutes=1)) -> Deliveries:
        """A further sender of the same service, with another provider."""
        engine, outlet = self.service.engine, Outlet(SOURCE, publish)
        ports = make_ports(self.settings, engine, SystemClock())
        house = replace(ports.house, lease=lease)
        ports = replace(ports, mailers={Channel.EMAIL: mailer(engine)}, house=house)
        return Deliveries(lambda cause: SqlUnitOfWork(engine, SqlStore, outlet, cause, SystemClock()), ports)

    def make_due(self) -> None:
        """As if the pauses were over."""
        with self.service.engine.begin() as connection:
            connection.execute(
                update(message).where(message.c.due_at.is_not(None)).values(due_at=datetime(2026, 1, 1, tzinfo=UTC))
            )

    def mails(self, **query: str) -> list[dict[str, Any]]:
        answer = self.service.app.test_client().get("/dev/messages", query_string=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.get_json()["items"]
        return items

    def call(self, method: str, path: str, user_id: str | None = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(user_id)}"} if user_id else {}
        return self.service.app.test_client().open(path, method=method, headers=headers, **options)

    def token(self, user_id: str) -> str:
        now = datetime.now(UTC)
        caller = Caller(
            user_id=user_id,
            session_id=f"session-of-{user_id}",
            site="medical",
            acr="2",
            amr=("pwd", "otp"),
            auth_time=now - timedelta(minutes=1),
            scopes=frozenset(),
            client_id="portal",
        )
        return self._key.sign(claims_of(caller, issuer=ISSUER, now=now), typ="at+jwt")

    def rows(self, table: Table) -> Sequence[Any]:
        with self.service.engine.connect().execution_options(write=False) as connection:
            return connection.execute(select(table).order_by(*table.primary_key.columns)).all()
