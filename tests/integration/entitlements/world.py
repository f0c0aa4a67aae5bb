"""Entitlements as it is wired for real, and what reaches it: events into its inbox, calls of people with tokens."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import receive
from chassis.db.sessions import remember_verification_key
from chassis.db.tables import inbox_subject, outbox
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.security.callers import Caller, ClientCaller
from chassis.security.signing import SigningKey
from chassis.security.tokens import claims_of
from chassis.testing.clocks import StandingClock
from chassis.wiring import Wiring, around
from services.entitlements.adapters.store import SqlStore
from services.entitlements.application.ports import Store
from services.entitlements.application.seed_access import Seed, SeedAccess, seed_access
from services.entitlements.bootstrap import build, make_ports
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line, Place
from services.entitlements.events.published import SCHEMAS, publish
from services.entitlements.settings import Settings

ISSUER = "https://id.example.test"
OURS, THEIRS = "123456789", "223344556"
PATH = "/api/entitlements/v1"


def settings(url: str, **changes: Any) -> Settings:
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    return Settings(
        database_url=url,
        issuer=ISSUER,
        edge_secret="0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        service_secret="00112233445566778899aabbccddeeff00112233",
        sealing_keys=f"one:{key}",
        **changes,
    )


def person(first_name: str, last_name: str, user_id: str) -> dict[str, Any]:
    return {
        "first_name": first_name,
        "middle_initial": None,
        "last_name": last_name,
        "email": f"{user_id}@example.com",
        "phone": "+18605550100",
        "extension": None,
        "mobile": None,
        "job_role": "billing_operations",
        "address": None,
    }


class World:
    def __init__(self, url: str, **changes: Any) -> None:
        self.clock = StandingClock(datetime.now(UTC))
        self.settings = settings(url, **changes)
        self.service = build(self.settings, self.clock)
        self.service.migrate()
        self._key = SigningKey.make()
        self._sequences: dict[str, itertools.count[int]] = {}
        with self.service.engine.begin() as connection:
            remember_verification_key(connection, self._key.kid, self._key.public_jwk(), None)

    @property
    def wiring(self) -> Wiring[Store]:
        return around(self.service, SqlStore, publish, self.clock)

    # Events

    def event(self, event_type: str, subject: str, data: dict[str, Any]) -> Envelope:
        sequence = next(self._sequences.setdefault(subject, itertools.count(1)))
        cause = Cause(actor="user:somebody", correlation_id="c-1", site="medical")
        source = event_type.partition(".")[0]
        return Envelope(str(new_id()), source, event_type, subject, sequence, self.clock.now(), data, cause)

    def deliver(self, *envelopes: Envelope) -> None:
        """Until everything that follows from them is done."""
        self.hear(*envelopes)
        while self.follow_lines():
            pass

    def hear(self, *envelopes: Envelope) -> None:
        """Until the inbox is empty; what is done in the background afterwards is not begun."""
        with self.service.engine.begin() as connection:
            receive(connection, envelopes, self.service.appetite)
        while self.service.inbox_step():
            pass
        with self.service.engine.connect().execution_options(write=False) as connection:
            failed = connection.execute(select(inbox_subject).where(inbox_subject.c.attempts > 0)).all()
        assert failed == [], failed

    def follow_lines(self) -> bool:
        """A step of the errand that has access follow the directory; False where nothing has to."""
        return next(errand for errand in self.service.errands if errand.name == "lines").step()

    def practice(self, tin: str, name: str, *lines: str, version: int = 1) -> None:
        self.deliver(self.directory_event(tin, name, *lines, version=version))

    def directory_event(self, tin: str, name: str, *lines: str, version: int) -> Envelope:
        practices = [{"tin": tin, "name": name, "lines": list(lines), "version": version}]
        batch = str(new_id())
        data = {"batch": batch, "practices": practices}
        return self.event("registration.directory.changed.v1", f"directory/{batch}", data)

    def account(self, user_id: str, first_name: str = "Sally", last_name: str = "Smith", **more: Any) -> None:
        self.deliver(self.account_event("created", user_id, first_name, last_name, **more))

    def account_event(
        self,
        happened: str,
        user_id: str,
        first_name: str = "Sally",
        last_name: str = "Smith",
        *,
        state: str = "active",
        registration_id: str | None = None,
    ) -> Envelope:
        data = {
            "user_id": user_id,
            "kind": "user",
            "registration_id": registration_id,
            "site": "medical",
            "language": "en",
            "state": state,
            "person": person(first_name, last_name, user_id),
        }
        return self.event(f"identity.account.{happened}.v1", f"account/{user_id}", data)

    def submitted(self, registration_id: str, user_id: str, *places: tuple[str, str]) -> Envelope:
        requests = [
            {"request_id": str(new_id()), "tin": tin, "line": line, "practice": None, "associated": True}
            for tin, line in places
        ]
        data = {
            "registration_id": registration_id,
            "user_id": user_id,
            "submitted_at": self.clock.now().isoformat(),
            "requests": requests,
            "person": person("Sally", "Smith", user_id),
        }
        return self.event("registration.registration.submitted.v1", f"registration/{registration_id}", data)

    def published(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The data of what was published, each checked against the shape that is promised."""
        statement = select(outbox).order_by(outbox.c.position)
        with self.service.engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(statement).all()
        for row in rows:
            assert SCHEMAS[row.type]().validate(row.data) == {}
        return [row.data for row in rows if event_type in {None, row.type}]

    # Access, as an operator would put it in place

    def give(
        self, user_id: str, level: str, *functions: str, tin: str = OURS, line: str = "medical", until: int = 0
    ) -> None:
        end = self.clock.now() + timedelta(days=until) if until else None
        grant = Grant.of(Level(level), functions, end)
        self.seed(Seed(user_id, Place(tin, Line(line)), grant))

    def seed(self, *seeds: Seed) -> None:
        ports = make_ports(self.settings, self.clock, self.service.engine)
        self.wiring.run("system:test", lambda work: seed_access(SeedAccess("system:test", seeds), work, ports))

    # Calls

    def call(
        self,
        method: str,
        path: str,
        user_id: str | None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        support: bool = False,
    ) -> TestResponse:
        """A call of this user, or of nobody."""
        headers = dict(headers or {})
        if user_id is not None:
            headers["Authorization"] = f"Bearer {self.token(user_id, *(['support'] if support else []))}"
        options: dict[str, Any] = {} if body is None else {"json": body}
        return self.service.app.test_client().open(PATH + path, method=method, headers=headers, **options)

    def get(self, path: str, user_id: str | None) -> TestResponse:
        return self.call("GET", path, user_id)

    def items(self, path: str, user_id: str) -> list[dict[str, Any]]:
        answer = self.get(path, user_id)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.get_json()["items"]
        return found

    def etag(self, user_id: str, viewer: str) -> str:
        answer = self.get(f"/users/{user_id}/access", viewer)
        assert answer.status_code == 200, answer.text
        return answer.headers["ETag"]

    def put(
        self, giver: str, user_id: str, *changes: dict[str, Any], etag: str | None = None, **more: Any
    ) -> TestResponse:
        """A change with the ETag as it is now, unless another is named."""
        etag = etag or self.etag(user_id, giver)
        body = {"changes": list(changes), **more}
        return self.call("PUT", f"/users/{user_id}/access", giver, body, {"If-Match": etag})

    def check(self, user_id: str, function: str, tin: str = OURS, line: str = "medical") -> tuple[bool, str]:
        body = {"user_id": user_id, "function": function, "tin": tin, "line": line}
        answer = self.call("POST", "/check", user_id, body)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["allowed"], answer.get_json()["reason"]

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

    def client_token(self, *scopes: str) -> str:
        caller = ClientCaller("portal-of-a-site", frozenset(scopes))
        return self._key.sign(claims_of(caller, issuer=ISSUER, now=self.clock.now()), typ="at+jwt")


def change(level: str | None, *functions: str, tin: str = OURS, line: str = "medical", **more: Any) -> dict[str, Any]:
    return {"tin": tin, "line": line, "level": level, "functions": list(functions), **more}


def codes(answer: TestResponse) -> Sequence[tuple[str | None, str]]:
    """What a refusal or a preview names as forbidden."""
    return [(each.get("function"), each["code"]) for each in answer.get_json()["violations"]]
