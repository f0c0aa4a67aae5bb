"""People are added from a file at a running Wardenry, which is killed meanwhile (REG-16)."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person
from tests.unit.registration.people_files import csv_file, row, xlsx_file

IMPORTS = "/api/registration/v1/imports"
PEOPLE = 600

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wardenry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    deployment = Embedded(tmp_path_factory.mktemp("imports") / "data")
    deployment.start()
    yield deployment
    assert deployment.stop() == 0


@pytest.fixture(scope="module")
def manager(wardenry: Embedded) -> Person:
    person = Person(wardenry, "mmartin5", wardenry.password)
    person.sign_in()
    return person


def upload(manager: Person, file: bytes, **fields: str) -> dict[str, Any]:
    answer = manager.call("POST", IMPORTS, files={"file": ("people.xlsx", file)}, data=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def invited(manager: Person) -> list[str]:
    """The addresses of everybody who is invited."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "200", **({"cursor": cursor} if cursor else {})}
        page = manager.get("/api/registration/v1/invitations", params=query).json()
        found += [each["person"]["email"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found


def test_killed_meanwhile_everybody_is_invited_once__REG_16(wardenry: Embedded, manager: Person) -> None:
    found = upload(manager, csv_file(*(row(number) for number in range(PEOPLE))), dry_run="false")
    path = f"{IMPORTS}/{found['id']}"
    eventually(lambda: manager.get(path).json()["done"] > 0, within=60)
    for _ in range(2):
        wardenry.kill()
        wardenry.start()
        time.sleep(0.3)
    eventually(lambda: manager.get(path).json()["state"] == "done", within=120)
    emails = invited(manager)
    assert sorted(emails) == sorted(f"ada{number}@example.com" for number in range(PEOPLE))
    eventually(lambda: [mail["notice"] for mail in wardenry.mails("ada7@example.com")] == ["invitation"], within=120)


def test_who_was_added_from_a_file_registers_and_has_the_access__REG_16(wardenry: Embedded, manager: Person) -> None:
    found = upload(manager, xlsx_file(row(1, email="noor.haddad@example.com", first_name="Noor", last_name="Haddad")))
    path = f"{IMPORTS}/{found['id']}"
    assert manager.post(f"{path}/confirm").status_code == 202
    eventually(lambda: manager.get(path).json()["state"] == "done", within=60)
    shown = manager.post(f"{path}/credentials")
    assert shown.headers["Cache-Control"] == "no-store"
    (own,) = csv.DictReader(io.StringIO(shown.text))
    noor = Person(wardenry, "noor.haddad")
    secrets = {name: own[name] for name in ("temporary_id", "temporary_password")}
    assert noor.register([], **secrets).status_code == 201
    assert noor.confirm().status_code == 204
    noor.sign_in()
    check = {"user_id": "noor.haddad", "function": "claim_status", "tin": "123456789", "line": "medical"}
    eventually(lambda: noor.post("/api/entitlements/v1/check", check).json()["allowed"] is True, within=60)
    assert manager.post(f"{path}/credentials").status_code == 409
