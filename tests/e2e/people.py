"""People as they meet Wardenry: each knows what it entered, and reads its own mail."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment

_NO_KEEPING = httpx.Limits(max_keepalive_connections=0)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def registration(user_id: str, tins: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """The body of `POST registrations` for a person who does everything right."""
    body: dict[str, Any] = {
        "practice_type": ["medical"],
        "tins": tins,
        "profile": {
            "first_name": "Zoë",
            "middle_initial": "Q",
            "last_name": "O’Brien-Núñez",
            "job_role": "billing_operations",
            "address": {"line1": "1 Main Street", "city": "Hartford", "state": "CT", "zip": "06101"},
            "phone": "860-555-0142",
            "email": f"{user_id}@example.com",
            "language": "en",
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


@dataclass
class Person:
    """Somebody with a user ID, a password and a mailbox."""

    deployment: Deployment
    user_id: str
    password: str = "quiet-Falcon-orbits-9"
    email: str = ""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, limits=_NO_KEEPING))
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.email = self.email or f"{self.user_id}@example.com"

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call the API, signed in if this person is; unsafe calls carry a key of their own unless one is given."""
        headers = dict(options.pop("headers", {}))
        if self.tokens:
            headers.setdefault("Authorization", f"Bearer {self.tokens['access_token']}")
        if method != "GET":
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex)
        return self.http.request(method, self.deployment.url(path), headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return self.call("POST", path, json=body, **options)

    def register(self, tins: list[dict[str, Any]], **changes: Any) -> httpx.Response:
        return self.post("/api/registration/v1/registrations", registration(self.user_id, tins, **changes))

    def confirm(self) -> httpx.Response:
        code = self.code("confirm_email")
        return self.post(f"/api/identity/v1/accounts/{self.user_id}/confirm", {"code": code})

    def sign_in(self) -> dict[str, Any]:
        """Password, then the code from the mailbox."""
        begun = self.post("/api/identity/v1/sign-in", {"user_id": self.user_id, "password": self.password})
        assert begun.status_code == 200, begun.text
        assert begun.json()["state"] == "second_step", begun.text
        challenge, method = begun.json()["challenge"], begun.json()["methods"][0]["id"]
        secret = {"X-Challenge-Secret": begun.json()["challenge_secret"]}
        earlier = self._codes("sign_in_code")
        sent = self.post(f"/api/identity/v1/sign-in/{challenge}/send", {"method": method}, headers=secret)
        assert sent.status_code == 202, sent.text
        body = {"method": method, "code": self.code("sign_in_code", after=earlier)}
        done = self.post(f"/api/identity/v1/sign-in/{challenge}/verify", body, headers=secret)
        assert done.status_code == 200, done.text
        assert done.json()["state"] == "signed_in"
        self.tokens = done.json()
        return self.tokens

    def refresh(self) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "client_id": "wardenry-api",
            "refresh_token": self.tokens["refresh_token"],
        }
        answer = self.http.post(self.deployment.url("/oidc/token"), data=form)
        if answer.status_code == 200:
            self.tokens |= answer.json()
        return answer

    def code(self, notice: str, *, after: int = 0) -> str:
        """The code of the newest mail of a notice, once there are more than `after` of them."""
        eventually(lambda: self._codes(notice) > after, within=60)
        mail = next(mail for mail in self.deployment.mails(self.email) if mail["notice"] == notice)
        found = CODE.search(mail["text"])
        assert found, mail["text"]
        return found[0]

    def _codes(self, notice: str) -> int:
        return self.notices().count(notice)

    def notices(self) -> list[str]:
        """The notices in this person's mailbox, newest first."""
        return [mail["notice"] for mail in self.deployment.mails(self.email)]

    def check(self, function: str, tin: str, line: str = "medical") -> dict[str, Any]:
        body = {"user_id": self.user_id, "function": function, "tin": tin, "line": line}
        answer = self.post("/api/entitlements/v1/check", body)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def waiting(self, user_id: str, tin: str) -> dict[str, Any]:
        """The request of a user for a TIN that waits for this person's decision."""

        def find() -> dict[str, Any] | None:
            answer = self.get("/api/entitlements/v1/requests", params={"state": "awaiting", "tin": tin})
            assert answer.status_code == 200, answer.text
            return next((item for item in answer.json()["items"] if item["user_id"] == user_id), None)

        return eventually(find)

    def give(
        self, user_id: str, changes: list[dict[str, Any]], *, request_id: str | None = None, etag: str | None = None
    ) -> httpx.Response:
        path = f"/api/entitlements/v1/users/{user_id}/access"
        etag = etag or self.get(path).headers["ETag"]
        body: dict[str, Any] = {"changes": changes}
        if request_id:
            body["request_id"] = request_id
        return self.call("PUT", path, json=body, headers={"If-Match": etag})
