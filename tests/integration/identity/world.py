"""Identity as it is wired for real, on a database of its own; mail is read out of the sealed events."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.bus.envelope import Envelope
from chassis.bus.inbox import receive
from chassis.db.tables import outbox
from chassis.kernel.cause import Cause
from chassis.kernel.ids import new_id
from chassis.security.sealing import make_recipient_key, unseal
from chassis.security.service_tokens import ServiceTokens
from chassis.testing.clocks import StandingClock
from services.identity.adapters.demo_accounts import demo_accounts
from services.identity.adapters.secrets import place_of
from services.identity.bootstrap import build, seed_demo
from services.identity.settings import PortalClient, Settings

PASSWORD = "quiet-harbor-lantern-7"
WRONG = "other-harbor-lantern-7"
RECOVERED = "brisk-willow-anchor-3"
API = "/api/identity/v1"
ISSUER = "https://id.example.test"
SHARED = "00112233445566778899aabbccddeeff00112233"

Outcome = TypeVar("Outcome")
NOTIFY = make_recipient_key()


def settings(url: str, issuer: str = ISSUER) -> Settings:
    return Settings(
        database_url=url,
        issuer=issuer,
        edge_secret="0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
        service_secret=SHARED,
        sealing_keys="one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        pepper="5f4e3d2c1b0a99887766554433221100ffeeddcc",
        notify_public_key=json.dumps(NOTIFY.as_dict(private=False)),
        hash_passes=1,
        hash_memory_kib=64,
        hash_queue=200,
        address_limits=False,
        logout_to_private_addresses=True,
        portal_clients=tuple(_portal_client(site) for site in ("medical", "behavioral")),
    )


def _portal_client(site: str) -> PortalClient:
    origin = f"https://{site}.example.test"
    return PortalClient(
        client_id=f"wardenry-portal-{site}",
        secret=f"{site}-0123456789abcdef0123456789abcdef",
        site=site,
        redirect_uris=(f"{origin}/signed-in",),
        post_logout_redirect_uris=(f"{origin}/signed-out",),
    )


class World:
    """`client` calls are plain HTTP; the clock stands until a test moves it."""

    def __init__(self, url: str, issuer: str = ISSUER, **changes: Any) -> None:
        self.clock = StandingClock(datetime.now(UTC))
        self.settings = settings(url, issuer).model_copy(update=changes)
        self.service = build(self.settings, self.clock)
        self._told: dict[str, int] = {}
        self.service.migrate()
        self.service.prepare()
        self.people = [
            command for command in demo_accounts(PASSWORD, "medical") if command.user_id in {"mmartin5", "support1"}
        ]
        seed_demo(self.service, self.settings, PASSWORD, self.people)

    def post(self, path: str, body: Any = None, /, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.service.app.test_client().post(f"{API}{path}", json=body, headers=named)

    def get(self, path: str, token: str) -> TestResponse:
        return self.service.app.test_client().get(f"{API}{path}", headers={"Authorization": f"Bearer {token}"})

    def internal(self, path: str, body: Any) -> TestResponse:
        token = ServiceTokens([SHARED.encode()], "registration", self.clock).issue("identity")
        return self.service.app.test_client().post(
            f"/internal/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"}
        )

    def refresh(self, token: str) -> TestResponse:
        form = {"grant_type": "refresh_token", "client_id": "wardenry-api", "refresh_token": token}
        return self.service.app.test_client().post("/oidc/token", data=form)

    def begin(self, user_id: str = "mmartin5") -> dict[str, Any]:
        answer = self.post("/sign-in", {"user_id": user_id, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def send(self, step: dict[str, Any]) -> TestResponse:
        body = {"method": step["methods"][0]["id"]}
        return self.post(f"/sign-in/{step['challenge']}/send", body, X_Challenge_Secret=step["challenge_secret"])

    def verify(self, step: dict[str, Any], code: str) -> TestResponse:
        body = {"method": step["methods"][0]["id"], "code": code}
        return self.post(f"/sign-in/{step['challenge']}/verify", body, X_Challenge_Secret=step["challenge_secret"])

    def signed_in(self, user_id: str = "mmartin5") -> dict[str, Any]:
        step = self.begin(user_id)
        assert self.send(step).status_code == 202
        answer = self.verify(step, self.code())
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def register(self, user_id: str = "newperson", **changed: Any) -> str:
        """Somebody who registered and confirmed, with date of birth and answers; the user ID."""
        body = registration(user_id, **changed)
        assert self.internal("/reservations", body).status_code == 201
        submitted = {"registration_id": body["registration_id"], "user_id": user_id}
        subject = f"registration/{body['registration_id']}"
        self.deliver("registration.registration.submitted.v1", subject, submitted)
        assert self.post(f"/accounts/{user_id}/confirm", {"code": self.code()}).status_code == 204
        self.clock.advance(minutes=2)
        return user_id

    def forgot(self, user_id: str = "newperson") -> dict[str, Any]:
        """A recovery of that user ID's password, known or not."""
        answer = self.post("/recovery/password", {"user_id": user_id})
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def recover(self, flow: dict[str, Any], step: str, body: dict[str, Any] | None = None) -> TestResponse:
        """A further step, right unless said otherwise."""
        given = body or {"send": {"method": flow["methods"][0]["id"]}, "password": {"new_password": RECOVERED}}[step]
        return self.post(f"/recovery/{flow['challenge']}/{step}", given, X_Challenge_Secret=flow["challenge_secret"])

    def prove(self, flow: dict[str, Any], code: str, **changed: Any) -> TestResponse:
        """Code, and the date of birth and an answer of `registration`."""
        answer = {"question": "birth_city", "text": "lima"}
        body = {"code": code, "date_of_birth": "1980-02-29", "answer": answer} | changed
        return self.recover(flow, "verify", body)

    def events(self, event_type: str) -> list[dict[str, Any]]:
        """The data of what was published of a type, oldest first."""
        statement = select(outbox.c.data).where(outbox.c.type == event_type).order_by(outbox.c.position)
        with self.service.engine.connect().execution_options(write=False) as connection:
            return list(connection.execute(statement).scalars())

    def mail(self) -> dict[str, str]:
        """What notify would find in the latest seal."""
        data = self.events("identity.code.requested.v1")[-1]
        opened: dict[str, str] = json.loads(unseal([NOTIFY], data["sealed"], place_of(data["code_id"])))
        return opened

    def code(self) -> str:
        return self.mail()["code"]

    def count(self, table: Any) -> int:
        with self.service.engine.connect().execution_options(write=False) as connection:
            return len(connection.execute(select(table)).all())

    def deliver(self, event_type: str, subject: str, data: dict[str, Any], sequence: int = 1) -> None:
        """An event of another service arrives, and is worked off."""
        cause = Cause(actor="system:visitor", correlation_id="c-1", site="medical")
        moment = self.clock.now()
        source = event_type.partition(".")[0]
        envelope = Envelope(str(new_id()), source, event_type, subject, sequence, moment, data, cause)
        with self.service.engine.begin() as connection:
            receive(connection, [envelope], self.service.appetite)
        while self.service.inbox_step():
            pass

    def holds(self, user_id: str, tin: str, line: str, level: str | None, until: str | None = None) -> None:
        """What the user may do there from now on, as entitlements tells it; None: nothing."""
        turn = "removed" if level is None else "given"
        after: dict[str, Any] | None = None if level is None else {"level": level, "functions": [], "until": until}
        data = {"user_id": user_id, "tin": tin, "line": line, "before": None, "after": after}
        self._told[user_id] = self._told.get(user_id, 0) + 1
        self.deliver(f"entitlements.access.{turn}.v1", f"access/{user_id}", data, self._told[user_id])

    def act(self, token: str, path: str, body: Any = None, /, **headers: str) -> TestResponse:
        """A call in somebody's name."""
        return self.post(path, body, Authorization=f"Bearer {token}", **headers)

    def at_once(self, calls: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
        """Make all the calls side by side."""
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(call) for call in calls]]


def registration(user_id: str = "newperson", **changed: Any) -> dict[str, Any]:
    """What registration sends to have an account reserved."""
    return {
        "registration_id": str(new_id()),
        "user_id": user_id,
        "password": PASSWORD,
        "date_of_birth": "1980-02-29",
        "security_answers": [
            {"question": "first_pet", "answer": "Rex"},
            {"question": "birth_city", "answer": "Lima"},
        ],
        "site": "behavioral",
        "language": "es",
        "person": {
            "first_name": "Nora",
            "middle_initial": None,
            "last_name": "Person",
            "email": "nora@practice.example",
            "phone": "+12125550111",
            "extension": None,
            "mobile": None,
            "job_role": "credentialing",
            "address": {"line1": "1 Main", "line2": None, "city": "Hartford", "state": "CT", "zip": "06103"},
        },
    } | changed
