"""Clients that do not give up: every call has one key, and is made again until somebody answers."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import httpx

from tests.e2e.deployments import Deployment
from tests.e2e.people import Person
from tests.faults.ledger import Ledger

PATIENCE = 600.0
"""Seconds after which a client takes what it waits for as lost."""

_PAUSE = 0.1
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_RENEWED_AFTER = 120.0


class PatientClient:
    """Calls again, with the same key, while nobody answers or the answer says to come again."""

    def __init__(self, deployment: Deployment, ledger: Ledger) -> None:
        self.deployment = deployment
        self._ledger = ledger
        self._http = httpx.Client(timeout=10)

    def call(self, method: str, path: str, *, expect: set[int], **options: Any) -> httpx.Response:
        """The first answer with an expected status; raises `AssertionError` for another or after ten minutes."""
        headers = {"Idempotency-Key": uuid.uuid4().hex, **options.pop("headers", {})}
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self._http.request(method, self.deployment.url(path), headers=headers, **options)
            except httpx.TransportError as error:
                self._reconnect()
                self._pause(type(error).__name__)
                continue
            if answer.status_code in expect:
                return answer
            assert answer.status_code in _AGAIN, f"{method} {path}: {answer.status_code} {answer.text}"
            self._pause(str(answer.status_code))
        raise AssertionError(f"{method} {path} was not answered within {PATIENCE} s")

    def close(self) -> None:
        self._http.close()

    def _reconnect(self) -> None:
        self._http.close()
        self._http = httpx.Client(timeout=10)

    def _pause(self, why: str) -> None:
        self._ledger.repeated(why)
        time.sleep(_PAUSE)


class Manager:
    """`mmartin5`, signed in, with a token that is renewed in time; shared by all clients.

    A renewal whose answer was lost cannot be repeated: a refresh token that comes twice ends the session (IDN-10). So
    whoever loses one signs in again, as a person would.
    """

    def __init__(self, deployment: Deployment, password: str, ledger: Ledger) -> None:
        self.deployment = deployment
        self.ledger = ledger
        self._client = PatientClient(deployment, ledger)
        self._password = password
        self._tokens: dict[str, Any] = {}
        self._renew_at = 0.0
        self._lock = threading.Lock()

    def headers(self) -> dict[str, str]:
        """What a call of the manager's bears."""
        with self._lock:
            if time.monotonic() > self._renew_at:
                self._tokens = self._renewed() or self._signed_in()
                self._renew_at = time.monotonic() + _RENEWED_AFTER
            return {"Authorization": f"Bearer {self._tokens['access_token']}"}

    def refused(self) -> None:
        """A call met 401: the next one comes with new tokens."""
        with self._lock:
            self._tokens, self._renew_at = {}, 0.0

    def close(self) -> None:
        self._client.close()

    def _renewed(self) -> dict[str, Any] | None:
        if not self._tokens:
            return None
        form = {
            "grant_type": "refresh_token",
            "client_id": "wardenry-api",
            "refresh_token": self._tokens["refresh_token"],
        }
        answer = self._client.call("POST", "/oidc/token", expect={200, 400, 401}, data=form)
        return self._tokens | answer.json() if answer.status_code == httpx.codes.OK else None

    def _signed_in(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return Person(self.deployment, "mmartin5", self._password).sign_in()
            except (AssertionError, httpx.HTTPError):  # no code within its time, or nobody answers: once more
                if time.monotonic() > deadline:
                    raise
                time.sleep(1.0)
