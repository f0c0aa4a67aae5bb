"""Second steps over HTTP: an app that shows codes by the world's clock, and stepping up."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from services.identity.domain.totp import code_of, step_at
from tests.integration.identity.world import API, World
from tests.unit.identity.security_key import SecurityKey

PAPER = "recovery_code"
MEDICAL = "https://medical.example.test"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, by a code that was just mailed."""

    world: World
    token: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = self.world.service.app.test_client()
        bearer = {"Authorization": f"Bearer {self.token}"}
        return client.open(f"{API}{path}", method=method, json=body, headers=bearer | named)

    def begin_app(self, name: str = "My phone") -> App:
        answer = self.call("POST", "/me/authenticators", {"kind": "totp", "name": name})
        assert answer.status_code == 201, answer.text
        begun = answer.get_json()
        return App(self.world, begun["id"], base64.b32decode(begun["secret"]), begun["otpauth_uri"])

    def begin_passkey(self, name: str = "My laptop") -> dict[str, Any]:
        answer = self.call("POST", "/me/authenticators", {"kind": "passkey", "name": name})
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())

    def confirm_passkey(self, begun: dict[str, Any], attestation: dict[str, Any]) -> TestResponse:
        return self.call("POST", f"/me/authenticators/{begun['id']}/confirm", {"attestation": attestation})

    def with_passkey(self, origin: str = MEDICAL) -> SecurityKey:
        key, begun = SecurityKey(origin), self.begin_passkey()
        answer = self.confirm_passkey(begun, key.create(begun["options"]))
        assert answer.status_code == 200, answer.text
        return key

    def confirm(self, app: App, code: str) -> TestResponse:
        return self.call("POST", f"/me/authenticators/{app.id}/confirm", {"code": code})

    def with_app(self) -> App:
        app = self.begin_app()
        assert self.confirm(app, app.code()).status_code == 200
        self.world.clock.advance(seconds=60)
        return app

    def with_paper(self) -> list[str]:
        answer = self.call("POST", "/me/recovery-codes")
        assert answer.status_code == 200, answer.text
        return list(answer.get_json()["codes"])

    def step_up(self, method: str, code: str) -> TestResponse:
        return self.verify_up(self.begin_up(), method, code)

    def begin_up(self) -> dict[str, Any]:
        answer = self.call("POST", "/me/step-up")
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def verify_up(self, step: dict[str, Any], method: str, code: str) -> TestResponse:
        return self.prove_up(step, {"method": method, "code": code})

    def prove_up(self, step: dict[str, Any], body: dict[str, Any]) -> TestResponse:
        secret = step["challenge_secret"]
        return self.call("POST", f"/me/step-up/{step['challenge']}/verify", body, X_Challenge_Secret=secret)


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app."""

    world: World
    id: str
    secret: bytes
    uri: str

    def code(self, steps: int = 0) -> str:
        return code_of(self.secret, step_at(self.world.clock.now()) + steps)


def person(world: World, user_id: str = "mmartin5") -> Person:
    world.clock.advance(minutes=2)
    return Person(world, world.signed_in(user_id)["access_token"])


def verify(world: World, step: dict[str, Any], method: str, code: str) -> TestResponse:
    return prove(world, step, {"method": method, "code": code})


def prove(world: World, step: dict[str, Any], body: dict[str, Any]) -> TestResponse:
    return world.post(f"/sign-in/{step['challenge']}/verify", body, X_Challenge_Secret=step["challenge_secret"])
