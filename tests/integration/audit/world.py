"""Audit as it is wired for real, and what reaches it: events into its inbox, calls of people with tokens."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select
from werkzeug.test import TestResponse

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import receive
from chassis.db.sessions import remember_verification_key
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.security.callers import Caller
from chassis.security.signing import SigningKey
from chassis.security.tokens import claims_of
from chassis.testing.clocks import StandingClock
from services.audit.adapters.tables import entry
from services.audit.bootstrap import build
from services.audit.settings import Settings

ISSUER = "https://id.example.test"
OURS, THEIRS = "123456789", "223344556"
PATH = "/api/audit/v1"


def settings(url: str) -> Settings:
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    return Settings(
        database_url=url,
        issuer=ISSUER,
        edge_secret="0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        service_secret="00112233445566778899aabbccddeeff00112233",
        sealing_keys=f"one:{key}",
    )


def grant(level: str, *functions: str, until: datetime | None = None) -> dict[str, Any]:
    return {"level": level, "functions": list(functions), "until": until and until.isoformat()}


def person(first_name: str = "Sally", last_name: str = "Smith", phone: str = "+18605550100") -> dict[str, Any]:
    return {
        "first_name": first_name,
        "middle_initial": None,
        "last_name": last_name,
        "email": "ssmith1234@example.com",
        "phone": phone,
        "extension": None,
        "job_role": "Biller",
    }


class World:
    def __init__(self, url: str) -> None:
        self.clock = StandingClock(datetime.now(UTC))
        self.service = build(settings(url), self.clock)
        self.service.migrate()
        self._key = SigningKey.make()
        self._sequences: dict[str, itertools.count[int]] = {}
        with self.service.engine.begin() as connection:
            remember_verification_key(connection, self._key.kid, self._key.public_jwk(), None)

    def event(self, event_type: str, subject: str, data: dict[str, Any], *, actor: str = "user:geogym1") -> Envelope:
        sequence = next(self._sequences.setdefault(subject, itertools.count(1)))
        cause = Cause(actor=actor, correlation_id="c-1", site="medical", address="192.0.2.7")
        source = event_type.partition(".")[0]
        return Envelope(str(new_id()), source, event_type, subject, sequence, self.clock.now(), data, cause)

    def access(
        self,
        user_id: str,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        *,
        tin: str = OURS,
        line: str = "medical",
        by: str = "mmartin5",
        about: dict[str, Any] | None = None,
    ) -> Envelope:
        what = "removed" if after is None else "given" if before is None else "changed"
        data = {
            "access_id": "a-1",
            "user_id": user_id,
            "tin": tin,
            "line": line,
            "practice": None,
            "by": by,
            "at": self.clock.now().isoformat(),
            "request_id": None,
            "before": before,
            "after": after,
            "person": about or person(),
        }
        return self.event(f"entitlements.access.{what}.v1", f"access/{user_id}", data)

    def put(self, *envelopes: Envelope) -> None:
        """Into the inbox alone."""
        with self.service.engine.begin() as connection:
            receive(connection, envelopes, self.service.appetite)

    def deliver(self, *envelopes: Envelope) -> None:
        self.put(*envelopes)
        while self.service.inbox_step():
            pass

    def hold(self, user_id: str, level: str, **place: Any) -> None:
        """Somebody is given a level, by event as always."""
        self.deliver(self.access(user_id, None, grant(level), **place))

    def get(self, path: str, user_id: str | None = None, /, **query: str) -> TestResponse:
        """A call of this user, or of nobody."""
        return self._get(path, self.token(user_id) if user_id else None, query)

    def get_as_support(self, path: str, /, **query: str) -> TestResponse:
        """A call of the agent `support1`."""
        return self._get(path, self.token("support1", "support"), query)

    def _get(self, path: str, token: str | None, query: dict[str, str]) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.service.app.test_client().get(PATH + path, query_string=query, headers=headers, buffered=True)

    def token(self, user_id: str, *scopes: str) -> str:
        now = self.clock.now()
        caller = Caller(
            user_id=user_id,
            session_id=f"session-of-{user_id}",
            site="medical",
            acr="2",
            amr=("pwd", "otp"),
            auth_time=now - timedelta(minutes=1),
            scopes=frozenset(scopes),
            client_id="portal",
        )
        return self._key.sign(claims_of(caller, issuer=ISSUER, now=now), typ="at+jwt")

    def rows(self, table: Table) -> Sequence[Any]:
        with self.service.engine.connect().execution_options(write=False) as connection:
            return connection.execute(select(table).order_by(*table.primary_key.columns)).all()

    def add(self, table: Table, rows: list[dict[str, Any]]) -> None:
        with self.service.engine.begin() as connection:
            connection.execute(insert(table), rows)

    def log(self) -> Sequence[Any]:
        return self.rows(entry)
