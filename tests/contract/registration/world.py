"""Registration as it is wired for real over SQLite, with a stand-in for identity at the other end of its transport."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import receive
from chassis.db.sessions import remember_verification_key
from chassis.db.tables import outbox
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.security.callers import SUPPORT_SCOPE, Caller
from chassis.security.service_tokens import ServiceTokens
from chassis.security.signing import SigningKey
from chassis.security.tokens import claims_of
from chassis.settings import secret_bytes
from chassis.testing.clocks import StandingClock
from services.registration.bootstrap import build, seed_demo
from services.registration.settings import Settings

ISSUER = "https://id.example.test"
PATH = "/api/registration/v1"


def settings(url: str, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "issuer": ISSUER,
        "edge_secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        "service_secret": "00112233445566778899aabbccddeeff00112233",
        "sealing_keys": "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "identity_url": "http://identity.invalid",
        "entitlements_url": "http://entitlements.invalid",
        "email_domains_looked_up": False,
    }
    return Settings(**given | changes)


@dataclass
class FakeIdentity:
    """Answers as identity's internal API does; `answers` go before what it would say by itself."""

    clock: StandingClock
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[httpx.Response | Exception] = field(default_factory=list)
    reserved: dict[str, str] = field(default_factory=dict)
    before_answering: Callable[[], object] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        secret = secret_bytes(settings("sqlite://").service_secret)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        assert ServiceTokens([secret], "identity", self.clock).verify(token).service == "registration"
        body = json.loads(request.content)
        self.calls.append((request.url.path, body))
        self.before_answering()
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        if request.url.path.endswith("/check"):
            return httpx.Response(200, json={"faults": [], "suggestions": []})
        user_id = body["user_id"].lower()
        if self.reserved.setdefault(user_id, body["registration_id"]) != body["registration_id"]:
            refusal = {"code": "user_id_taken", "suggestions": ["one", "two", "three"]}
            return httpx.Response(409, json=refusal)
        made = {"reservation_id": body["registration_id"], "user_id": user_id, "lapses_at": "2026-03-03T00:00:00Z"}
        return httpx.Response(201, json=made)


@dataclass
class FakeEntitlements:
    """Lets everybody prepare everything, unless `verdicts` say otherwise."""

    clock: StandingClock
    calls: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] | None = None
    is_away: bool = False
    before_answering: Callable[[], object] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        secret = secret_bytes(settings("sqlite://").service_secret)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        assert ServiceTokens([secret], "entitlements", self.clock).verify(token).service == "registration"
        if self.is_away:
            return httpx.Response(503, json={})
        body = json.loads(request.content)
        self.calls.append(body)
        self.before_answering()
        allowed: list[dict[str, Any]] = [{"faults": [], "violations": []} for _ in body["prepared"]]
        return httpx.Response(200, json={"verdicts": self.verdicts or allowed})


class World:
    def __init__(
        self, url: str, *, transports: Mapping[str, httpx.BaseTransport] | None = None, **changes: Any
    ) -> None:
        self.clock = StandingClock(datetime.now(UTC))
        self.identity = FakeIdentity(self.clock)
        self.entitlements = FakeEntitlements(self.clock)
        ways = {
            "identity": httpx.MockTransport(self.identity),
            "entitlements": httpx.MockTransport(self.entitlements),
            **(transports or {}),
        }
        self.service = build(settings(url, **changes), self.clock, transports=ways)
        self.service.migrate()
        self.amr: tuple[str, ...] = ("pwd", "otp", "email")
        self.since_step = timedelta(0)
        self._key = SigningKey.make()
        self._sequences: dict[str, itertools.count[int]] = {}
        with self.service.engine.begin() as connection:
            remember_verification_key(connection, self._key.kid, self._key.public_jwk(), None)
        seed_demo(self.service)

    def get(self, path: str, user_id: str | None = None, /, **query: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(user_id)}"} if user_id else {}
        return self.service.app.test_client().get(f"{PATH}{path}", headers=headers, query_string=query)

    def act(self, agent: str, path: str, body: Any = None) -> TestResponse:
        """What a signed-in person does."""
        return self.post(path, body, Authorization=f"Bearer {self.token(agent)}")

    def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> TestResponse:
        if key:
            headers["Idempotency-Key"] = key
        return self.service.app.test_client().post(f"{PATH}{path}", json=body, headers=headers)

    def call(
        self, method: str, path: str, user_id: str | None = None, body: Any = None, key: str | None = None, **more: str
    ) -> TestResponse:
        """A call of a signed-in person, or of nobody."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if user_id:
            headers["Authorization"] = f"Bearer {self.token(user_id)}"
        if key:
            headers["Idempotency-Key"] = key
        return self.service.app.test_client().open(f"{PATH}{path}", method=method, json=body, headers=headers)

    def token(self, user_id: str) -> str:
        """Of somebody who passed a second step `since_step` ago, by the means of `amr`."""
        scopes = frozenset({SUPPORT_SCOPE} if user_id.startswith("support") else ())
        stepped_at = self.clock.now() - self.since_step
        caller = Caller(user_id, str(new_id()), "medical", "2", self.amr, stepped_at, scopes, "wardenry-api")
        return self._key.sign(claims_of(caller, issuer=ISSUER, now=self.clock.now()), typ="at+jwt")

    def hear(self, event_type: str, subject: str, data: dict[str, Any]) -> None:
        sequence = next(self._sequences.setdefault(subject, itertools.count(1)))
        source = event_type.partition(".")[0]
        cause = Cause("user:zoe.obrien", "c-1")
        envelope = Envelope(str(new_id()), source, event_type, subject, sequence, self.clock.now(), data, cause)
        with self.service.engine.begin() as connection:
            receive(connection, [envelope], self.service.appetite)
        while self.service.inbox_step():
            pass

    def account(self, user_id: str, kind: str = "user", **changes: Any) -> None:
        """An account as identity tells of it once it is confirmed."""
        first_name = user_id.split(".", maxsplit=1)[0].title()
        person = {"first_name": first_name, "last_name": "Example", "email": f"{user_id}@example.com"}
        data = {"user_id": user_id, "kind": kind, "registration_id": None, "person": person} | changes
        self.hear("identity.account.confirmed.v1", f"account/{user_id}", data)

    def published(self, event_type: str) -> list[dict[str, Any]]:
        with self.service.engine.connect() as connection:
            statement = select(outbox.c.data).where(outbox.c.type == event_type).order_by(outbox.c.position)
            return list(connection.execute(statement).scalars())

    def everything_kept(self) -> str:
        """The whole database as text."""
        with self.service.engine.connect() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            return repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in tables])  # noqa: S608


def form(user_id: str = "Zoe.Obrien", **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "practice_type": ["medical"],
        "tins": [{"tin": "22-3344556"}],
        "profile": {
            "first_name": "Zoë",
            "middle_initial": "Q",
            "last_name": "O’Brien-Núñez",
            "job_role": "physician",
            "address": {"line1": "1 Main Street", "city": "Hartford", "state": "CT", "zip": "06101"},
            "phone": "860-555-0142",
            "email": "zoe@example.com",
        },
        "user_id": user_id,
        "password": "quiet-Falcon-orbits-9",
        "date_of_birth": "1984-05-17",
        "security_answers": [
            {"question": "first_pet", "answer": "Schnürli"},
            {"question": "birth_city", "answer": "St. Gallen"},
        ],
    }
    return body | changes
