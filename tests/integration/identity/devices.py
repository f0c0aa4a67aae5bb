"""Browsers that somebody signs in by, over HTTP: each with its `User-Agent`, its address, and what it remembers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from werkzeug.test import TestResponse

from tests.integration.identity.second_steps import Person
from tests.integration.identity.world import API, PASSWORD, World

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER_FIREFOX = FIREFOX.replace("140.0", "141.0")
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15"
OFFICE, ELSEWHERE_IN_US, IN_GERMANY = "8.8.8.8", "4.2.2.1", "193.99.144.80"


@dataclass
class Visit:
    """One browser of one person."""

    world: World
    user_id: str = "mmartin5"
    agent: str = FIREFOX
    address: str = OFFICE
    token: str | None = None

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {"User-Agent": self.agent, **{name.replace("_", "-"): value for name, value in headers.items()}}
        client = self.world.service.app.test_client()
        around = {"REMOTE_ADDR": self.address}
        return client.post(f"{API}{path}", json=body, headers=named, environ_overrides=around)

    def begin(self, password: str = PASSWORD) -> TestResponse:
        body = {"user_id": self.user_id, "password": password}
        return self.post("/sign-in", body | ({"device_token": self.token} if self.token else {}))

    def state(self) -> str:
        """What the right password comes to: the state, or why more is asked."""
        answer = self.begin()
        assert answer.status_code == 200, answer.text
        step = answer.get_json()
        return str(step.get("reason") or step["state"])

    def sign_in(self, *, remember: bool = False) -> dict[str, Any]:
        """With a code by e-mail; a device token that comes is kept."""
        self.world.clock.advance(minutes=2)
        step = self.begin().get_json()
        method, secret = step["methods"][0]["id"], step["challenge_secret"]
        path = f"/sign-in/{step['challenge']}"
        assert self.post(f"{path}/send", {"method": method}, X_Challenge_Secret=secret).status_code == 202
        body = {"method": method, "code": self.world.code(), "remember_device": remember}
        answer = self.post(f"{path}/verify", body, X_Challenge_Secret=secret)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.get_json()
        self.token = done.get("device_token", self.token)
        return done

    def person(self, *, remember: bool = False) -> Person:
        """Signed in by a code, whatever is remembered."""
        visit = self if remember else replace(self, token=None)
        return Person(self.world, visit.sign_in(remember=remember)["access_token"])
