"""Registration and entitlements side by side, as they are wired for real: people who upload files, and who may give."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import httpx
from werkzeug.test import TestResponse

from chassis.kernel.ids import new_id
from tests.contract.registration.world import World
from tests.integration.entitlements.world import World as Entitlements

MARY, SECONDARY, SALLY = "mmartin5", "secadm01", "ssmith1234"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Gate(httpx.BaseTransport):
    """The way to entitlements, which can be shut, and tells what happens when somebody passes."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.is_open = True
        self.passed = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.is_open:
            raise httpx.ConnectError("shut", request=request)
        self.passed += 1
        return self._inner.handle_request(request)


class Practices(World):
    """Mary manages 123456789 and 223344556; a secondary administrator holds two functions at the former."""

    def __init__(self, url: str, entitlements: Entitlements, **changes: Any) -> None:
        self.deciding = entitlements
        self.gate = Gate(httpx.WSGITransport(app=entitlements.service.app))
        super().__init__(url, transports={"entitlements": self.gate}, **changes)
        self.clock.moment = entitlements.clock.moment

    def upload(self, file: bytes, who: str = MARY, *, key: str | None = None, **fields: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(who)}", **({"Idempotency-Key": key} if key else {})}
        form = {"file": (io.BytesIO(file), "people.xlsx"), **fields}
        return self.service.app.test_client().post("/api/registration/v1/imports", data=form, headers=headers)

    def do(self, import_id: str, what: str, who: str = MARY, *, key: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(who)}", "Idempotency-Key": key or str(new_id())}
        path = f"/api/registration/v1/imports/{import_id}/{what}"
        return self.service.app.test_client().post(path, headers=headers)

    def carry_out(self) -> None:
        """Have the errand do all that there is."""
        (errand,) = (errand for errand in self.service.errands if errand.name == "imports")
        while errand.step():
            pass

    def imported(self, file: bytes, who: str = MARY) -> str:
        """A file that was uploaded, confirmed and carried out."""
        uploaded = self.upload(file, who)
        assert uploaded.status_code == 201, uploaded.text
        import_id = str(told(uploaded)["id"])
        assert self.do(import_id, "confirm", who).status_code == 202
        self.carry_out()
        return import_id

    def invited(self) -> list[dict[str, Any]]:
        """What others were told of invitations."""
        return self.published("registration.invitation.created.v1")


def told(answer: TestResponse) -> Mapping[str, Any]:
    """The import that an answer tells of."""
    assert answer.json is not None, answer.text
    found: Mapping[str, Any] = answer.json
    return found


def wrong(answer: TestResponse) -> list[tuple[int, str | None, str]]:
    """What is wrong by row and column."""
    return [(each["row"], each["column"], each["code"]) for each in told(answer)["errors"]]


def credentials(answer: TestResponse) -> list[dict[str, str]]:
    """The rows of the credentials' file."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))
