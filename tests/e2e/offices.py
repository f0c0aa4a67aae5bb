"""The people of practices: the demo's staff, and applicants who wait for access."""

from __future__ import annotations

from typing import Any, Final

import httpx

from tests.e2e.deployments import Deployment
from tests.e2e.people import Person

ENT: Final = "/api/entitlements/v1"
STATE_MEDICAL, OGYAM, JANE_DOE = "123456789", "223344556", "987654321"

Cell = tuple[str, str, str | None, str]


class Staff:
    """The demo's people, each signed in once."""

    def __init__(self, deployment: Deployment, password: str) -> None:
        self.manager = Person(deployment, "mmartin5", password)
        self.other_manager = Person(deployment, "geogym1", password)
        self.processor = Person(deployment, "ssmith1234", password)
        self.secondary = Person(deployment, "secadm01", password)
        self.auditor = Person(deployment, "audit001", password)
        self.support = Person(deployment, "support1", password)
        for person in vars(self).values():
            person.sign_in()


class Applicant(Person):
    """Somebody who waits for access, at one TIN or more."""

    registration_id: str = ""

    def wait_for(self, manager: Person, *tins: str) -> dict[str, str]:
        """Register and confirm; the requests' ids by TIN."""
        made = self.register([{"tin": tin, "line": "medical"} for tin in tins])
        assert made.status_code == 201, made.text
        assert self.confirm().status_code == 204
        self.sign_in()
        return {tin: manager.waiting(self.user_id, tin)["id"] for tin in tins}

    def state(self, request_id: str) -> str:
        """Where a request of theirs stands."""
        answer = self.get(f"{ENT}/requests/{request_id}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    @property
    def access(self) -> list[dict[str, Any]]:
        """What they may do, TIN by TIN."""
        items: list[dict[str, Any]] = self.get(f"{ENT}/me/access").json()["items"]
        return items


def change(level: str | None, *functions: str, tin: str = STATE_MEDICAL, line: str = "medical") -> dict[str, Any]:
    """What is wished at one TIN and line."""
    return {"tin": tin, "line": line, "level": level, "functions": list(functions)}


def put(person: Person, user_id: str, *changes: dict[str, Any], etag: str = "*", **more: Any) -> httpx.Response:
    """Change somebody's access, whatever it is unless an `ETag` is named; "" sends no `If-Match`."""
    headers = {"If-Match": etag} if etag else {}
    return person.call("PUT", f"{ENT}/users/{user_id}/access", json={"changes": list(changes)} | more, headers=headers)


def cells(answer: dict[str, Any]) -> set[Cell]:
    """What the violations of an answer are about."""
    for each in answer["violations"]:
        assert each["detail"]
        assert set(each) - {"function"} == {"tin", "line", "code", "detail"}
    return {(each["tin"], each["line"], each.get("function"), each["code"]) for each in answer["violations"]}
