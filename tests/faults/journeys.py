"""What one person and their manager do, step by step, each step written down once it was acknowledged."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpx

from tests.e2e.people import CODE, registration
from tests.faults.clients import PATIENCE, Manager, PatientClient
from tests.faults.ledger import Ledger, Step

TIN: Final = "123456789"
_ENT: Final = "/api/entitlements/v1"
_OK = 200
_UNAUTHENTICATED = 401
_PAUSE = 0.05

Answer = TypeVar("Answer")


class Journey:
    """One person's way: registered, confirmed, then approved (perhaps changed, perhaps removed) or declined."""

    def __init__(self, client: PatientClient, manager: Manager, ledger: Ledger, user_id: str) -> None:
        self._client = client
        self._manager = manager
        self._ledger = ledger
        self._user_id = user_id

    def go(self, number: int) -> None:
        """Go it to its end; of four people in a row each goes another way."""
        self._register()
        self._confirm()
        if number % 4 == 3:
            self._decline()
            return
        self._give(Step.APPROVED, "claim_status")
        if number % 4 >= 1:
            self._give(Step.CHANGED, "claim_status", "patient_coverage")
        if number % 4 >= 2:
            self._remove()

    def _register(self) -> None:
        body = registration(self._user_id, [{"tin": TIN, "line": "medical"}])
        self._client.call("POST", "/api/registration/v1/registrations", expect={201}, json=body)
        self._acknowledged(Step.REGISTERED)

    def _confirm(self) -> None:
        path = f"/api/identity/v1/accounts/{self._user_id}/confirm"
        self._client.call("POST", path, expect={204}, json={"code": self._until(self._code)})
        self._acknowledged(Step.CONFIRMED)

    def _give(self, step: Step, *functions: str) -> None:
        change = {"tin": TIN, "line": "medical", "level": "processor", "functions": list(functions)}
        self._until(lambda: self._change("PUT", json={"changes": [change]}))
        self._acknowledged(step)

    def _remove(self) -> None:
        self._until(lambda: self._change("DELETE", params={"tin": TIN}))
        self._acknowledged(Step.REMOVED)

    def _decline(self) -> None:
        request = self._until(self._waiting)
        body = {"reason": "Nobody here knows you."}
        path = f"{_ENT}/requests/{request}/decline"
        self._until(lambda: self._managed("POST", path, {200}, json=body))
        self._acknowledged(Step.DECLINED)

    def _acknowledged(self, step: Step) -> None:
        self._ledger.acknowledged(step, self._user_id)

    def _change(self, method: str, **options: Any) -> httpx.Response | None:
        path = f"{_ENT}/users/{self._user_id}/access"
        known = self._managed("GET", path, {200, 404})
        if known is None or known.status_code != _OK:
            return None
        changed = self._managed(method, path, {200, 412}, headers={"If-Match": known.headers["ETag"]}, **options)
        return changed if changed is not None and changed.status_code == _OK else None

    def _waiting(self) -> str | None:
        query = {"state": "awaiting", "tin": TIN, "query": self._user_id}
        answer = self._managed("GET", f"{_ENT}/requests", {200}, params=query)
        items = answer.json()["items"] if answer is not None else []
        return next((str(item["id"]) for item in items if item["user_id"] == self._user_id), None)

    def _managed(self, method: str, path: str, expect: set[int], **options: Any) -> httpx.Response | None:
        headers = {**self._manager.headers(), **options.pop("headers", {})}
        answer = self._client.call(method, path, expect={*expect, _UNAUTHENTICATED}, headers=headers, **options)
        if answer.status_code == _UNAUTHENTICATED:
            self._manager.refused()
            return None
        return answer

    def _code(self) -> str | None:
        try:
            mails = self._client.deployment.mails(f"{self._user_id}@example.com")
        except httpx.HTTPError:
            return None
        found = [CODE.search(mail["text"]) for mail in mails if mail["notice"] == "confirm_email"]
        return found[0][0] if found and found[0] else None

    def _until(self, ask: Callable[[], Answer | None]) -> Answer:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if answer := ask():
                return answer
            time.sleep(_PAUSE)
        raise AssertionError(f"{self._user_id} waited {PATIENCE} s in vain")
